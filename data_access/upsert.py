"""Facts into the store, by natural key: the newest observation wins, and what nobody reported never overwrites.

Where two observations are of the same moment, the larger value stands, field by field, so that the order in which
files are read does not matter and importing a file twice changes nothing. Of a post that one import has several times,
as of the same moment, the last version stands first of all: what an earlier one says is kept where it says nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar

import orjson
from sqlalchemy import BigInteger, Table, bindparam, delete, func, select, type_coerce, update
from sqlmodel import Session, SQLModel

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.identity_names import SeenName, differing_names, plan_names
from data_access.models import facts
from data_access.models.columns import UtcTime
from data_access.records import PostRecord, handle_id


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model."""
    return model.__table__  # type: ignore[attr-defined, no-any-return]


Key = tuple[str, str, str]
Row = dict[str, Any]
T = TypeVar("T")
_CHUNK = 2_000
#: So many accounts twice over are some 100 MB.
_MET_LATELY = 250_000
_NOTHING: tuple[Any, ...] = (None, [])
#: Later than anything that is observed, in microseconds: 1 January 2200.
_FINAL = 7_258_118_400_000_000
#: What a post's record says that its row says, too.
_POST_FIELDS = tuple(each.name for each in fields(PostRecord) if each.name in table(facts.Post).c)
#: Counts only grow: of several the largest stands.
_COUNTS = {"likes", "shares", "replies", "views", "reach"}
_said_of_post = itemgetter(*_POST_FIELDS)
_place_of = itemgetter(0, 1)
_NOT_MERGED = {"id", "network", "source", "native_id", "run_id", "observed_at"}


@dataclass
class Outcome:
    """What writing some facts did: ids of the new rows, of the changed ones, and how many stood as they were; how many
    differ from a record that is ``overruled``, as it is older or, of the same moment, says less; the new rows
    themselves, as they were written, by id. Of the changed, by id: what of them was otherwise ``before``, and the
    row as it is ``now``."""

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    overruled: int = 0
    ids: dict[Key, int] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    before: dict[int, Row] = field(default_factory=dict)
    now: dict[int, Row] = field(default_factory=dict)


def chunks(items: Sequence[T], size: int = _CHUNK) -> Iterable[Sequence[T]]:
    """Runs of at most ``size`` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _larger(new: Any, old: Any) -> bool:
    if isinstance(new, (list, dict)):
        return orjson.dumps(new) > orjson.dumps(old)
    return bool(new > old)


def _as_it_is(_name: str, value: Any) -> Any:
    return value


def merge(
    existing: Mapping[str, Any], incoming: Mapping[str, Any], worth: Callable[[str, Any], Any] = _as_it_is
) -> Row:
    """The values of ``existing`` that ``incoming`` changes. ``worth`` (column, value): what is compared to find the
    larger of two.

    >>> merge({"observed_at": 1, "likes": 5, "bio": "x"}, {"observed_at": 2, "likes": 7, "bio": None})
    {'likes': 7, 'observed_at': 2}
    >>> merge({"observed_at": 2, "likes": 5, "bio": None}, {"observed_at": 1, "likes": 7, "bio": "y"})
    {'bio': 'y'}
    >>> merge({"observed_at": 1, "stages": [{"stage": "won"}]}, {"observed_at": 2, "stages": []})
    {'observed_at': 2}
    """
    seen, seeing = existing["observed_at"], incoming["observed_at"]
    newer = seen is None or (seeing is not None and seeing > seen)
    tie = seen == seeing
    changes: Row = {}
    for name, new in incoming.items():
        old = existing.get(name)
        if name in _NOT_MERGED or new in _NOTHING or new == old:
            continue
        if old in _NOTHING or newer or (tie and _larger(worth(name, new), worth(name, old))):
            changes[name] = new
    if newer and seeing is not None:
        changes["observed_at"] = seeing
    return changes


def _says_otherwise(standing: Row, stated: Row) -> bool:
    """Whether a record, merged into what stands, still says something else. That a count was lower is no news."""
    return any(
        new not in _NOTHING and name not in _NOT_MERGED and name not in _COUNTS and new != standing.get(name)
        for name, new in stated.items()
    )


class _Remembered:
    """The ids of accounts that were met lately: who was not met while so many others were is looked up again."""

    def __init__(self) -> None:
        self._lately: dict[Key, int] = {}
        self._before: dict[Key, int] = {}

    def recall(self, keys: Collection[Key]) -> dict[Key, int]:
        """The ids that are remembered of these keys."""
        found = {key: self._lately[key] for key in keys if key in self._lately}
        if len(found) < len(keys):
            again = {key: self._before[key] for key in keys if key not in found and key in self._before}
            self.remember(again)
            found.update(again)
        return found

    def remember(self, ids: Mapping[Key, int]) -> None:
        """Remember these, and forget those not met for longest once there are many."""
        self._lately.update(ids)
        if len(self._lately) > _MET_LATELY:
            self._before, self._lately = self._lately, {}


class FactWriter:
    """Writes one import run's facts. Lives as long as the run, and remembers ids; each call is given its session.

    ``new_identities`` collects the ids of accounts made since the caller last emptied it.
    """

    def __init__(self, run_id: int, observed_at: int | None) -> None:
        self.run_id = run_id
        self._observed_at = observed_at
        self.new_identities: list[int] = []
        self._names_seen: list[SeenName] = []
        self._accounts = _Remembered()
        self._ids: dict[str, dict[Any, int]] = {"channel": {}, "organization": {}, "brand": {}}

    def write(self, session: Session, kind: str, rows: Sequence[Row]) -> Outcome:
        """Upsert records of one kind (``data_access.staging.KINDS``), in order."""
        return _WRITERS[kind](self, session, rows)

    def identity_ids(self, session: Session, keys: Iterable[Key]) -> dict[Key, int]:
        """The ids of accounts, making a bare account for each that is unknown (see ``new_identities``)."""
        wanted = set(keys)
        known = self._accounts.recall(wanted)
        missing = _list_missing(wanted, known)
        if missing:
            found = find_ids(session, facts.Identity, missing)
            found.update(_find_by_handle(session, _list_missing(missing, found)))
            bare = _list_missing(missing, found)
            made = self._insert(session, facts.Identity, [_bare_identity(key) for key in bare])
            self.new_identities.extend(made)
            found.update(zip(bare, made, strict=True))
            self._accounts.remember(found)
            known.update(found)
        return known

    def channel_ids(self, session: Session, keys: Iterable[Key]) -> dict[Key, int]:
        """The ids of channels, making one named as its id for each that is unknown."""
        wanted = set(keys)
        known = self._ids["channel"]
        missing = _list_missing(wanted, known)
        if missing:
            known.update(find_ids(session, facts.Channel, missing))
            bare = [key for key in missing if key not in known]
            rows = [_natural(key) | {"name": key[2], "kind": "public", "observed_at": None} for key in bare]
            known.update(zip(bare, self._insert(session, facts.Channel, rows), strict=True))
        return {key: known[key] for key in wanted}

    def organization_ids(self, session: Session, keys: Iterable[Key]) -> dict[Key, int]:
        """The ids of organisations, making one named as its id for each that is unknown."""
        wanted = set(keys)
        known = self._ids["organization"]
        missing = _list_missing(wanted, known)
        if missing:
            known.update(find_ids(session, facts.Organization, missing))
            bare = [key for key in missing if key not in known]
            rows = [_natural(key) | {"name": key[2], "observed_at": None} for key in bare]
            known.update(zip(bare, self._insert(session, facts.Organization, rows), strict=True))
        return {key: known[key] for key in wanted}

    def upsert(self, session: Session, model: type[SQLModel], rows: Sequence[Row]) -> Outcome:
        """Merge rows of a table into the store by natural key. A key that comes twice is merged in order."""
        outcome = Outcome()
        keys = [(row["network"], row["source"], row["native_id"]) for row in rows]
        once = set(keys)
        existing = _read_rows(session, model, once)
        if not existing and len(once) == len(rows):
            return self._add(session, model, keys, rows)
        fresh: dict[Key, Row] = {}
        changes: dict[int, Row] = {}
        before: dict[int, Row] = {}
        touched: set[int] = set()
        worth = _worth_of(session, model)
        for key, row in zip(keys, rows, strict=True):
            row.setdefault("observed_at", None)
            if row["observed_at"] is None:
                row["observed_at"] = self._observed_at
            if key in fresh:
                if model is facts.Identity:
                    self._names_seen += differing_names(fresh[key], row)
                fresh[key].update(merge(fresh[key], row, worth))
                outcome.unchanged += 1
                outcome.overruled += _says_otherwise(fresh[key], row)
                continue
            current = existing.get(key)
            if current is None:
                fresh[key] = row
                continue
            if model is facts.Identity:
                self._names_seen += differing_names(current, row)
            difference = merge(current, row, worth)
            if difference:
                row_id = current["id"]
                before.setdefault(row_id, {}).update(
                    {k: current[k] for k in difference if k not in before.get(row_id, {})}
                )
                changes.setdefault(row_id, {}).update(difference)
                current.update(difference)
            if difference.keys() - {"observed_at"}:
                touched.add(current["id"])
            else:
                outcome.unchanged += 1
            outcome.overruled += _says_otherwise(current, row)
        outcome.ids = {key: row["id"] for key, row in existing.items()}
        outcome.added = self._insert(session, model, list(fresh.values()))
        outcome.ids.update(zip(fresh, outcome.added, strict=True))
        outcome.rows = dict(zip(outcome.added, fresh.values(), strict=True))
        self._update(session, model, changes, before)
        outcome.changed = sorted(touched)
        outcome.before = before
        outcome.now = {row["id"]: row for row in existing.values() if row["id"] in before}
        return outcome

    def _add(self, session: Session, model: type[SQLModel], keys: Sequence[Key], rows: Sequence[Row]) -> Outcome:
        """Rows of which none is there, as in a first import."""
        for row in rows:
            if row.get("observed_at") is None:
                row["observed_at"] = self._observed_at
        added = self._insert(session, model, rows)
        return Outcome(added, ids=dict(zip(keys, added, strict=True)), rows=dict(zip(added, rows, strict=True)))

    def next_ids(self, session: Session, model: type[SQLModel], count: int) -> range:
        """The ids of so many new rows."""
        first = (session.execute(select(func.max(table(model).c.id))).scalar() or 0) + 1
        return range(first, first + count)

    def observed(self, stated: Sequence[int | None]) -> list[int | None]:
        """When values held, in microseconds: where a file does not say, at its newest time."""
        return [self._observed_at if moment is None else moment for moment in stated]

    def _insert(self, session: Session, model: type[SQLModel], rows: Sequence[Row]) -> list[int]:
        if not rows:
            return []
        target = table(model)
        ids = list(self.next_ids(session, model, len(rows)))
        for row_id, row in zip(ids, rows, strict=True):
            row["id"] = row_id
            row["run_id"] = self.run_id
        insert_rows(session, target, rows)
        return ids

    def _update(self, session: Session, model: type[SQLModel], changes: dict[int, Row], before: dict[int, Row]) -> None:
        if not changes:
            return
        target = table(model)
        journal = [
            {"run_id": self.run_id, "table_name": target.name, "row_id": row_id, "before": before[row_id]}
            for row_id in changes
        ]
        insert_rows(session, table(facts.ImportChange), journal)
        by_columns: dict[tuple[str, ...], list[Row]] = {}
        for row_id, values in changes.items():
            by_columns.setdefault(tuple(sorted(values)), []).append({"b_id": row_id, **values})
        for columns, parameters in by_columns.items():
            statement = update(target).where(target.c.id == bindparam("b_id"))
            statement = statement.values({name: bindparam(name) for name in columns})
            session.connection().execute(statement, parameters)

    def settle(self, session: Session, model: type[SQLModel], stood: Sequence[Row], wanted: Sequence[Row]) -> Outcome:
        """Put ``wanted`` rows in the place of those that ``stood``, by natural key: whatever is not wanted goes. What
        another run brought comes back if this one is undone."""
        before = {_ref(row, None): row for row in stood}
        after = {_ref(row, None): row for row in wanted}
        self._remove(session, model, [row for key, row in before.items() if key not in after])
        changes: dict[int, Row] = {}
        for key in after.keys() & before.keys():
            if differing := {name: value for name, value in after[key].items() if before[key][name] != value}:
                changes[before[key]["id"]] = differing
        held = {row["id"]: row for row in stood}
        overwritten = {row_id: {name: held[row_id][name] for name in values} for row_id, values in changes.items()}
        self._update(session, model, changes, overwritten)
        # somebody else's rows may have the same keys: what a file said by itself
        return self.upsert(session, model, [row for key, row in after.items() if key not in before])

    def _remove(self, session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
        """Delete rows, given whole. Those that this run did not bring are kept to be put back."""
        target = table(model)
        journal = [
            {"run_id": self.run_id, "table_name": target.name, "row_id": row["id"], "before": row}
            for row in rows
            if row["run_id"] != self.run_id
        ]
        insert_rows(session, table(facts.ImportChange), journal)
        for part in chunks([row["id"] for row in rows]):
            session.connection().execute(delete(target).where(among(target.c.id, part)))

    # One method a kind: from what the record says to the columns of its table.

    def _write_brands(self, session: Session, rows: Sequence[Row]) -> Outcome:
        outcome = Outcome()
        ids = self.brand_ids(session, [row["name"] for row in rows], outcome.added)
        target = table(facts.Brand)
        for row in rows:
            if row["is_competitor"] is None or ids[row["name"]] in outcome.changed:
                continue
            found = session.execute(select(target.c.is_competitor).where(target.c.id == ids[row["name"]])).scalar()
            if found == row["is_competitor"]:
                continue
            self._update(
                session,
                facts.Brand,
                {ids[row["name"]]: {"is_competitor": row["is_competitor"]}},
                {ids[row["name"]]: {"is_competitor": found}},
            )
            if ids[row["name"]] not in outcome.added:
                outcome.changed.append(ids[row["name"]])
        outcome.unchanged = len(rows) - len(outcome.added) - len(outcome.changed)
        return outcome

    def brand_ids(self, session: Session, names: Iterable[str], new: list[int]) -> dict[str, int]:
        """The ids of brands by name, making those that are unknown."""
        known = self._ids["brand"]
        wanted = set(names)
        missing = _list_missing(wanted, known)
        if missing:
            target = table(facts.Brand)
            known.update({row.name: row.id for row in session.execute(select(target.c.name, target.c.id))})
            bare = [name for name in missing if name not in known]
            made = self._insert(session, facts.Brand, [{"name": name} for name in bare])
            new.extend(made)
            known.update(zip(bare, made, strict=True))
        return {name: known[name] for name in wanted}

    def _write_organizations(self, session: Session, rows: Sequence[Row]) -> Outcome:
        return self.upsert(session, facts.Organization, rows)

    def _write_identities(self, session: Session, rows: Sequence[Row]) -> Outcome:
        owners = self.organization_ids(
            session, [_ref(row, "organization_native_id") for row in rows if row["organization_native_id"]]
        )
        for row in rows:
            native = row.pop("organization_native_id")
            row["organization_id"] = owners[(row["network"], row["source"], native)] if native else None
            row["handle_key"] = row["handle"].lower() if row["handle"] else None
        outcome = self.upsert(session, facts.Identity, rows)
        self.new_identities.extend(outcome.added)
        self._accounts.remember(outcome.ids)
        self._keep_names(session, outcome)
        return outcome

    def _keep_names(self, session: Session, outcome: Outcome) -> None:
        """Keep the names of accounts of which more than one is known now; they count as changed by it."""
        if not self._names_seen:
            return
        plan = plan_names(session, self._names_seen, outcome.ids)
        self._names_seen.clear()
        self._insert(session, facts.IdentityName, plan.fresh)
        self._update(session, facts.IdentityName, plan.changes, plan.before)
        only_named = plan.accounts - {*outcome.added, *outcome.changed}
        outcome.changed = sorted({*outcome.changed, *only_named})
        outcome.unchanged -= len(only_named)

    def _write_channels(self, session: Session, rows: Sequence[Row]) -> Outcome:
        brands = self.brand_ids(session, [row["brand"] for row in rows if row["brand"]], [])
        owners = self.identity_ids(session, [_ref(row, "owner") for row in rows if row["owner"]])
        for row in rows:
            brand, owner = row.pop("brand"), row.pop("owner")
            row["brand_id"] = brands[brand] if brand else None
            row["owner_id"] = owners[(row["network"], row["source"], owner)] if owner else None
        outcome = self.upsert(session, facts.Channel, rows)
        self._ids["channel"].update(outcome.ids)
        return outcome

    def _write_posts(self, session: Session, rows: Sequence[Row]) -> Outcome:
        places = [(row["network"], row["source"], row["channel"]) for row in rows]
        writers = [(row["network"], row["source"], row["author"]) if row["author"] else None for row in rows]
        channels = self.channel_ids(session, places)
        authors = self.identity_ids(session, {key for key in writers if key is not None})
        written = []
        for row, place, writer in zip(rows, places, writers, strict=True):
            fact = dict(zip(_POST_FIELDS, _said_of_post(row), strict=True))
            fact["channel_id"] = channels[place]
            fact["author_id"] = None if writer is None else authors[writer]
            fact["parent_native_id"] = row["parent"]
            fact["root_native_id"] = row["root"]
            written.append(fact)
        standing = _versions_that_stand(written, self._observed_at)
        outcome = self.upsert(session, facts.Post, standing)
        outcome.unchanged += len(written) - len(standing)
        return outcome

    def _write_interactions(self, session: Session, rows: Sequence[Row]) -> Outcome:
        refs = [_ref(row, name) for row in rows for name in ("actor", "target") if row[name]]
        accounts = self.identity_ids(session, refs)
        posts = find_ids(session, facts.Post, {_ref(row, "post") for row in rows if row["post"]})
        for row in rows:
            place = (row["network"], row["source"])
            actor, target, post = row.pop("actor"), row.pop("target"), row.pop("post")
            row["actor_id"] = accounts[(*place, actor)]
            row["target_id"] = accounts[(*place, target)] if target else None
            row["post_id"] = posts.get((*place, post)) if post else None
        return self.upsert(session, facts.Interaction, rows)

    def _write_visits(self, session: Session, rows: Sequence[Row]) -> Outcome:
        accounts = self.identity_ids(session, [_ref(row, "identity") for row in rows])
        channels = self.channel_ids(session, [_ref(row, "channel") for row in rows if row["channel"]])
        for row in rows:
            place = (row["network"], row["source"])
            row["identity_id"] = accounts[(*place, row.pop("identity"))]
            channel = row.pop("channel")
            row["channel_id"] = channels[(*place, channel)] if channel else None
        return self.upsert(session, facts.Visit, rows)

    def _write_deals(self, session: Session, rows: Sequence[Row]) -> Outcome:
        owners = self.organization_ids(session, [_ref(row, "organization") for row in rows if row["organization"]])
        contacts = [(_ref(row, None), row.pop("contacts")) for row in rows]
        for row in rows:
            organization = row.pop("organization")
            row["organization_id"] = owners[(row["network"], row["source"], organization)] if organization else None
        outcome = self.upsert(session, facts.Deal, rows)
        self._write_deal_contacts(session, outcome, contacts)
        return outcome

    def _write_deal_contacts(
        self, session: Session, outcome: Outcome, contacts: Sequence[tuple[Key, Sequence[str]]]
    ) -> None:
        refs = {(key[0], key[1], name) for key, names in contacts for name in names}
        accounts = self.identity_ids(session, refs)
        pairs = {(outcome.ids[key], accounts[(key[0], key[1], name)]) for key, names in contacts for name in names}
        target = table(facts.DealContact)
        deals = list({deal for deal, _ in pairs})
        for part in chunks(deals):
            found = session.execute(select(target.c.deal_id, target.c.identity_id).where(among(target.c.deal_id, part)))
            pairs -= {(deal, identity) for deal, identity in found}
        if pairs:
            rows = [{"deal_id": d, "identity_id": i, "run_id": self.run_id} for d, i in sorted(pairs)]
            insert_rows(session, target, rows)
            joined = {deal for deal, _ in pairs} - {*outcome.added, *outcome.changed}
            outcome.changed = sorted({*outcome.changed, *joined})
            outcome.unchanged -= len(joined)

    def _write_orders(self, session: Session, rows: Sequence[Row]) -> Outcome:
        accounts = self.identity_ids(session, [_ref(row, "identity") for row in rows if row["identity"]])
        owners = self.organization_ids(session, [_ref(row, "organization") for row in rows if row["organization"]])
        for row in rows:
            place = (row["network"], row["source"])
            identity, organization = row.pop("identity"), row.pop("organization")
            row["identity_id"] = accounts[(*place, identity)] if identity else None
            row["organization_id"] = owners[(*place, organization)] if organization else None
            row["refund_of_native_id"] = row.pop("refund_of")
            if row["refund_of_native_id"] == row["native_id"]:
                row["observed_at"] = _FINAL  # cancelled: whichever file is read last
        return self.upsert(session, facts.Order, rows)

    def _write_feedback(self, session: Session, rows: Sequence[Row]) -> Outcome:
        accounts = self.identity_ids(session, [_ref(row, "identity") for row in rows if row["identity"]])
        for row in rows:
            identity = row.pop("identity")
            row["identity_id"] = accounts[(row["network"], row["source"], identity)] if identity else None
            row["about_native_id"] = row.pop("about")
        return self.upsert(session, facts.Feedback, rows)

    def _write_channel_days(self, session: Session, rows: Sequence[Row]) -> Outcome:
        channels = self.channel_ids(session, [_ref(row, "channel") for row in rows])
        for row in rows:
            row["channel_id"] = channels[_ref(row, "channel")]
            row.pop("channel")
            row["day"] = date.fromisoformat(row["day"])
        return self.upsert(session, facts.ChannelDay, rows)


_WRITERS: dict[str, Callable[[FactWriter, Session, Sequence[Row]], Outcome]] = {
    "brand": FactWriter._write_brands,
    "organization": FactWriter._write_organizations,
    "identity": FactWriter._write_identities,
    "channel": FactWriter._write_channels,
    "post": FactWriter._write_posts,
    "interaction": FactWriter._write_interactions,
    "visit": FactWriter._write_visits,
    "deal": FactWriter._write_deals,
    "order": FactWriter._write_orders,
    "feedback": FactWriter._write_feedback,
    "channel_day": FactWriter._write_channel_days,
}


def _worth_of(session: Session, model: type[SQLModel]) -> Callable[[str, Any], Any]:
    """How the larger of two values is found: what refers to another fact is told by that fact's key, since ids follow
    from the order in which files came in."""
    named = {
        column.name: next(iter(column.foreign_keys)).column.table for column in table(model).c if column.foreign_keys
    }

    @lru_cache(maxsize=10_000)
    def worth(name: str, value: Any) -> Any:
        there = named[name]
        columns = [there.c[key] for key in ("network", "source", "native_id", "name") if key in there.c]
        return tuple(session.execute(select(*columns[:3]).where(there.c.id == value)).one())

    return lambda name, value: worth(name, value) if name in named else value


def _versions_that_stand(rows: Sequence[Row], observed_at: int | None) -> Sequence[Row]:
    """Rows of one import, one for each id and moment of observation (where a row has none: ``observed_at``): the last,
    and of what it does not say what those before it say. Of counts the largest stands, as anywhere."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = (*_ref(row, None), observed_at if row["observed_at"] is None else row["observed_at"])
        earlier = found.get(key)
        if earlier is None:
            found[key] = row
            continue
        said = {name: value for name, value in row.items() if value not in _NOTHING}
        grown = {name: max(earlier[name] or 0, said[name]) for name in _COUNTS & said.keys()}
        found[key] = earlier | said | grown
    return rows if len(found) == len(rows) else list(found.values())


def _list_missing(wanted: Iterable[T], known: Mapping[T, Any]) -> list[T]:
    """Those that are not known, in order. Looks at each that is wanted: ``known`` may be large, and taking one set of
    keys from another walks through all of it."""
    return sorted(key for key in wanted if key not in known)  # type: ignore[type-var]


def _natural(key: Key) -> Row:
    return {"network": key[0], "source": key[1], "native_id": key[2]}


def _ref(row: Row, name: str | None) -> Key:
    return (row["network"], row["source"], row["native_id"] if name is None else row[name])


def _bare_identity(key: Key) -> Row:
    handle = key[2][1:] if key[2].startswith("@") else None
    return _natural(key) | {"handle": handle, "handle_key": handle, "observed_at": None}


def _by_place(keys: Iterable[Key]) -> dict[tuple[str, str], list[str]]:
    keys = list(keys)
    if len(found := set(map(_place_of, keys))) == 1:
        return {found.pop(): list(map(itemgetter(2), keys))}
    places: dict[tuple[str, str], list[str]] = {}
    for network, source, native_id in keys:
        place = (network, source)
        if place in places:
            places[place].append(native_id)
        else:
            places[place] = [native_id]
    return places


def find_ids(session: Session, model: type[SQLModel], keys: Iterable[Key]) -> dict[Key, int]:
    """The ids of facts by natural key; unknown keys are left out."""
    target = table(model)
    found: dict[Key, int] = {}
    for (network, source), native_ids in _by_place(keys).items():
        for part in chunks(native_ids):
            statement = select(target.c.native_id, target.c.id).where(
                target.c.network == network, target.c.source == source, among(target.c.native_id, part)
            )
            found.update({(network, source, native): row_id for native, row_id in session.execute(statement).all()})
    return found


def _find_by_handle(session: Session, keys: Iterable[Key]) -> dict[Key, int]:
    target = table(facts.Identity)
    wanted = {key for key in keys if key[2].startswith("@")}
    # by the handle alone: with network and source, SQLite would walk through all accounts of a place
    columns = (target.c.network, target.c.source, target.c.handle_key, target.c.id)
    found: dict[Key, int] = {}
    for part in chunks(sorted({native_id[1:] for _, _, native_id in wanted})):
        statement = select(*columns).where(among(target.c.handle_key, part)).order_by(target.c.id)
        for network, source, handle, row_id in session.execute(statement).all():
            if (key := (network, source, handle_id(handle))) in wanted:
                found.setdefault(key, row_id)
    return found


def stored_columns(model: type[SQLModel]) -> list[Any]:
    """The columns of a table; times as whole microseconds."""
    return [type_coerce(c, BigInteger).label(c.name) if isinstance(c.type, UtcTime) else c for c in table(model).c]


def _read_rows(session: Session, model: type[SQLModel], keys: Iterable[Key]) -> dict[Key, Row]:
    target = table(model)
    columns = stored_columns(model)
    found: dict[Key, Row] = {}
    for (network, source), native_ids in _by_place(keys).items():
        for part in chunks(native_ids):
            statement = select(*columns).where(
                target.c.network == network, target.c.source == source, among(target.c.native_id, part)
            )
            for row in session.execute(statement).all():
                found[(network, source, row.native_id)] = dict(row._mapping)
    return found
