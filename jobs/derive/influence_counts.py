"""``InfluenceCount``: how many people of a period are alike, kept up as the scores of some change."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlmodel import Session

from data_access.models import derived
from data_access.queries.influence_conditions import COUNT, INFLUENCE, select_alike
from data_access.upsert import table

_PERIOD = table(derived.InfluencePeriod)


def is_of_people(people: Collection[int]) -> ColumnElement[bool]:
    """Whose scores are these people's, in any period: by the key, which begins with the period."""
    return and_(INFLUENCE.c.period.in_(select(_PERIOD.c.period)), INFLUENCE.c.person_id.in_(sorted(people)))


def count_alike(session: Session, period: str) -> None:
    """Count the people of a period by what a page may choose them by."""
    alike = select_alike().where(INFLUENCE.c.period == period)
    session.connection().execute(insert(COUNT).from_select([column.name for column in COUNT.c], alike))


def uncount(session: Session, is_theirs: ColumnElement[bool]) -> None:
    """Take people off the counts of all periods, before their scores change or go."""
    _add(session, is_theirs, -1)
    session.connection().execute(delete(COUNT).where(COUNT.c.people == 0))


def recount(session: Session, is_theirs: ColumnElement[bool]) -> None:
    """Add people to the counts again, after their scores have changed."""
    _add(session, is_theirs, 1)


def _add(session: Session, is_theirs: ColumnElement[bool], times: int) -> None:
    connection = session.connection()
    for *key, people in connection.execute(select_alike().where(is_theirs)).all():
        is_its = [column == value for column, value in zip(COUNT.primary_key, key, strict=True)]
        changed = update(COUNT).where(*is_its).values(people=COUNT.c.people + times * people)
        if connection.execute(changed).rowcount == 0 and times > 0:
            connection.execute(insert(COUNT).values([*key, people]))
