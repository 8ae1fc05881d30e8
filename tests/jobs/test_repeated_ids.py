"""Where a file has one id several times, what is kept does not hang on where a batch ends, and nothing that only an
earlier version said stays."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from data_access.records import PostRecord, Record
from data_access.store import reading
from jobs import importing
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from tests.jobs.stores import FACTS, account, bring, channel, empty, post, rows_of

AUTHORS = ("ann", "ben", "zoe", "desk", None)

versions = st.builds(
    lambda number, minutes, author, parent, parent_author, kind, mentions, seen: post(
        f"p{number}",
        minutes,
        author,
        kind=kind,
        parent=None if parent is None else f"p{parent}",
        parent_author=parent_author,
        mentions=mentions,
        observed_at=seen and post("seen", seen).occurred_at,
    ),
    st.integers(0, 4),
    st.integers(0, 9),
    st.sampled_from(AUTHORS),
    st.none() | st.integers(0, 4),
    st.none() | st.sampled_from(["ann", "zoe", "may"]),
    st.sampled_from(["post", "reply", "share"]),
    st.sampled_from([(), ("ben",), ("zoe", "desk"), ("may",)]),
    st.none() | st.integers(1, 3),
)
files = st.lists(versions, min_size=2, max_size=10)
EARLIER: list[Record] = [
    channel(),
    account("desk", is_team=True),
    post("p0", 0, "desk"),
    post("p1", 1, "ann", mentions=("ben",)),
]


def facts_by_key(engine: Engine) -> dict[str, list[Any]]:
    """Posts and interactions, told by the keys of whom they name: ids follow the order of writing."""
    who = "(SELECT native_id FROM identity WHERE id = {})"
    posts = f"SELECT native_id, {who.format('author_id')}, kind, text, parent_native_id, occurred_at FROM post"
    acts = (
        f"SELECT native_id, kind, {who.format('actor_id')}, {who.format('target_id')}, occurred_at, "
        "(SELECT native_id FROM post WHERE id = post_id) FROM interaction"
    )
    with reading(engine) as session:
        return {
            name: sorted(map(repr, session.execute(text(query)).all()))
            for name, query in (("posts", posts), ("interactions", acts))
        }


def at_once(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    for name in ("_SMALLEST", "_FIRST", "_LARGEST"):
        monkeypatch.setattr(importing, name, size)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files)
def test_repeated_ids_give_the_same_store_whatever_a_batch_holds(engine: Engine, versions: list[PostRecord]) -> None:
    found = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        for size in (1, 3, 100):
            empty(engine)
            at_once(monkeypatch, size)
            bring(engine, EARLIER, "earlier")
            bring(engine, versions, "repeated")
            found.append(facts_by_key(engine))
    assert found[0] == found[1] == found[2]
    kept_up = rows_of(engine)
    refresh(engine, Silence())
    assert rows_of(engine) == kept_up


class CancelledAtTheEnd(Silence):
    """Somebody cancels when the last posts are in."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.is_copying = False

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        self.is_copying = name.startswith("Copying")

    def at(self, done: int) -> None:
        if self.is_copying and done >= self.rows:
            raise Cancelled


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files)
def test_what_versions_said_comes_back_when_a_later_import_is_cancelled(
    engine: Engine, versions: list[PostRecord]
) -> None:
    empty(engine)
    bring(engine, EARLIER, "earlier")
    bring(engine, versions[:5], "before")
    before, derived = facts_by_key(engine), rows_of(engine, [*FACTS[:-2], "turn", "post_thread", "person_day"])
    with pytest.MonkeyPatch.context() as monkeypatch:
        at_once(monkeypatch, 3)
        later = [*versions[5:], post("p0", 7, "zoe", mentions=("may",), observed_at=post("", 99).occurred_at)]
        with pytest.raises(Cancelled):
            bring(engine, later, "later", CancelledAtTheEnd(len(later)))
    assert facts_by_key(engine) == before
    del derived["interaction"]  # their ids may be others
    assert rows_of(engine, list(derived)) == derived


def test_earlier_version_loses_what_it_said_when_another_file_says_otherwise(engine: Engine) -> None:
    seen = [post("", minutes).occurred_at for minutes in (100, 200)]
    first = post("p", 5, "ann", parent="p0", mentions=("ben",), observed_at=seen[0])
    bring(engine, [*EARLIER, first], "1")
    assert len(rows_of(engine, ["interaction"])["interaction"]) == 3
    bring(engine, [post("p", 5, "zoe", parent="p1", mentions=("may",), observed_at=seen[1])], "2")
    acts = [row.split(", ")[:4] for row in facts_by_key(engine)["interactions"]]
    assert acts == [
        ["('mention:p1:ben'", "'mention'", "'ann'", "'ben'"],
        ["('mention:p:may'", "'mention'", "'zoe'", "'may'"],
        ["('reply:p'", "'reply'", "'zoe'", "'ann'"],
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_in_store", [False, True])
def test_last_version_of_a_file_stands_whole_and_again_when_it_comes_once_more(
    engine: Engine, is_in_store: bool
) -> None:
    if is_in_store:
        bring(engine, [post("p", 0, "ann", text="A")], "before")
    versions = [
        post("p", 1, "zoe", text="Zebra", parent="p0"),
        post("p", 3, "ben", text="Quite another"),
        post("p", 2, "may", text="Text 1"),
    ]
    bring(engine, versions, "1")
    (kept,) = facts_by_key(engine)["posts"]
    assert kept.startswith("('p', 'ben', 'post', 'Quite another', 'p0'")
    again = bring(engine, [*versions, post("q", 3)], "2")
    assert facts_by_key(engine)["posts"][0] == kept
    assert (again.added, again.changed) == (1, 0)
