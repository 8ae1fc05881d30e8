"""A corrected label in the scores of people: it moves the mood of its author and of their community, and whether they
speak for or against us. The graph of who talks with whom hangs on no label, so it is not scored anew."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, select, update
from sqlmodel import Session

from data_access.models import derived, facts
from data_access.models.derived import Label, Side
from data_access.queries.influence_conditions import INFLUENCE
from data_access.queries.influence_graph import is_about_us
from data_access.queries.influencers import is_influence_due
from data_access.upsert import table
from jobs.derive.due import note_influence
from jobs.derive.influence_counts import is_of_people, recount, uncount
from jobs.derive.rules import Rules, kind_rules
from metrics.influence_kinds import kinds_of_speaker

_COMMUNITY = table(derived.Community)
_PERIOD = table(derived.InfluencePeriod)
_PERSON_IDENTITY = table(derived.PersonIdentity)
_POST = table(facts.Post)
_POST_DAY = table(derived.PostDay)
_POST_SCORE = table(derived.PostScore)


class Mood(NamedTuple):
    """What an inbound post says of the mood of whoever wrote it, on a local day."""

    person_id: int
    day: date
    positive: int
    negative: int
    scored: int


def read_mood(session: Session, post_id: int) -> Mood | None:
    """The mood of a post as it stands; None where it counts for nobody."""
    label = _POST_SCORE.c.label
    flags = (label == Label.POSITIVE, label == Label.NEGATIVE, label.is_not(None))
    statement = (
        select(_PERSON_IDENTITY.c.person_id, _POST_DAY.c.day, *(case((flag, 1), else_=0) for flag in flags))
        .join_from(_POST_DAY, _POST, _POST.c.id == _POST_DAY.c.post_id)
        .join(_PERSON_IDENTITY, _PERSON_IDENTITY.c.identity_id == _POST.c.author_id)
        .join(_POST_SCORE, _POST_SCORE.c.post_id == _POST.c.id)
        .where(_POST_DAY.c.post_id == post_id, _POST_DAY.c.side == Side.INBOUND)
    )
    row = session.execute(statement).first()
    return None if row is None else Mood._make(row)


def move_mood(session: Session, rules: Rules, post_id: int, before: Mood | None) -> None:
    """Bring the scores of whoever wrote a post to its label, which was ``before``. Where scores are due all of them
    are derived, so this is noted with the rest."""
    after = read_mood(session, post_id)
    if before == after:
        return
    if is_influence_due(session) or before is None or after is None or before[:2] != after[:2]:
        note_influence(session)
        return
    change = {name: getattr(after, name) - getattr(before, name) for name in ("positive", "negative", "scored")}
    is_theirs = is_of_people([after.person_id])
    names = ("period", "role", "praise", "blame", "kinds", "community")
    columns = (*(INFLUENCE.c[name] for name in names), _PERIOD.c.start, _PERIOD.c.end)
    scored = session.execute(select(*columns).join(_PERIOD, _PERIOD.c.period == INFLUENCE.c.period).where(is_theirs))
    about_us = is_about_us(session, post_id)
    uncount(session, is_theirs)
    for row in scored.all():
        values: dict[str, Any] = {}
        if row.start <= after.day < row.end:
            values = {name: INFLUENCE.c[name] + by for name, by in change.items()}
            moved = {name: _COMMUNITY.c[name] + by for name, by in change.items()}
            is_its = (_COMMUNITY.c.period == row.period, _COMMUNITY.c.number == row.community)
            session.connection().execute(update(_COMMUNITY).where(*is_its).values(**moved))
        if about_us and row.end - timedelta(days=rules.settings.advocate_days) <= after.day < row.end:
            said = {"praise": row.praise + change["positive"], "blame": row.blame + change["negative"]}
            values |= said
            if row.role is None:
                values["kinds"] = kinds_of_speaker(row.kinds, **said, rules=kind_rules(rules.settings))
        if values:
            is_row = (is_theirs, INFLUENCE.c.period == row.period)
            session.connection().execute(update(INFLUENCE).where(*is_row).values(**values))
    recount(session, is_theirs)
