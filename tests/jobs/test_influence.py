"""Who moves the community: from the facts to the rows of each period."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from data_access.models.derived import Community, Due, Influence, InfluencePeriod, Person, Tie
from data_access.queries.influence_graph import read_newest_texts
from data_access.records import BrandRecord, InteractionRecord
from data_access.store import reading, writing
from jobs import influence
from jobs.decisions import change_setting, decide_matches, mute_account, relabel, withdraw
from jobs.derive.due import INFLUENCE, note_influence
from jobs.influence import derive_influence, derive_periods
from jobs.progress import Silence
from jobs.refresh import refresh
from jobs.undo import undo_run
from tests.jobs.stores import account, at, bring, channel, empty, post, rows_of
from tests.jobs.test_derive import mutes, posts, relabels, take, undos

DAY = 1440
#: The last post is on day 100, so that the periods end with day 101.
LAST = 100 * DAY
TABLES = ("influence_period", "influence", "influence_count", "tie", "community")


def answer(native_id: str, day: float, author: str, parent: str, **values: object) -> object:
    return post(native_id, day * DAY, author, parent=parent, kind="reply", **values)


def talk(engine: Engine) -> None:
    """Ann asks on day 99; Ben and Cat answer a day later, Desk (of the team) too; Dan answered Eve on day 50."""
    bring(
        engine,
        [
            account("desk", is_team=True),
            account("ann", followers=10),
            post("old", 49 * DAY, "eve"),
            answer("older", 50, "dan", "old"),
            post("ask", 99 * DAY, "ann"),
            answer("a1", 100, "ben", "ask"),
            answer("a2", 100, "cat", "ask"),
            answer("a3", 100, "desk", "ask"),
        ],
    )
    derive_influence(engine, Silence())


def people_of(engine: Engine, period: str) -> dict[str, Influence]:
    with reading(engine) as session:
        names = {person.id: person.name for person in session.scalars(select(Person))}
        rows = session.scalars(select(Influence).where(col(Influence.period) == period)).all()
        return {names[row.person_id]: row for row in rows}


def test_influence_ends_with_the_import_when_a_wrong_clock_dated_a_post_ahead(engine: Engine) -> None:
    talk(engine)
    before = set(people_of(engine, "28"))
    assert before
    bring(engine, [post("ahead", 400_000 * DAY, "zoe")])
    derive_influence(engine, Silence())
    assert set(people_of(engine, "28")) == before


def texts_of(engine: Engine) -> list[str]:
    """What communities are named after, of everybody."""
    with reading(engine) as session:
        people = list(session.scalars(select(col(Person.id)).order_by(col(Person.id))))
        told = read_newest_texts(session, people, since=at(0), until=at(LAST + DAY), limit=15)
    return [str(text) for text in told["text"]]


def interaction(native_id: str, kind: str, actor: str, target: str, minutes: float) -> InteractionRecord:
    """What a network tells of by itself, without a post."""
    return InteractionRecord("net", "net.example", native_id, kind, actor, target=target, occurred_at=at(minutes))


def is_due(session: Session) -> bool:
    return session.execute(select(col(Due.key)).where(col(Due.kind) == INFLUENCE)).first() is not None


def test_period_holds_who_wrote_in_it_and_what_they_got(engine: Engine) -> None:
    talk(engine)
    people = people_of(engine, "28")
    assert sorted(people) == ["ann", "ben", "cat", "desk"]
    ann = people["ann"]
    assert (ann.in_people, ann.in_replies, ann.in_mentions, ann.in_shares, ann.out_people) == (2, 2, 0, 0, 0)
    # answered at 08:00 of the last day, whose end is 16 hours later
    assert ann.in_strength == pytest.approx(2 * 2 ** (-(16 / 24) / 90))
    assert (ann.reach, ann.posts, ann.networks) == (10, 1, "|net|")
    assert people["ben"].out_strength == pytest.approx(ann.in_strength / 2)
    assert ann.pagerank is not None
    assert ann.pagerank > (people["ben"].pagerank or 0)


def test_team_is_drawn_and_marked_but_not_scored(engine: Engine) -> None:
    talk(engine)
    desk = people_of(engine, "28")["desk"]
    assert (desk.role, desk.pagerank, desk.core, desk.out_people, desk.posts) == ("team", None, None, 0, 0)
    assert (desk.x, desk.y) != (None, None)
    with reading(engine) as session:
        drawn = session.scalars(select(Tie).where(col(Tie.period) == "28")).all()
        assert len([tie for tie in drawn if tie.source_id == desk.person_id]) == 1
        assert {tie.kind for tie in drawn} == {"reply"}
        period = session.get_one(InfluencePeriod, "28")
    assert (period.people, period.ties, period.half_life_days, period.sampled_from) == (3, 2, 90, None)
    assert (period.end - period.start).days == 28


def test_longer_periods_reach_further_back(engine: Engine) -> None:
    talk(engine)
    assert {"dan", "eve"} <= people_of(engine, "90").keys()
    assert people_of(engine, "90")["eve"].in_strength == pytest.approx(2 ** (-(50 + 16 / 24) / 90))
    assert people_of(engine, "90").keys() == people_of(engine, "365").keys() == people_of(engine, "all").keys()
    with reading(engine) as session:
        assert not session.get_one(InfluencePeriod, "365").has_before, "there are only 50 days"


def test_trend_compares_with_the_period_before(engine: Engine) -> None:
    first = [post("q", 0, "eve"), *(answer(f"o{n}", 60, f"fan{n}", "q") for n in range(4))]
    later = [post("r", 99 * DAY, "ann"), *(answer(f"n{n}", 100, f"fan{n}", "r") for n in range(4))]
    bring(engine, [*first, *later])
    derive_influence(engine, Silence())
    ann = people_of(engine, "28")["ann"]
    assert (ann.trend, ann.pagerank_before) == ("new", None)
    assert people_of(engine, "28")["fan1"].pagerank_before is not None


def test_muted_are_nowhere(engine: Engine) -> None:
    talk(engine)
    mute_account(engine, network="net", source="net.example", native_id="ben", decided_by="Ada")
    derive_influence(engine, Silence())
    people = people_of(engine, "28")
    assert "ben" not in people
    assert people["ann"].in_people == 1


def test_two_accounts_of_a_person_count_once(engine: Engine) -> None:
    talk(engine)
    pair = (("net", "net.example", "ben"), ("net", "net.example", "cat"))
    decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")
    derive_influence(engine, Silence())
    ann = people_of(engine, "28")["ann"]
    assert (ann.in_people, ann.in_replies) == (1, 2)


def test_shares_weigh_twice_and_the_half_life_is_a_setting(engine: Engine) -> None:
    change_setting(engine, key="influence_half_life_days", value=1, decided_by="Ada")
    bring(engine, [post("p", 99 * DAY, "ann"), post("s", 100 * DAY - 8 * 60, "ben", kind="share", parent="p")])
    bring(engine, [post("end", 100 * DAY, "cat")], "end")
    derive_influence(engine, Silence())
    assert people_of(engine, "28")["ann"].in_strength == pytest.approx(2 * 0.5)


def test_half_life_is_a_day_at_least(engine: Engine) -> None:
    change_setting(engine, key="influence_half_life_days", value=0, decided_by="Ada")
    talk(engine)
    with reading(engine) as session:
        assert session.get_one(InfluencePeriod, "28").half_life_days == 1
    assert people_of(engine, "28")["ann"].in_strength == pytest.approx(2 * 2 ** -(16 / 24))


def test_h_index_counts_posts_that_were_shared(engine: Engine) -> None:
    bring(engine, [post(f"p{n}", LAST - n, "ann", shares=shares) for n, shares in enumerate((5, 3, 2, 1, 0))])
    derive_influence(engine, Silence())
    assert people_of(engine, "28")["ann"].h_index == 2


def test_h_index_is_zero_when_no_post_was_shared_and_unknown_when_nothing_reports_shares(engine: Engine) -> None:
    bring(engine, [post("p", LAST, "ann", shares=0), post("q", LAST, "ben"), post("r", LAST, "ann")])
    derive_influence(engine, Silence())
    people = people_of(engine, "28")
    assert (people["ann"].h_index, people["ben"].h_index) == (0, None)


def test_team_has_no_reach_and_no_h_index(engine: Engine) -> None:
    talk(engine)
    bring(engine, [account("desk", is_team=True, followers=5), post("t", 99 * DAY, "desk", shares=3)], "more")
    derive_influence(engine, Silence())
    desk, ann = (people_of(engine, "28")[name] for name in ("desk", "ann"))
    assert (desk.role, desk.reach, desk.h_index) == ("team", None, None)
    assert ann.reach == 10


def test_muted_account_does_not_count_when_its_person_has_another(engine: Engine) -> None:
    talk(engine)
    more = [
        account("ann2", followers=777),
        post("q2", 99 * DAY + 5, "ann2", shares=9, text="I grow pomegranate"),
        answer("r2", 100, "ben", "q2"),
    ]
    bring(engine, more, "more")
    pair = (("net", "net.example", "ann"), ("net", "net.example", "ann2"))
    decide_matches(engine, pairs=[pair], verdict="same", decided_by="Ada")
    derive_influence(engine, Silence())
    before = people_of(engine, "28")["ann"]
    assert (before.in_replies, before.reach, before.h_index) == (3, 787, 1)
    assert "I grow pomegranate" in texts_of(engine)
    mute_account(engine, network="net", source="net.example", native_id="ann2", decided_by="Ada")
    derive_influence(engine, Silence())
    after = people_of(engine, "28")["ann"]
    assert (after.in_replies, after.reach, after.h_index) == (2, 10, None)
    assert "I grow pomegranate" not in texts_of(engine)


def test_period_is_empty_when_nobody_is_known_to_have_written_in_it(engine: Engine) -> None:
    bring(engine, [account("ann", followers=10), post("old", 0, "ann"), post("unsigned", LAST, author=None, text="Hi")])
    derive_influence(engine, Silence())
    assert people_of(engine, "28") == {}
    assert people_of(engine, "all")["ann"].reach == 10


def test_community_is_not_named_after_what_was_deleted_or_is_no_words_of_the_public(engine: Engine) -> None:
    bring(
        engine,
        [
            account("desk", is_team=True),
            post("said", LAST, "ann", text="kept"),
            post("gone", LAST, "ann", text="deleted", deleted_at=at(LAST)),
            post("ours", LAST, "desk", text="of the team"),
        ],
    )
    assert texts_of(engine) == ["kept"]


def test_two_people_are_no_community(engine: Engine) -> None:
    talk(engine)
    bring(engine, [post("x", 99 * DAY, "xi"), answer("y", 99.5, "yo", "x")], "more")
    derive_influence(engine, Silence())
    with reading(engine) as session:
        kept = session.scalars(select(Community).where(col(Community.period) == "28")).all()
        period = session.get_one(InfluencePeriod, "28")
    assert (period.people, period.communities, len(kept)) == (5, 1, 1)


def test_community_is_named_after_what_it_talks_about(engine: Engine) -> None:
    def group(names: tuple[str, ...], word: str, start: int) -> list[object]:
        posts: list[object] = []
        for number in range(12):
            author, other = names[number % 3], names[(number + 1) % 3]
            text = f"Let us grow {word} number {number}, said to {other}"
            parent = f"{word}{number - 1}" if number else None
            kind = "reply" if parent else "post"
            posts.append(post(f"{word}{number}", start + number, author, text=text, parent=parent, kind=kind))
        return posts

    bring(engine, [*group(("ann", "ben", "cat"), "basil", LAST), *group(("dan", "eve", "fay"), "chilli", LAST + 30)])
    derive_influence(engine, Silence())
    with reading(engine) as session:
        communities = session.scalars(select(Community).where(col(Community.period) == "28")).all()
    assert [community.size for community in communities] == [3, 3]
    assert {"Basil", "Chilli"} == {community.label.split(",")[0] for community in communities}
    assert [community.weight_across for community in communities] == [0.0, 0.0]


def test_scores_are_due_after_an_import(engine: Engine) -> None:
    bring(engine, [post("p", 0, "ann", text="I love it")])
    with reading(engine) as session:
        assert is_due(session)
    assert derive_influence(engine, Silence())
    assert not derive_influence(engine, Silence()), "nothing has changed since"


def say(engine: Engine, native_id: str, label: str) -> int:
    return relabel(engine, network="net", source="net.example", native_id=native_id, label=label, decided_by="Ada")


def test_corrected_label_moves_mood_and_kind_and_the_graph_is_not_scored_again(engine: Engine) -> None:
    change_setting(engine, key="advocate_posts", value=1, decided_by="Ada")
    change_setting(engine, key="advocate_days", value=30, decided_by="Ada")
    ours = [BrandRecord("Acme", is_competitor=False), channel("acme", brand="Acme"), account("desk", is_team=True)]
    said = [
        post("ask", 99 * DAY, "ann", text="What a horrible, awful day", channel="acme"),
        answer("a1", 100, "ben", "ask", text="I love Acme, thank you so much!"),
        answer("a2", 100, "cat", "ask", text="This is the time."),
        answer("a3", 100, "desk", "ask", text="Thanks, great!"),
        post("old", 20 * DAY, "cat", text="I hate Acme", channel="acme"),
        post("away", 100 * DAY, "cat", text="I hate rain"),
        post("odd", 100 * DAY, "ben", text=""),
    ]
    bring(engine, [*ours, *said])
    derive_influence(engine, Silence())
    assert [people_of(engine, "28")[name].kinds for name in ("ann", "ben", "cat")] == ["|detractor|", "|advocate|", "|"]
    before = rows_of(engine, TABLES)
    steps = [("ask", "positive"), ("ask", "neutral"), ("a1", "negative"), ("a2", "positive"), ("a3", "negative")]
    decisions = []
    for native_id, label in [*steps, ("old", "positive"), ("away", "positive"), ("odd", "negative"), ("no", "neutral")]:
        decisions.append(say(engine, native_id, label))
        with reading(engine) as session:
            assert not is_due(session)
    assert [people_of(engine, "28")[name].kinds for name in ("ann", "ben", "cat")] == ["|", "|detractor|", "|"]
    kept_up = rows_of(engine, TABLES)
    with writing(engine) as session:
        note_influence(session)
    derive_influence(engine, Silence())
    assert rows_of(engine, TABLES) == kept_up
    for decision in decisions:
        withdraw(engine, table="relabel", decision_id=decision, decided_by="Ben")
    with reading(engine) as session:
        assert not is_due(session)
    assert rows_of(engine, TABLES) == before


def test_label_corrected_while_scores_are_derived_is_derived_too(engine: Engine) -> None:
    talk(engine)
    bring(engine, [post("late", 100 * DAY, "ben")], "late")
    assert influence._begin(engine)
    say(engine, "a1", "negative")
    derive_periods(engine, Silence())
    assert not influence._end(engine), "noted again"


def test_scores_are_due_when_interactions_come_or_go_without_posts(engine: Engine) -> None:
    talk(engine)
    run = bring(engine, [interaction("m1", "mention", "ben", "cat", 99 * DAY)], "acts")
    assert derive_influence(engine, Silence())
    assert people_of(engine, "28")["cat"].in_mentions == 1
    assert run.run_id is not None
    undo_run(engine, run.run_id)
    assert derive_influence(engine, Silence())
    assert people_of(engine, "28")["cat"].in_mentions == 0


def test_scores_stay_due_when_deriving_them_is_stopped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(engine, [post("p", 0, "ann")])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(influence, "_write", stop)
        with pytest.raises(KeyboardInterrupt):
            derive_influence(engine, Silence())
    with reading(engine) as session:
        assert is_due(session)
    assert derive_influence(engine, Silence())
    with reading(engine) as session:
        assert not is_due(session)


def test_change_while_deriving_is_derived_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(engine, [post("p", 0, "ann")])
    write, times = influence._write, []

    def meanwhile(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        times.append(1)
        if len(times) == 4:
            raise_due.append(True)

    raise_due: list[bool] = []
    end = influence._end

    def end_after_news(engine: Engine) -> bool:
        if raise_due:
            raise_due.clear()
            bring(engine, [post("late", 1, "ben")], "late")
        return end(engine)

    monkeypatch.setattr(influence, "_write", meanwhile)
    monkeypatch.setattr(influence, "_end", end_after_news)
    derive_influence(engine, Silence())
    assert "ben" in people_of(engine, "28")
    with reading(engine) as session:
        assert not is_due(session)


ONE_BY_ONE, ALL_ANEW = 10.0, -1.0


def test_kept_up_scores_equal_a_refresh(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(influence, "_MANY", ONE_BY_ONE)
    talk(engine)
    bring(engine, [channel("room", kind="private"), answer("b1", 101, "eve", "a1", channel="room")], "more")
    derive_influence(engine, Silence())
    kept_up = rows_of(engine, TABLES)
    monkeypatch.setattr(influence, "_MANY", ALL_ANEW)
    refresh(engine, Silence())
    assert rows_of(engine, TABLES) == kept_up
    assert all(kept_up[name] for name in TABLES[:3])


def test_scores_that_are_as_before_are_not_written_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(engine)
    bring(engine, [post(f"by {name}", 99 * DAY, name) for name in ("fay", "gil", "hal", "ivy")], "more")
    derive_influence(engine, Silence())
    before = people_of(engine, "28")
    written: list[int] = []
    insert = influence._insert_frame

    def note(session: Session, target: Any, frame: Any, period: str) -> None:
        written.extend(frame.get("person_id", []))
        insert(session, target, frame, period)

    monkeypatch.setattr(influence, "_insert_frame", note)
    bring(engine, [post("by fay again", 99 * DAY, "fay")], "again")
    derive_periods(engine, Silence(), ["28"])
    after = people_of(engine, "28")
    assert (before["fay"].posts, after["fay"].posts) == (1, 2)
    assert written == [after["fay"].person_id]


def test_scores_are_written_whole_when_the_store_changed_since_they_were_held_against_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influence, "_MANY", ONE_BY_ONE)
    talk(engine)
    kept_up, find = rows_of(engine, TABLES), influence._find_differing

    def then_change(changed: Engine, *arguments: Any) -> Any:
        found = find(changed, *arguments)
        with writing(changed) as session:
            is_theirs = col(Influence.period) == arguments[0], col(Influence.posts) > 0
            session.connection().execute(delete(Influence).where(*is_theirs))
        return found

    monkeypatch.setattr(influence, "_find_differing", then_change)
    derive_periods(engine, Silence())
    assert rows_of(engine, TABLES) == kept_up


acts = st.tuples(
    st.sampled_from(["mention", "share", "reply", "like"]),
    st.sampled_from(["ann", "ben", "cat", "desk"]),
    st.sampled_from(["ann", "ben", "cat", "zoe"]),
    st.integers(0, 5 * DAY),
)
only_acts = st.tuples(st.just("acts"), st.lists(acts, min_size=1, max_size=4))
only_posts = st.tuples(st.just("posts"), st.lists(posts, min_size=1, max_size=4))
undone_runs = st.tuples(st.just("undo run"), st.integers(0, 3))
all_steps = st.builds(
    lambda first, rest: [first, *rest],
    only_posts,
    st.lists(st.one_of(only_acts, only_posts, undone_runs, mutes, relabels, undos), min_size=1, max_size=5),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=all_steps)
def test_scores_are_due_after_any_steps_that_change_them(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[Any, ...]]
) -> None:
    monkeypatch.setattr(influence, "_MANY", ONE_BY_ONE)
    empty(engine)
    taken: list[tuple[str, int]] = []
    runs: list[int] = []
    for number, (kind, *values) in enumerate(steps):
        if kind == "acts":
            talked = [interaction(f"i{number}-{place}", *act) for place, act in enumerate(values[0])]
            runs += [run for run in [bring(engine, talked, f"run {number}").run_id] if run is not None]
        elif kind == "posts":
            runs += [run for run in [bring(engine, values[0], f"run {number}").run_id] if run is not None]
        elif kind == "undo run":
            if runs:
                undo_run(engine, runs.pop(values[0] % len(runs)))
        else:
            take(engine, (kind, *values), taken, number)
        derive_influence(engine, Silence())
    kept_up = rows_of(engine, TABLES)
    monkeypatch.setattr(influence, "_MANY", ALL_ANEW)
    with writing(engine) as session:
        note_influence(session)
    derive_influence(engine, Silence())
    assert rows_of(engine, TABLES) == kept_up


def test_store_without_posts_has_no_scores(engine: Engine) -> None:
    refresh(engine, Silence())
    assert rows_of(engine, TABLES) == {name: [] for name in TABLES}


def test_who_speaks_for_a_competitor_is_marked_and_not_scored(engine: Engine) -> None:
    rival = [BrandRecord("Rival", is_competitor=True), channel("shop", brand="Rival", owner="riv")]
    bring(engine, [*rival, account("riv"), post("ad", 0, "riv", channel="shop"), post("p", 1, "ann")])
    bring(
        engine,
        [post("q", 2, "ben", parent="ad"), post("r", 3, "riv", parent="p"), post("s", 4, "ben", parent="p")],
        "2",
    )
    derive_influence(engine, Silence())
    people = people_of(engine, "28")
    assert (people["riv"].role, people["riv"].pagerank, people["riv"].kinds) == ("rival", None, "|")
    assert people["ann"].in_people == 1
    assert people["ben"].out_people == 1
