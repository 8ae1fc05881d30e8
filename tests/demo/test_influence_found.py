"""The planted influencers, brokers and communities are found by the scores that the pages show."""

from datetime import timedelta

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from data_access.settings import DEFAULTS
from metrics.influence import KIND_WEIGHTS, faded, influence_scores, merge_ties
from tests.demo.loaded import Loaded

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def scores(full: Loaded) -> pd.DataFrame:
    """Scores by the person of the truth, of all posts, as a store has them that knows who is who."""
    people = {name: number for number, name in enumerate(sorted(full.truth["people"]), 1)}
    end = max(post.occurred_at for post in full.posts)
    acts = []
    for post in full.posts:
        parent = full.parent(post)
        actor = full.person_of.get(full.author(post))
        if parent is None or actor is None:
            continue
        target = full.person_of.get(full.author(parent))
        if target is not None and target != actor:
            weight = KIND_WEIGHTS["share" if post.kind == "share" else "reply"]
            acts.append((people[actor], people[target], weight, (end - post.occurred_at) / DAY))
    source, target, weight, age = zip(*acts, strict=True)
    fading = faded(age, DEFAULTS.influence_half_life_days)
    ties = merge_ties(source, target, pd.Series(weight).to_numpy() * fading)
    names = {number: name for name, number in people.items()}
    found = influence_scores(ties).people
    return found.assign(person=found["person_id"].map(names)).set_index("person")


def places(scores: pd.DataFrame, score: str, people: list[str]) -> list[int]:
    ranks = scores[score].rank(ascending=False, method="min")
    return sorted(int(ranks[person]) for person in people)


@pytest.mark.parametrize("score", ["in_people", "pagerank"])
def test_every_planted_influencer_is_among_the_first_fifteen(full: Loaded, scores: pd.DataFrame, score: str) -> None:
    planted = [one["person"] for one in full.truth["influencers"]["people"]]
    assert len(planted) == 10
    assert places(scores, score, planted)[-1] <= 15


def test_every_planted_broker_is_among_the_first_ten(full: Loaded, scores: pd.DataFrame) -> None:
    assert len(full.truth["brokers"]) == 3
    assert places(scores, "betweenness", full.truth["brokers"])[-1] <= 10


def test_who_has_followers_and_no_replies_is_no_influencer(full: Loaded, scores: pd.DataFrame) -> None:
    famous = full.truth["influencers"]["many_followers_few_replies"]
    present = [person for person in famous if person in scores.index]
    assert places(scores, "pagerank", present)[0] > 30


def test_communities_are_the_planted_ones(full: Loaded, scores: pd.DataFrame) -> None:
    planted = scores.index.map(lambda person: full.truth["people"][person]["community"])
    assert adjusted_rand_score(planted, scores["community"]) >= 0.8
