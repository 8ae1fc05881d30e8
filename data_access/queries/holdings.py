"""Everything that the store holds about some accounts, table by table, as it stands."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select, tuple_
from sqlmodel import Session

from data_access.decisions import ON_FACTS
from data_access.models import decisions, derived, facts
from data_access.upsert import chunks, table

IDENTITY = table(facts.Identity)
POST = table(facts.Post)
TIE = table(derived.Tie)
_OWNED = (
    (facts.IdentityName, ("identity_id",)),
    (facts.Visit, ("identity_id",)),
    (facts.Order, ("identity_id",)),
    (facts.Feedback, ("identity_id",)),
    (facts.DealContact, ("identity_id",)),
    (facts.Interaction, ("actor_id", "target_id")),
    (facts.Channel, ("owner_id",)),
    (derived.MatchPair, ("left_id", "right_id")),
    (derived.PersonIdentity, ("identity_id",)),
    (derived.AccountRole, ("identity_id",)),
    (derived.AccountWord, ("identity_id",)),
    (derived.AccountKey, ("identity_id",)),
)
_OF_POSTS = (
    derived.PostScore,
    derived.PostTopic,
    derived.PostTag,
    derived.PostLink,
    derived.BrandMention,
    derived.PostThread,
    derived.Alert,
)
_OF_PEOPLE = (
    derived.Touch,
    derived.Sale,
    derived.Turn,
    derived.Influence,
    derived.PersonStage,
    derived.PersonValue,
    derived.PersonDay,
)
Row = dict[str, Any]


def list_holdings(session: Session, accounts: Collection[int], people: Collection[int]) -> dict[str, list[Row]]:
    """The rows of each table that are of these accounts or people, columns as in ``docs/data-model.md``; tables
    without any are left out. Deals are those in which one of the accounts takes part, conversations those that they
    began."""
    ids = sorted(accounts)
    held = {IDENTITY.name: _rows(session, IDENTITY, IDENTITY.c.id.in_(ids))}
    held[POST.name] = _rows(session, POST, POST.c.author_id.in_(ids))
    for model, names in _OWNED:
        owned = table(model)
        held[owned.name] = _rows(session, owned, or_(*(owned.c[name].in_(ids) for name in names)))
    conversation = table(derived.Conversation)
    posts = [row["id"] for row in held[POST.name]]
    held[conversation.name] = [
        row for part in chunks(posts) for row in _rows(session, conversation, conversation.c.id.in_(part))
    ]
    deals = [row["deal_id"] for row in held.pop("deal_contact")]
    held["deal"] = _rows(session, table(facts.Deal), table(facts.Deal).c.id.in_(deals))
    for of_posts in _OF_POSTS:
        held[str(of_posts.__tablename__)] = list(_of_posts(session, table(of_posts), posts))
    for of_people in _OF_PEOPLE:
        target = table(of_people)
        held[target.name] = _rows(session, target, target.c.person_id.in_(sorted(people)))
    ids = sorted(people)
    held[TIE.name] = _rows(session, TIE, or_(TIE.c.source_id.in_(ids), TIE.c.target_id.in_(ids)))
    held |= _decisions(session, [*held[IDENTITY.name], *held[POST.name]], held[IDENTITY.name])
    return {name: rows for name, rows in held.items() if rows}


def _rows(session: Session, target: Table, condition: ColumnElement[bool]) -> list[Row]:
    statement = select(target).where(condition).order_by(*target.primary_key.columns)
    return [dict(row) for row in session.execute(statement).mappings()]


def _of_posts(session: Session, target: Table, posts: list[int]) -> Iterator[Row]:
    for part in chunks(posts):
        yield from _rows(session, target, target.c.post_id.in_(part))


def _decisions(session: Session, named: Iterable[Row], accounts: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    keys = [_key(row) for row in named]
    for kind in ON_FACTS:
        target = table(kind)
        columns = tuple_(target.c.network, target.c.source, target.c.native_id)
        found[target.name] = [row for part in chunks(keys) for row in _rows(session, target, columns.in_(part))]
    match = table(decisions.MatchDecision)
    sides = [
        tuple_(*(match.c[f"{side}_{name}"] for name in ("network", "source", "native_id")))
        for side in ("left", "right")
    ]
    theirs = [_key(row) for row in accounts]
    found[match.name] = _rows(session, match, or_(*(side.in_(theirs) for side in sides)))
    return found


def _key(row: Row) -> tuple[str, str, str]:
    return (row["network"], row["source"], row["native_id"])
