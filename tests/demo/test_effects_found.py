"""The planted effect of the demo is found again, and none in the group that has none."""

from typing import Any

import pandas as pd

from metrics.matched_comparison import Span
from metrics.matched_effects import Effect, Verdict, judge, matched_effect
from tests.demo.loaded import Loaded

SECONDS_A_DAY = 86_400


def frame_of(rows: list[tuple[int, Any]]) -> pd.DataFrame:
    people, moments = zip(*rows, strict=True)
    return pd.DataFrame({"person_id": people, "day": [one.timestamp() / SECONDS_A_DAY for one in moments]})


def number(person: str) -> int:
    return int(person.removeprefix("p"))


def judge_segment(full: Loaded, segment: str) -> dict[str, Effect]:
    """Every act of the segment's customers, whose accounts are joined as the truth says."""
    contacts = {key[2]: number(person) for key, person in full.person_of.items() if key[0] == "crm"}
    forum = {number(person) for key, person in full.person_of.items() if key[0] == "discourse"}
    people = [contacts[one] for one in full.truth["answer_effect"]["segments"][segment]["contacts"]]
    orders = [(contacts[one], order.occurred_at) for one, placed in full.orders.items() for order in placed]
    wrote = [(one, full.person_of[full.author(one)]) for one in full.posts if full.author(one) in full.person_of]
    answered = {id(post) for _, post in full.team_answers}
    posts = frame_of([(number(person), post.occurred_at) for post, person in wrote])
    kinds = pd.Series([post.kind for post, _ in wrote])
    is_answered = pd.Series([id(post) in answered for post, _ in wrote])
    asked = ~kinds.isin(["share", "check_in"])
    pairs = {
        "answer": (posts[is_answered], posts[asked & ~is_answered]),
        "comment": (posts[kinds.isin(["reply", "comment"])], posts),
        "share": (posts[kinds == "share"], posts),
    }
    bought = frame_of(orders)
    effects = [
        matched_effect(
            act,
            acts=acts,
            chances=chances,
            activity=posts,
            orders=bought,
            people=pd.DataFrame({"person_id": people, "is_private": [person in forum for person in people]}),
            span=Span(float(posts["day"].min()), float(bought["day"].max())),
        )
        for act, (acts, chances) in pairs.items()
    ]
    return {effect.act: effect for effect in judge(effects)}


def test_being_answered_is_consistent_with_the_planted_effect(full: Loaded) -> None:
    planted = full.truth["answer_effect"]["segments"]["effect"]["extra_orders"]
    effects = judge_segment(full, "effect")
    assert effects["answer"].verdict == Verdict.EFFECT
    assert effects["answer"].change.low <= planted <= effects["answer"].change.high
    assert {effects[act].verdict for act in ("comment", "share")} == {Verdict.NOT_TOLD_FROM_ZERO}


def test_nothing_is_reported_of_those_whom_answers_do_not_move(full: Loaded) -> None:
    effects = judge_segment(full, "no_effect")
    assert Verdict.EFFECT not in {effect.verdict for effect in effects.values()}
    assert effects["answer"].change.low <= 0 <= effects["answer"].change.high
