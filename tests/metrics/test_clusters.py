"""Which accounts join, which are held, and that the order in which ties are told does not matter."""

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from metrics.clusters import Tie, cluster

ACCOUNTS = range(1, 9)
pairs = st.sampled_from(list(combinations(ACCOUNTS, 2)))
#: Of two accounts there is one probability.
automatic = st.dictionaries(pairs, st.sampled_from([0.95, 0.99, 2.0, 3.0]), max_size=12).map(
    lambda found: [Tie(*pair, strength=strength) for pair, strength in found.items()]
)
addresses = st.dictionaries(st.sampled_from(ACCOUNTS), st.sampled_from(["a@x.org", "b@y.org", "c@z.org"]))
roles = st.dictionaries(st.sampled_from(ACCOUNTS), st.sampled_from([None, "team", "bot"]))


def together(person_of: dict[int, int]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in combinations(sorted(person_of), 2) if person_of[a] == person_of[b]]


def test_accounts_on_a_chain_join_under_the_lowest() -> None:
    found = cluster([7, 3, 5, 9], [Tie(5, 7), Tie(7, 3)], emails={}, roles={})
    assert found.person_of == {3: 3, 5: 3, 7: 3, 9: 9}
    assert found.held == {}


def test_whole_chain_is_held_when_it_would_join_two_verified_addresses() -> None:
    ties = [Tie(1, 2, strength=0.99), Tie(2, 3, strength=0.96), Tie(3, 4, strength=0.97)]
    found = cluster([1, 2, 3, 4], ties, emails={1: "a@x.org", 3: "b@y.org"}, roles={})
    assert found.person_of == {1: 1, 2: 2, 3: 3, 4: 3}
    assert found.held == {(1, 2): "emails", (2, 3): "emails"}


def test_decided_tie_joins_two_verified_addresses() -> None:
    found = cluster([1, 2], [Tie(1, 2, is_decided=True)], emails={1: "a@x.org", 2: "b@y.org"}, roles={})
    assert found.person_of == {1: 1, 2: 1}


def test_different_beats_automatic_ties_and_chains_of_them() -> None:
    ties = [Tie(1, 2), Tie(1, 3, strength=0.96), Tie(3, 2, strength=0.96)]
    found = cluster([1, 2, 3], ties, emails={}, roles={}, apart=[(2, 1)])
    assert found.person_of == {1: 1, 2: 2, 3: 3}
    assert set(found.held.values()) == {"apart"}


def test_newer_word_stands_when_two_contradict_over_a_chain() -> None:
    ties = [Tie(1, 2, is_decided=True), Tie(2, 3, is_decided=True)]
    found = cluster([1, 2, 3], ties, emails={}, roles={}, apart=[(1, 3)])
    assert found.person_of == {1: 1, 2: 1, 3: 3}
    assert found.held == {(2, 3): "apart"}


def test_team_and_bots_do_not_join_customers() -> None:
    ties = [Tie(1, 2), Tie(3, 4), Tie(5, 6), Tie(7, 8)]
    found = cluster(ACCOUNTS, ties, emails={}, roles={1: "team", 3: "bot", 5: "bot", 6: "bot", 7: "team", 8: "team"})
    assert together(found.person_of) == [(7, 8)]
    assert set(found.held) == {(1, 2), (3, 4), (5, 6)}


@given(automatic, addresses, roles, st.lists(pairs, max_size=3))
def test_nothing_joins_that_must_stay_apart(ties, emails, roles, apart) -> None:  # type: ignore[no-untyped-def]
    found = cluster(ACCOUNTS, ties, emails=emails, roles=roles, apart=apart)
    assert set(found.person_of) == set(ACCOUNTS)
    for a, b in together(found.person_of):
        assert a not in emails or b not in emails or emails[a] == emails[b]
        assert roles.get(a) == roles.get(b) != "bot"
        assert (a, b) not in apart
        assert (b, a) not in apart


@given(automatic, addresses, st.lists(pairs, max_size=3), st.randoms(use_true_random=False))
def test_order_of_ties_does_not_matter(ties, emails, apart, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    shuffled = chance.sample(ties, len(ties))
    one = cluster(ACCOUNTS, ties, emails=emails, roles={}, apart=apart)
    other = cluster(list(ACCOUNTS)[::-1], shuffled, emails=dict(reversed(emails.items())), roles={}, apart=apart[::-1])
    assert one.person_of == other.person_of


@given(automatic, addresses)
def test_accounts_beyond_reach_do_not_matter(ties, emails) -> None:  # type: ignore[no-untyped-def]
    """Deriving what ties reach from an account gives it the person that deriving all gives."""
    whole = cluster(ACCOUNTS, ties, emails=emails, roles={})
    reached = {1}
    while grown := {end for tie in ties for end in tie.pair if reached & set(tie.pair)} - reached:
        reached |= grown
    part = cluster(reached, [tie for tie in ties if tie.left in reached], emails=emails, roles={})
    assert part.person_of == {account: whole.person_of[account] for account in sorted(reached)}


def test_rule_stands_and_guess_is_held_when_both_are_on_the_chain() -> None:
    ties = [Tie(1, 2, strength=3.0), Tie(2, 3, strength=0.99), Tie(3, 4, strength=3.0)]
    found = cluster([1, 2, 3, 4], ties, emails={1: "a@x.org", 4: "b@y.org"}, roles={})
    assert together(found.person_of) == [(1, 2), (3, 4)]
    assert found.held == {(2, 3): "emails"}
