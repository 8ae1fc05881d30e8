"""Topics of posts follow the rules: at once for what comes in, by the job for what was there before."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from data_access.store import reading
from data_access.topics import list_topic_rules
from jobs import text_rules
from jobs.decisions import mute_account, relabel, withdraw
from jobs.launch import add_job, read_job
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from jobs.run import run_job
from jobs.text_rules import TOPICS, are_rules_due, derive_rules
from jobs.topics import BadTopic, NoSuchTopic, decide_topic, retire_topic
from metrics.topics import BadPattern
from tests.jobs.stores import bring, empty, post, rows_of

#: What hangs on the words of topics.
TABLES = ("post_topic", "topic_day", "brand_topic_day")
TEXTS = ("Where is my refund?", "Refunds and parcels", "The parcel, with love", "#parcel", "nothing of it", "")


def _decide(engine: Engine, topic: str, pattern: str) -> int:
    return decide_topic(engine, topic=topic, pattern=pattern, decided_by="Ada")


def _topics(engine: Engine) -> dict[str, list[str]]:
    posts = {row[0]: row[3] for row in rows_of(engine, ["post"])["post"]}
    found: dict[str, list[str]] = {}
    for post_id, topic, _ in rows_of(engine, ["post_topic"])["post_topic"]:
        found.setdefault(topic, []).append(posts[post_id])
    return {topic: sorted(keys) for topic, keys in found.items()}


def _is_due(engine: Engine) -> bool:
    with reading(engine) as session:
        return are_rules_due(session, TOPICS)


def test_post_has_its_topics_when_it_comes_in_after_the_rule(engine: Engine) -> None:
    _decide(engine, "Refunds", "refund*")
    bring(engine, [post("a", 0, text="a refund"), post("b", 1, title="Refunded", text="at last"), post("c", 2)])
    assert _topics(engine) == {"Refunds": ["a", "b"]}
    assert not _is_due(engine)


def test_posts_that_were_there_get_their_topics_when_the_job_runs(engine: Engine) -> None:
    bring(engine, [post("a", 0, text="a refund"), post("b", 1, text="a parcel")])
    _decide(engine, "Refunds", "refund*")
    assert _topics(engine) == {}
    assert _is_due(engine)
    job = add_job(engine, "topics", {})
    run_job(engine, job)
    assert read_job(engine, job).status == "done"
    assert _topics(engine) == {"Refunds": ["a"]}
    assert not _is_due(engine)


def test_days_count_inbound_posts_by_topic_and_sentiment(engine: Engine) -> None:
    _decide(engine, "Refunds", "refund")
    bring(
        engine,
        [
            post("a", 0, text="I love this refund"),
            post("b", 1, "ben", text="I hate this refund"),
            post("c", 2, "cat", text="a refund of the thing"),
            post("d", 3, "dan", text="Warum dauert das so lange mit dem refund, ich verstehe das überhaupt nicht"),
            post("m", 4, "mia", text="I hate this refund"),
        ],
    )
    mute_account(engine, network="net", source="net.example", native_id="mia", decided_by="Ada")
    (day,) = rows_of(engine, ["topic_day"])["topic_day"]
    assert day[2:] == ("Refunds", 4, 1, 1, 1)
    relabel(engine, network="net", source="net.example", native_id="c", label="positive", decided_by="Ada")
    (day,) = rows_of(engine, ["topic_day"])["topic_day"]
    assert day[2:] == ("Refunds", 4, 2, 0, 1)


def test_topics_stand_as_before_when_a_change_is_withdrawn(engine: Engine) -> None:
    _decide(engine, "Parcels", "parcel")
    bring(engine, [post("a", 0, text="a refund"), post("b", 1, text="a parcel")])
    before = rows_of(engine)
    changed = _decide(engine, "parcels", "refund")
    derive_rules(engine, TOPICS, Silence())
    assert _topics(engine) == {"parcels": ["a"]}
    withdraw(engine, table="topic_rule", decision_id=changed, decided_by="Ada")
    derive_rules(engine, TOPICS, Silence())
    after = rows_of(engine)
    assert after == before


def test_retired_topic_is_gone(engine: Engine) -> None:
    bring(engine, [post("a", 0, text="a refund")])
    _decide(engine, "Refunds", "refund")
    derive_rules(engine, TOPICS, Silence())
    retire_topic(engine, topic="refunds", decided_by="Ada")
    derive_rules(engine, TOPICS, Silence())
    assert _topics(engine) == {}
    assert rows_of(engine, ["topic_day"])["topic_day"] == []
    with pytest.raises(NoSuchTopic):
        retire_topic(engine, topic="Refunds", decided_by="Ada")


def test_rule_is_refused_when_it_says_nothing(engine: Engine) -> None:
    with pytest.raises(BadPattern):
        _decide(engine, "Refunds", "-refund")
    with pytest.raises(BadTopic):
        _decide(engine, "   ", "refund")
    with reading(engine) as session:
        assert list_topic_rules(session) == {}


def test_killed_job_ends_the_same_when_it_runs_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(Silence):
        def at(self, done: int) -> None:
            raise Cancelled

    monkeypatch.setattr(text_rules, "_POSTS_AT_A_TIME", 2)
    bring(engine, [post(f"p{n}", n, text=TEXTS[n % len(TEXTS)]) for n in range(9)])
    _decide(engine, "Refunds", "refund*")
    with pytest.raises(Cancelled):
        derive_rules(engine, TOPICS, Impatient())
    assert _is_due(engine)
    derive_rules(engine, TOPICS, Silence())
    kept_up = rows_of(engine, TABLES)
    refresh(engine, Silence())
    assert rows_of(engine, TABLES) == kept_up


def test_job_reads_again_when_a_rule_changes_while_it_runs(engine: Engine) -> None:
    class Meddling(Silence):
        is_done = False

        def at(self, done: int) -> None:
            if not self.is_done:
                self.is_done = True
                _decide(engine, "Parcels", "parcel*")

    bring(engine, [post("a", 0, text="a refund"), post("b", 1, text="a parcel")])
    _decide(engine, "Refunds", "refund*")
    derive_rules(engine, TOPICS, Meddling())
    assert _topics(engine) == {"Parcels": ["b"], "Refunds": ["a"]}
    assert not _is_due(engine)


posts = st.builds(
    lambda number, minutes, author, text: post(f"p{number}", minutes, author, text=text),
    st.integers(0, 9),
    st.integers(0, 3 * 1440),
    st.sampled_from(["ann", "ben", None]),
    st.sampled_from(TEXTS),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.lists(posts, min_size=1, max_size=6)),
        st.tuples(
            st.just("rule"), st.sampled_from(["A", "B"]), st.sampled_from(["refund", "parcel*, -love", "#parcel"])
        ),
        st.tuples(st.just("retire"), st.sampled_from(["A", "B"])),
        st.tuples(st.just("mute"), st.sampled_from(["ann", "ben"])),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("job")),
    ),
    min_size=1,
    max_size=7,
)


def _take(engine: Engine, step: tuple[Any, ...], taken: list[tuple[str, int]], number: int) -> None:
    kind, *values = step
    if kind == "import":
        bring(engine, values[0], f"run {number}")
    elif kind == "rule":
        taken.append(("topic_rule", _decide(engine, *values)))
    elif kind == "retire":
        with reading(engine) as session:
            is_there = values[0] in list_topic_rules(session)
        if is_there:
            taken.append(("topic_rule", retire_topic(engine, topic=values[0], decided_by="Ada")))
    elif kind == "mute":
        key = {"network": "net", "source": "net.example", "native_id": values[0]}
        taken.append(("mute", mute_account(engine, **key, decided_by="Ada")))
    elif kind == "job":
        derive_rules(engine, TOPICS, Silence())
    elif taken:
        table, decision = taken.pop(values[0] % len(taken))
        withdraw(engine, table=table, decision_id=decision, decided_by="Ada")


@pytest.mark.usefixtures("scores_apart")
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
def test_topics_equal_a_refresh_after_any_sequence_of_imports_and_rules(
    engine: Engine, steps: list[tuple[Any, ...]]
) -> None:
    empty(engine)
    taken: list[tuple[str, int]] = []
    for number, step in enumerate(steps):
        _take(engine, step, taken, number)
    derive_rules(engine, TOPICS, Silence())
    kept_up = rows_of(engine, TABLES)
    refresh(engine, Silence())
    rebuilt = rows_of(engine, TABLES)
    for name in TABLES:
        assert kept_up[name] == rebuilt[name], name
