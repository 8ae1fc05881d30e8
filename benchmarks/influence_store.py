"""A store with a community of any size: who answered, mentioned or shared whom, as heavy-tailed as communities are."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session

from data_access.bulk import insert_rows, insert_tuples
from data_access.models import derived, facts
from data_access.models.columns import to_micros
from data_access.store import writing
from data_access.upsert import table

DAYS = 400
LAST = date(2026, 6, 30)
#: So many people make a group; one act in five goes beyond the own one.
GROUP = 800
OUTSIDE = 0.2
_AT_A_TIME = 100_000
_KINDS = ("reply", "reply", "reply", "mention", "share")
_KEY = {"network": "net", "source": "net.example"}


def draw_acts(people: int, acts: int, *, seed: int = 1) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Who acts (ids from 1) and towards whom, no pair twice. Few do most of it, and few get most of it, as everywhere:
    both fall off by a power law; four acts in five stay within the group."""
    random = np.random.default_rng(seed)
    groups = max(people // GROUP, 1)
    found = np.empty(0, dtype=np.int64)
    while len(found) < acts:
        more = int((acts - len(found)) * 1.3) + 1_000
        source = (random.random(more) ** 4 * people).astype(np.int64)
        group = np.where(random.random(more) < OUTSIDE, random.integers(0, groups, more), source % groups)
        place = (random.random(more) ** 2.5 * (people // groups)).astype(np.int64)
        target = np.minimum(place * groups + group, people - 1)
        pairs = source * people + target
        found = np.unique(np.concatenate([found, pairs[source != target]]))
    chosen = random.permutation(found)[:acts]
    return chosen // people + 1, chosen % people + 1


def fill_store(engine: Engine, people: int, acts: int, *, seed: int = 1) -> None:
    """Fill an empty store with so many people, each with an account, and so many acts between them."""
    source, target = draw_acts(people, acts, seed=seed)
    random = np.random.default_rng(seed)
    end = to_micros(datetime(LAST.year, LAST.month, LAST.day, 20, tzinfo=UTC))
    moments = end - random.integers(0, DAYS * 86_400, acts) * 1_000_000
    with writing(engine) as session:
        insert_rows(
            session, table(facts.Channel), [{"id": 1, **_KEY, "native_id": "wall", "name": "Wall", "kind": "public"}]
        )
        days = [
            {"day": LAST - timedelta(days=back), "channel_id": 1, "side": "inbound", "posts": 1} for back in (DAYS, 0)
        ]
        for day in days:
            session.add(derived.DailyActivity(**day))
        _fill_people(session, people)
    names = ("network", "source", "native_id", "kind", "actor_id", "target_id", "occurred_at")
    for start in range(0, acts, _AT_A_TIME):
        rows = [
            ("net", "net.example", str(number), _KINDS[number % len(_KINDS)], actor, aim, micros)
            for number, actor, aim, micros in zip(
                range(start, start + _AT_A_TIME),
                source[start : start + _AT_A_TIME].tolist(),
                target[start : start + _AT_A_TIME].tolist(),
                moments[start : start + _AT_A_TIME].tolist(),
                strict=False,
            )
        ]
        with writing(engine) as session:
            insert_tuples(session, table(facts.Interaction), names, rows)
    with writing(engine) as session:
        insert_rows(session, table(derived.Due), [{"kind": "influence", "key": 0}])


def _fill_people(session: Session, people: int) -> None:
    ids = range(1, people + 1)
    accounts = [("net", "net.example", str(n), n, f"member_{n}", f"member_{n}") for n in ids]
    insert_tuples(
        session, table(facts.Identity), ("network", "source", "native_id", "id", "handle", "handle_key"), accounts
    )
    insert_tuples(session, table(derived.Person), ("id", "name"), [(n, f"member_{n}") for n in ids])
    insert_tuples(session, table(derived.PersonIdentity), ("identity_id", "person_id"), [(n, n) for n in ids])
