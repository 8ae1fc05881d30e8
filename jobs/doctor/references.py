"""Orphans: rows that refer to what is not there."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, or_, select
from sqlmodel import Session, SQLModel

from data_access.models import derived, facts
from data_access.queries.influencers import is_influence_due
from data_access.upsert import table
from jobs.derive.due import INFLUENCE, PERSON
from jobs.doctor.findings import Again, Finding, or_fine, repairable, wrong

CHECK = "references"
DERIVED = frozenset(
    str(kind.__tablename__)
    for kind in vars(derived).values()
    if isinstance(kind, type) and issubclass(kind, SQLModel) and kind is not SQLModel
)
_OF_EVERYBODY = ("influence", "tie", "community")
_RESTORE = "Import the file that brought them again; where that is gone, put the last backup back."


class Reference(NamedTuple):
    """A column that names rows of another, where ``only`` holds. ``is_kept``: its own row is right."""

    child: Column[Any]
    parent: Column[Any]
    only: ColumnElement[bool] | None = None
    is_kept: bool = False

    @property
    def is_broken(self) -> ColumnElement[bool]:
        """Which rows name what is not there."""
        there = select(self.parent).where(self.parent == self.child).exists()
        broken = and_(self.child.is_not(None), ~there)
        return broken if self.only is None else and_(self.only, broken)


def list_references(*, is_scored: bool = True) -> list[Reference]:
    """Every reference that the schema states, and those of derived rows that it does not. While the scores of people
    are due (not ``is_scored``), they may be of persons of before."""
    stated = [
        Reference(key.parent, key.column)
        for target in SQLModel.metadata.sorted_tables
        for key in sorted(target.foreign_keys, key=lambda key: key.parent.name)
    ]
    return stated + list(_unstated(is_scored=is_scored))


def _unstated(*, is_scored: bool) -> Iterator[Reference]:
    channel, person, identity, post = (
        table(kind).c.id for kind in (facts.Channel, derived.Person, facts.Identity, facts.Post)
    )
    conversation = table(derived.Conversation).c.id
    thread, turn, sale = table(derived.PostThread), table(derived.Turn), table(derived.Sale)
    yield Reference(person, identity)
    yield Reference(conversation, post)
    yield Reference(thread.c.parent_id, post)
    yield Reference(thread.c.link_id, post)
    yield Reference(thread.c.conversation_id, conversation, is_kept=True)
    yield Reference(turn.c.conversation_id, conversation)
    for name in sorted(DERIVED):
        target = SQLModel.metadata.tables[name]
        if "channel_id" in target.c and not target.c.channel_id.foreign_keys:
            yield Reference(target.c.channel_id, channel)
        has_person = "person_id" in target.c and not target.c.person_id.foreign_keys
        if has_person and (is_scored or name not in _OF_EVERYBODY):
            yield Reference(target.c.person_id, person, target.c.person_id > 0)
    pair, tie = table(derived.MatchPair), table(derived.Tie)
    if is_scored:
        yield Reference(tie.c.source_id, person)
        yield Reference(tie.c.target_id, person)
    yield Reference(pair.c.left_id, identity)
    yield Reference(pair.c.right_id, identity)
    of_order = sale.c.sale_kind == "order"
    yield Reference(sale.c.fact_id, table(facts.Order).c.id, of_order)
    yield Reference(sale.c.fact_id, table(facts.Deal).c.id, ~of_order)


def check_references(session: Session) -> list[Finding]:
    """Rows of facts, decisions and what is derived that refer to what is not there."""
    references = list_references(is_scored=not is_influence_due(session))
    return or_fine(CHECK, _check(session, references), f"All {len(references)} kinds of reference lead somewhere.")


def _check(session: Session, references: list[Reference]) -> Iterator[Finding]:
    for reference in references:
        child, parent = reference.child, reference.parent
        count = session.execute(select(func.count()).select_from(child.table).where(reference.is_broken)).scalar_one()
        if not count:
            continue
        what = f"{count:,} rows of {child.table.name} name a {parent.table.name} that is not there ({child.name})."
        if child.table.name in DERIVED:
            yield repairable(CHECK, what, _around(session, reference))
        else:
            yield wrong(CHECK, what, _RESTORE)


def _around(session: Session, reference: Reference) -> Again:
    """What is to be derived again where such rows stood."""
    target, broken = reference.child.table, reference.is_broken
    assert isinstance(target, Table)
    again = Again()
    if not reference.is_kept:
        again.gone.append(delete(target).where(broken))

    def keys(name: str) -> set[int]:
        return set(session.scalars(select(target.c[name]).where(broken, target.c[name].is_not(None)).distinct()))

    if "post_id" in target.c:
        again.posts = keys("post_id")
    if "conversation_id" in target.c:
        again.conversations = keys("conversation_id")
    if target.name == "conversation":
        again.conversations = keys("id")
    if {"day", "channel_id"} <= set(target.c.keys()):
        slices = again.turn_slices if target.name == "turn_day" else again.slices
        for day, channel_id in session.execute(select(target.c.day, target.c.channel_id).where(broken).distinct()):
            if channel_id is not None:
                slices[day].add(channel_id)
    if "person_id" in target.c:
        again.due[PERSON] = keys("person_id") - {0}
    if "identity_id" in target.c:
        again.accounts = keys("identity_id")
    if target.name == "person":
        again.due[PERSON] = keys("id")
    if target.name == "sale":
        _sold_again(session, reference, again)
    if target.name in _OF_EVERYBODY or target.name == "person":
        again.due[INFLUENCE] = {0}
    return again


def _sold_again(session: Session, reference: Reference, again: Again) -> None:
    sale = table(derived.Sale)
    for kind, fact_id, day in session.execute(
        select(sale.c.sale_kind, sale.c.fact_id, sale.c.day).where(or_(reference.is_broken)).distinct()
    ):
        again.due["order" if kind == "order" else "deal"].add(fact_id)
        if day is not None:
            again.due["credit_day"].add(day.toordinal())
