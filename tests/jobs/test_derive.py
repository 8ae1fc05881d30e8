"""Keeping derived rows up in slices ends with the same rows as deriving them all anew."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from data_access.models.derived import DailyActivity, TurnDay
from data_access.store import reading
from jobs import decisions
from jobs.decisions import MOST_AT_ONCE, change_setting, mute_account, relabel, withdraw
from jobs.derive.threads import find_ends
from jobs.progress import Silence
from jobs.refresh import refresh
from jobs.watching import list_holders, watch_person
from tests.jobs.stores import account, bring, channel, empty, post, rows_of

TEXTS = (
    "I love this, thank you so much!",
    "This is awful. I hate it.",
    "Where is my order?",
    "See https://shop.example/a?b=1 #Sale",
    "Ich verstehe überhaupt nicht, warum das schon wieder so lange dauert",
    "",
)
AUTHORS = ("ann", "ben", "cat", "desk", "robot", None)

posts = st.builds(
    lambda number, minutes, author, text, parent, kind, place, likes: post(
        f"p{number}",
        minutes,
        author,
        text=text,
        kind=kind,
        channel=place,
        likes=likes,
        parent=f"p{parent}" if parent is not None else None,
        root=f"p{parent // 2}" if parent is not None and parent % 3 == 0 else None,
        mentions=("desk",) if likes == 1 else (),
    ),
    st.integers(0, 14),
    st.integers(0, 5 * 1440),
    st.sampled_from(AUTHORS),
    st.sampled_from(TEXTS),
    st.none() | st.integers(0, 14),
    st.sampled_from(["post", "reply", "share", "question"]),
    st.sampled_from(["wall", "room"]),
    st.none() | st.integers(0, 3),
)
imports = st.tuples(st.just("import"), st.lists(posts, min_size=1, max_size=8))
relabels = st.tuples(st.just("relabel"), st.integers(0, 14), st.sampled_from(["positive", "neutral", "negative"]))
mutes = st.tuples(st.just("mute"), st.sampled_from(["ann", "ben", "desk"]))
teams = st.tuples(st.just("team"), st.sampled_from([["desk"], ["desk", "ben"], []]))
watches = st.tuples(st.just("watch"), st.sampled_from(["ann", "ben", "robot"]))
undos = st.tuples(st.just("undo"), st.integers(0, 9))
steps = st.lists(st.one_of(imports, imports, relabels, mutes, teams, watches, undos), min_size=1, max_size=7)


def take(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]], number: int) -> None:
    kind, *values = step
    key = {"network": "net", "source": "net.example"}
    if kind == "import":
        bring(engine, [channel("room", kind="private"), account("robot", is_bot=True), *values[0]], f"run {number}")
    elif kind == "relabel":
        label = relabel(engine, **key, native_id=f"p{values[0]}", label=values[1], decided_by="Ada")
        taken.append(("relabel", label))
    elif kind == "mute":
        taken.append(("mute", mute_account(engine, **key, native_id=values[0], decided_by="Ada")))
    elif kind == "team":
        value = [{"name": "Ada", "accounts": values[0]}]
        taken.append(("setting", change_setting(engine, key="team", value=value, decided_by="Ada")))
    elif kind == "watch":
        taken += [("watch", decision) for decision in watch(engine, values[0])]
    elif taken:
        table, decision = taken.pop(values[0] % len(taken))
        withdraw(engine, table=table, decision_id=decision, decided_by="Ada")


def watch(engine: Engine, native_id: str) -> list[int]:
    """Watch whoever holds an account, where it is here."""
    with reading(engine) as session:
        key = ("net", "net.example", native_id)
        people = list_holders(session, [key])
    return [watch_person(engine, person_id=person, decided_by="Ada") for person in people]


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps, most_at_once=st.sampled_from([0, MOST_AT_ONCE]))
def test_slices_equal_a_refresh_after_any_sequence_of_imports_and_decisions(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[Any, ...]], most_at_once: int
) -> None:
    monkeypatch.setattr(decisions, "MOST_AT_ONCE", most_at_once)
    empty(engine)
    taken: list[tuple[str, int]] = []
    for number, step in enumerate(steps):
        take(engine, step, taken, number)
    kept_up = rows_of(engine)
    refresh(engine, Silence())
    rebuilt = rows_of(engine)
    for name in rebuilt:
        assert kept_up[name] == rebuilt[name], name


def test_conversation_joins_when_the_parent_arrives_last(engine: Engine) -> None:
    bring(engine, [post("c", 20, "cat", parent="b")], "1")
    bring(engine, [post("b", 10, "ben", parent="a")], "2")
    assert len(rows_of(engine, ["conversation"])["conversation"]) == 1
    bring(engine, [post("a", 0, "ann")], "3")
    (conversation,) = rows_of(engine, ["conversation"])["conversation"]
    assert conversation[4:] == (3, 0, 3)
    assert len(rows_of(engine, ["interaction"])["interaction"]) == 2


def test_turn_closes_when_the_answer_arrives_in_a_later_file(engine: Engine) -> None:
    bring(engine, [account("desk", is_team=True), post("q", 0, "ann", text="Where is my order?")], "1")
    (open_turn,) = rows_of(engine, ["turn"])["turn"]
    assert open_turn[-3] is None
    bring(engine, [post("a", 12, "desk", parent="q")], "2")
    (closed,) = rows_of(engine, ["turn"])["turn"]
    assert closed[-2:] == (720, 720)


def test_day_follows_the_workspace_time_zone(engine: Engine) -> None:
    change_setting(engine, key="time_zone", value="Pacific/Auckland", decided_by="Ada")
    bring(engine, [post("late", 11 * 60, "ann")])
    (day,) = rows_of(engine, ["post_day"])["post_day"]
    assert (day[2].isoformat(), day[3]) == ("2026-03-03", 8)


def test_rates_rest_on_the_posts_that_report_every_count_in_them(engine: Engine) -> None:
    everything = {"likes": 3, "replies": 2, "shares": 1}
    posts = [
        post("all", 0, views=100, reach=50, **everything),
        post("no likes", 1, views=200, replies=4, shares=0),
        post("no shares", 2, views=400, reach=300, likes=9, replies=5),
        post("no views", 3, **everything),
        post("nothing", 4),
    ]
    bring(engine, posts)
    with reading(engine) as session:
        (day,) = session.exec(select(DailyActivity)).all()
    assert (day.likes, day.likes_posts) == (15, 3)
    assert (day.replies, day.replies_posts) == (13, 4)
    assert (day.shares, day.shares_posts) == (2, 3)
    assert (day.view_engagements, day.views, day.view_posts) == (6, 100, 1)
    assert (day.view_conversations, day.conversation_views, day.conversation_posts) == (7, 300, 2)
    assert (day.reach_engagements, day.reach, day.reach_posts) == (6, 50, 1)


@pytest.mark.parametrize(
    ("links", "ends"),
    [
        ({}, {}),
        ({1: None}, {1: 1}),
        ({3: 2, 2: 1, 1: None}, {3: 1, 2: 1, 1: 1}),
        ({5: 9}, {5: 9}),
        ({1: 2, 2: 3, 3: 1, 4: 3}, {1: 1, 2: 1, 3: 1, 4: 1}),
    ],
)
def test_find_ends_gives_the_root_of_each_chain(links: dict[int, int | None], ends: dict[int, int]) -> None:
    assert find_ends(links) == ends


def test_answers_of_days_later_are_counted_on_the_days_that_waited(engine: Engine) -> None:
    days = range(6)
    places = [f"c{place}" for place in range(5)]
    asked = [
        post(f"q{day}{place}{n}", day * 1440 + n, f"u{n}", channel=place)
        for day in days
        for place in places
        for n in range(2)
    ]
    bring(engine, [account("desk", is_team=True), *asked], "1")
    late = [post(f"a{day}", 7 * 1440 + day, "desk", parent=f"q{day}c{day % 5}0", channel=f"c{day % 5}") for day in days]
    bring(engine, late, "2")
    with reading(engine) as session:
        closed = session.exec(select(TurnDay.closed).order_by(TurnDay.day, TurnDay.channel_id)).all()
    assert closed == [int(place == day % 5) for day in days for place in range(5)]
    before = rows_of(engine)
    refresh(engine, Silence())
    assert rows_of(engine) == before
