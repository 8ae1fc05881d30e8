"""Derived rows: kept up in the slices that a change touches, or rebuilt whole. Both ways end with the same rows."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from data_access.staging import Score
from data_access.upsert import Row
from jobs.derive.due import PERSON, mark_due, note_influence, settle_due
from jobs.derive.people import derive_people
from jobs.derive.posts import derive_posts
from jobs.derive.rules import Rules, load_rules
from jobs.derive.slices import derive_label_slices, derive_slices, derive_turn_days
from jobs.derive.threads import link_posts
from jobs.derive.touched import Touched
from jobs.derive.turns import derive_conversations

__all__ = ["Rules", "Touched", "derive_people", "finish", "finish_labels", "load_rules", "settle_due", "settle_posts"]


def settle_posts(
    session: Session,
    rules: Rules,
    *,
    added: Sequence[int],
    changed: Sequence[int],
    scores: Mapping[int, Score],
    written: Mapping[int, Row] | None = None,
) -> tuple[Touched, list[int]]:
    """Derive what follows from posts added and changed. ``written``: the added, as they were just written, which
    spares reading them again.

    Returns what they touch, and the posts that have found their parent by it.
    """
    touched = derive_posts(session, rules, added, scores, is_new=True, written=written)
    touched.update(derive_posts(session, rules, changed, scores, is_new=False))
    linked = link_posts(session, [*added, *changed], written or {})
    touched.conversations |= linked.conversations
    return touched, linked.answered


def finish(session: Session, rules: Rules, touched: Touched) -> None:
    """Bring conversations, turns and rollups up to date with what was touched; note the people for ``settle_due``."""
    touched.add_turn_slices(derive_conversations(session, rules, touched.conversations, touched.people))
    derive_slices(session, touched.slices)
    derive_turn_days(session, touched.turn_slices)
    mark_due(session, PERSON, touched.people)
    if touched:
        note_influence(session)


def finish_labels(session: Session, rules: Rules, touched: Touched) -> None:
    """The same where nothing but labels of posts has changed: touches, stages and value of people do not hang on
    these, people's scores as ``influence_moods`` says."""
    touched.add_turn_slices(derive_conversations(session, rules, touched.conversations))
    derive_label_slices(session, touched.slices)
    derive_turn_days(session, touched.turn_slices)
