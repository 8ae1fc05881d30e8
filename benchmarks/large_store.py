"""A store of millions of posts in minutes: the demo copied over and over by SQL, each copy with accounts,
organisations, sales and all that is derived of its own, in the same channels and on the same days.

The team stands once: its members take part in the conversations of every copy. Rollups are added up as the copies add
up, so they are what a recount of the posts gives.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

import numpy as np
from pyroaring import BitMap
from sqlalchemy import Column, Connection, Engine, Table, delete, insert, select, text
from sqlmodel import SQLModel

from data_access.models import derived, facts
from data_access.post_index import rebuild_post_index
from data_access.queries.matching import read_accounts
from data_access.search_words import list_account_words
from data_access.store import reading, refresh_statistics
from data_access.upsert import table
from jobs.derive.influence import MOST_DRAWN
from jobs.derive.words import NAMED
from jobs.matching_keys import keep_all_keys
from jobs.progress import Silence
from metrics.participation import unpack_counts

_ROWS_AT_A_TIME = 20_000
_SYLLABLES = ("ka", "mi", "ra", "lo", "ne", "ti", "su", "ha", "vo", "de", "li", "an", "er", "so", "ma", "el")
#: Copied row by row: each copy has its own.
_COPIED: tuple[type[SQLModel], ...] = (
    facts.Organization,
    facts.Identity,
    facts.Post,
    facts.Interaction,
    facts.Visit,
    facts.Deal,
    facts.DealContact,
    facts.Order,
    facts.Feedback,
    derived.PostScore,
    derived.PostDay,
    derived.PostThread,
    derived.PostTopic,
    derived.PostLink,
    derived.PostTag,
    derived.BrandMention,
    derived.Person,
    derived.PersonIdentity,
    derived.Conversation,
    derived.Turn,
    derived.PersonDay,
    derived.MatchPair,
    derived.Touch,
    derived.Sale,
    derived.PersonStage,
    derived.PersonValue,
    derived.Influence,
    derived.Tie,
)
#: Whose counts add up; the columns that do not.
_ADDED_UP: dict[type[SQLModel], frozenset[str]] = {
    derived.DailyActivity: frozenset(),
    derived.HourlyActivity: frozenset({"hour", "weekday"}),
    derived.TopicDay: frozenset(),
    derived.BrandDay: frozenset({"people"}),
    derived.BrandTopicDay: frozenset(),
    derived.StageDay: frozenset({"lags"}),
    derived.CreditDay: frozenset({"lookback_days"}),
    derived.Community: frozenset({"label", "words", "topics", "x", "y"}),
    derived.InfluenceCount: frozenset(),
    derived.InfluencePeriod: frozenset({"start", "end", "communities", "sampled_from", "half_life_days", "has_before"}),
}
#: Whose rows are numbered.
_NUMBERED = ("organization", "identity", "post", "interaction", "visit", "deal", "order", "feedback")
_POSTS = frozenset({"conversation_id", "parent_id", "link_id", "last_post_id", "closed_post_id"})
_PEOPLE = frozenset({"person_id", "member_id", "host_id", "left_id", "right_id", "source_id", "target_id", "closed_by"})
_NATIVE = frozenset({"native_id", "parent_native_id", "root_native_id", "refund_of_native_id", "about_native_id"})
_SHARED_BY_COPIES = ("pagerank", "pagerank_before")


def copy_demo(engine: Engine, copies: int) -> None:
    """Make ``copies`` times the posts of a store that holds the demo, itself one of them."""
    engine.dispose()
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            _set_pragmas(connection, "journal_mode=OFF", "synchronous=OFF", "cache_size=-2000000", "foreign_keys=OFF")
        with connection.begin():
            if not is_sqlite:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            dropped = _drop_indexes(connection) + (_drop_triggers(connection) if is_sqlite else [])
            _Copier(connection, copies).run()
            for statement in dropped:
                connection.exec_driver_sql(statement)
            if is_sqlite:
                rebuild_post_index(connection)
        if is_sqlite:
            _set_pragmas(connection, "journal_mode=WAL")
        connection.connection.invalidate()  # its pragmas are not for those who read
    with reading(engine) as session:
        accounts = read_accounts(session)
    keep_all_keys(engine, accounts, Silence())
    refresh_statistics(engine, sys.maxsize)


def _set_pragmas(connection: Connection, *pragmas: str) -> None:
    """Outside of a transaction, which SQLAlchemy would begin."""
    driver: Any = connection.connection.driver_connection
    for pragma in pragmas:
        driver.execute(f"PRAGMA {pragma}").fetchall()


def _drop_indexes(connection: Connection) -> list[str]:
    """Drop the indexes that hold nothing unique; returns what makes them again."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
    else:
        asked = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE INDEX%'"
        )
    found = connection.exec_driver_sql(asked.replace("%", "%%") if "pg_" in asked else asked).all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _drop_triggers(connection: Connection) -> list[str]:
    """Drop what notes new posts for the search, whose index is made anew in the end; returns what makes it again."""
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [statement for _, statement in found]


class _Copier:
    """One run of ``copy_demo``: the strides between copies, and who is shared by all."""

    def __init__(self, connection: Connection, copies: int) -> None:
        self.connection = connection
        self.copies = copies
        self.strides = {
            name: int(connection.execute(text(f'SELECT max(id) FROM "{name}"')).scalar_one()) for name in _NUMBERED
        }
        roles = select(table(derived.AccountRole).c.identity_id)
        self.staff = sorted(connection.scalars(roles))
        self.words = [_word(number) for number in range(copies)]

    def run(self) -> None:
        """Copy and add up everything."""
        self.connection.execute(text("CREATE TEMPORARY TABLE copy (number BIGINT, prefix TEXT, word TEXT)"))
        rows = [{"n": n, "p": f"{n:04d}-", "w": self.words[n]} for n in range(1, self.copies)]
        self.connection.execute(text("INSERT INTO copy VALUES (:n, :p, :w)"), rows)
        self._add_up_json()
        self._add_up_sets()
        for kind in _COPIED:
            self._copy(table(kind))
        self._copy_words()
        for of_pairs in (derived.AccountKey, derived.ProfileHost):  # made anew of all accounts in the end
            self.connection.execute(delete(table(of_pairs)))
        for kind, kept in _ADDED_UP.items():
            self._multiply(table(kind), kept)

    def _copy(self, target: Table) -> None:
        name, names = target.name, [f'"{column.name}"' for column in target.c]
        self.connection.execute(text(f'CREATE TEMPORARY TABLE original AS SELECT * FROM "{name}"'))
        values = [self._shifted(target, column) for column in target.c]
        self.connection.execute(
            text(
                f'INSERT INTO "{name}" ({", ".join(names)}) SELECT {", ".join(values)} '
                f"FROM copy c CROSS JOIN original o WHERE {self._is_copied(target)} "
                f"ORDER BY c.number, {self._key(target)}"
            )
        )
        self.connection.execute(text("DROP TABLE original"))

    def _key(self, target: Table) -> str:
        return ", ".join(f'o."{column.name}"' for column in target.primary_key)

    def _is_copied(self, target: Table) -> str:
        """What is of the team alone stands once; of the graph, no more is drawn than is."""
        owner = {"identity": "id", "person": "id", "match_pair": "right_id"}.get(target.name, "person_id")
        if target.name == "person_identity":
            owner = "identity_id"
        if target.name == "tie":
            return f"c.number < {self._drawn_copies()}"
        own_rows = ("identity", "person", "person_identity", "match_pair", "person_stage", "person_value", "influence")
        return f'o."{owner}" NOT IN ({self._staff_list()})' if target.name in own_rows else "1 = 1"

    def _drawn_copies(self) -> int:
        drawn = "SELECT max(n) FROM (SELECT count(*) AS n FROM influence WHERE x IS NOT NULL GROUP BY period) AS q"
        return max(1, MOST_DRAWN // (self.connection.execute(text(drawn)).scalar_one() or MOST_DRAWN))

    def _staff_list(self) -> str:
        return ", ".join(map(str, self.staff)) or "-1"

    def _shifted(self, target: Table, column: Column[Any]) -> str:
        name = f'o."{column.name}"'
        special = self._special(target.name, column.name, name)
        if special is not None:
            return special
        refers = next((key.column.table.name for key in column.foreign_keys), None)
        if column.name == "id" and target.name in self.strides:
            refers = target.name
        if column.name in _POSTS or (target.name == "conversation" and column.name == "id"):
            refers = "post"
        if column.name in _PEOPLE or (target.name == "person" and column.name == "id") or refers == "person":
            refers = "identity"
        if refers == "identity":
            shift = f"c.number * {self.strides['identity']}"
            return f"CASE WHEN {name} = 0 OR {name} IN ({self._staff_list()}) THEN {name} ELSE {name} + {shift} END"
        return f"{name} + c.number * {self.strides[refers]}" if refers in self.strides else name

    def _special(self, target: str, column: str, name: str) -> str | None:
        if column in _NATIVE and target != "channel_day":
            return f"c.prefix || {name}"
        if column == "fact_id":
            first, other = ("'visit'", "visit"), "post"
            if target == "sale":
                return self._by_kind("o.sale_kind = 'order'", name, "order", "deal")
            return self._by_kind(f"o.kind = {first[0]}", name, first[1], other)
        if target == "sale" and column == "order_id":
            return f"{name} + c.number * {self.strides['order']}"
        if target == "influence" and column in ("x", "y"):
            return f"CASE WHEN c.number < {self._drawn_copies()} THEN {name} + c.number * 0.01 END"
        if target == "influence" and column in _SHARED_BY_COPIES:
            return f"{name} / {self.copies}"
        return _NAMES.get((target, column))

    def _by_kind(self, condition: str, name: str, kind: str, other: str) -> str:
        return f"{name} + c.number * CASE WHEN {condition} THEN {self.strides[kind]} ELSE {self.strides[other]} END"

    def _copy_words(self) -> None:
        """The words of the accounts of the copies, as the import finds them."""
        accounts, words = table(facts.Identity), table(derived.AccountWord)
        found = self.connection.execute(
            select(accounts.c.id, *(accounts.c[name] for name in NAMED))
            .where(accounts.c.id > self.strides["identity"])
            .order_by(accounts.c.id)
            .execution_options(yield_per=_ROWS_AT_A_TIME)  # the statement's: the connection's would stay
        )
        for part in found.partitions():
            pairs = [(row[0], word) for row in part for word in sorted(set(list_account_words(*row[1:])))]
            self._insert(words, [{"identity_id": account, "word": word} for account, word in pairs])

    def _insert(self, target: Table, rows: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _ROWS_AT_A_TIME):
            self.connection.execute(insert(target), list(rows[start : start + _ROWS_AT_A_TIME]))

    def _multiply(self, target: Table, kept: frozenset[str]) -> None:
        counts = [
            f'"{column.name}" = "{column.name}" * {self.copies}'
            for column in target.c
            if column.name not in kept and not column.primary_key and not column.name.endswith("_on")
        ]
        where = "WHERE dimension <> 'host'" if target.name == "credit_day" else ""
        self.connection.execute(text(f'UPDATE "{target.name}" SET {", ".join(counts)} {where}'))

    def _people(self, people: np.ndarray[Any, Any]) -> BitMap:
        """The people of a set in every copy."""
        is_staff = np.isin(people, self.staff)
        shifts = np.arange(self.copies, dtype="int64") * self.strides["identity"]
        return BitMap(
            np.concatenate([people[is_staff], (people[~is_staff][:, None] + shifts).ravel()]).astype("uint32")
        )

    def _add_up_sets(self) -> None:
        """Who was active, who named a brand; how long people waited."""
        self._rewrite(table(derived.BrandDay), {"people": lambda held: self._people(_members(held)).serialize()})
        self._rewrite(table(derived.ActiveSet), {}, self._set_in_copies)
        self._rewrite(table(derived.ActiveMonth), {}, self._set_in_copies)
        self._rewrite(table(derived.ActiveAnywhere), {}, self._set_in_copies)
        times = dict.fromkeys(("response_seconds", "business_seconds"), self._more_often)
        self._rewrite(table(derived.TurnDay), times | {"open_since": self._repeated})
        turn_day = table(derived.TurnDay).name
        self.connection.execute(
            text(f"UPDATE {turn_day} SET opened = opened * {self.copies}, closed = closed * {self.copies}")
        )

    def _set_in_copies(self, row: dict[str, Any]) -> None:
        """Who was active, and how much each of them wrote; of the team nobody."""
        row["posts"] = np.tile(unpack_counts(row["posts"]), self.copies).astype("<i4").tobytes()
        row["people"] = self._people(_members(row["people"])).serialize()

    def _more_often(self, held: bytes) -> bytes:
        """Response times that as many turns took in each copy."""
        return (np.frombuffer(held, dtype="<u4").reshape(-1, 2) * [1, self.copies]).astype("<u4").tobytes()

    def _repeated(self, held: bytes) -> bytes:
        return np.repeat(np.frombuffer(held, dtype="<i8"), self.copies).tobytes()

    def _rewrite(
        self,
        target: Table,
        changes: Mapping[str, Callable[[Any], Any]],
        change_row: Callable[[dict[str, Any]], None] = lambda row: None,
    ) -> None:
        rows = [dict(row) for row in self.connection.execute(select(target)).mappings()]
        for row in rows:
            change_row(row)
            row.update({name: change(row[name]) for name, change in changes.items()})
        self.connection.execute(target.delete())
        self._insert(target, rows)

    def _add_up_json(self) -> None:
        self._rewrite(table(derived.StageDay), {"lags": self._times})
        target = table(derived.TransitionDay)
        rows = [dict(row) for row in self.connection.execute(select(target)).mappings()]
        for row in rows:
            row["steps"] = self._hosts(row["steps"]) if row["dimension"] == "host" else self._times(row["steps"])
        self.connection.execute(target.delete())
        self._insert(target, rows)
        self._add_up_hosts()

    def _times(self, counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
        return {key: {to: n * self.copies for to, n in row.items()} for key, row in counts.items()}

    def _hosts(self, steps: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for number, (key, row) in product(range(self.copies), steps.items()):
            to = found.setdefault(self._host(key, number), {})
            for other, count in row.items():
                name = self._host(other, number)
                to[name] = to.get(name, 0) + count
        return found

    def _host(self, key: str, number: int) -> str:
        is_person = key.isdecimal() and int(key) not in self.staff
        return str(int(key) + number * self.strides["identity"]) if is_person else key

    def _add_up_hosts(self) -> None:
        """Credit by host: of the hosts of each copy, and of what is nobody's of all copies together."""
        target = table(derived.CreditDay)
        sums = [column.name for column in target.c if not column.primary_key]
        rows = [
            dict(row) for row in self.connection.execute(select(target).where(target.c.dimension == "host")).mappings()
        ]
        self.connection.execute(target.delete().where(target.c.dimension == "host"))
        shared = [row for row in rows if self._host(row["key"], 1) == row["key"]]
        self._insert(target, [row | {name: row[name] * self.copies for name in sums} for row in shared])
        own = [row for row in rows if self._host(row["key"], 1) != row["key"]]
        copied: Iterator[dict[str, Any]] = (
            row | {"key": self._host(row["key"], number)} for number in range(self.copies) for row in own
        )
        while part := list(islice(copied, _ROWS_AT_A_TIME)):
            self._insert(target, part)


#: What tells the accounts, organisations and texts of the copies apart. No two copies have a town, a surname or a
#: mailbox's name in common: who is who would ask about the same account of every copy whether it is one person's.
_NAMES = {
    ("identity", "handle"): "o.handle || c.word",
    ("identity", "handle_key"): "o.handle_key || c.word",
    ("identity", "display_name"): "o.display_name || c.word",
    ("identity", "email"): "c.word || '.' || o.email",
    ("identity", "location"): "c.word || ' ' || o.location",
    ("identity", "url"): "o.url || c.word",
    ("identity", "organization"): "o.organization || ' ' || c.word",
    ("organization", "name"): "o.name || ' ' || c.word",
    ("organization", "domain"): "c.word || '-' || o.domain",
    ("person", "name"): "o.name || c.word",
    ("post", "text"): "o.text || ' (' || c.word || ')'",
}


def _members(held: bytes) -> np.ndarray[Any, Any]:
    return np.array(BitMap.deserialize(held), dtype="int64")


def _word(number: int) -> str:
    """A made-up name for a copy: no other has it."""
    letters = []
    for _ in range(3):
        number, place = divmod(number, len(_SYLLABLES))
        letters.append(_SYLLABLES[place])
    return "".join(letters)
