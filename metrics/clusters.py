"""Which accounts are one person's, given what ties them and what must stay apart.

networkx takes a while to load, and most who import this module join nobody: it is imported where it is used.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Pair = tuple[int, int]


@dataclass(frozen=True)
class Tie:
    """Two accounts that something ties. ``strength``: a model's probability (up to 1), or more for a rule: the surer,
    the more."""

    left: int
    right: int
    is_decided: bool = False
    strength: float = 1.0

    @property
    def pair(self) -> Pair:
        """The two, the lower id first."""
        return (min(self.left, self.right), max(self.left, self.right))


@dataclass(frozen=True)
class Clusters:
    """``person_of``: account -> the lowest account of its person. ``held``: ties that were not followed, and why."""

    person_of: dict[int, int]
    held: dict[Pair, str]


def cluster(
    accounts: Collection[int],
    ties: Iterable[Tie],
    *,
    emails: Mapping[int, str],
    roles: Mapping[int, str | None],
    places: Mapping[int, str] | None = None,
    apart: Sequence[Pair] = (),
) -> Clusters:
    """Join accounts along their ties.

    ``emails``: verified addresses, of accounts that have one. ``roles``: team, bot or None (the public); accounts of
    unlike roles never join, bots join nobody. ``places``: where each account is, of those where a person has one
    account: a guess (a tie of strength 1 or less) that would give a person two in one place is held, the likelier first
    followed. ``apart``: pairs that somebody said are different people. A decided tie
    is followed unless it would join such a pair. Automatic ties on a chain that would put two verified addresses, or a
    pair that is apart, together are held: all of the weakest kind on the chain, since nothing says which is wrong.

    >>> found = cluster([1, 2, 3], [Tie(1, 2), Tie(2, 3)], emails={1: "a@x.org", 3: "b@y.org"}, roles={})
    >>> found.person_of
    {1: 1, 2: 2, 3: 3}
    >>> cluster([1, 2, 3], [Tie(1, 2), Tie(2, 3)], emails={1: "a@x.org"}, roles={}).person_of
    {1: 1, 2: 1, 3: 1}
    """
    import networkx as nx

    held: dict[Pair, str] = {}
    ties = list(ties)
    tied = {account for tie in ties for account in tie.pair}  # most accounts are alone, and need no graph
    followed = nx.Graph()
    followed.add_nodes_from(sorted(tied.intersection(accounts)))
    unlike = {_ordered(pair) for pair in apart}
    decided = [tie for tie in ties if tie.is_decided]
    automatic = [tie for tie in ties if not tie.is_decided]
    for tie in decided:
        _follow_unless_apart(followed, tie, roles, unlike, held)
    addresses = _one_address_a_person(followed, emails)
    graph = _automatic_graph(followed, automatic, roles, places or {}, held)
    for members in [sorted(part) for part in nx.connected_components(graph)]:
        _cut_conflicts(graph.subgraph(members), graph, addresses, unlike, held)
    person_of = {account: account for account in accounts}
    for part in nx.connected_components(graph):
        lowest = min(part)
        person_of.update(dict.fromkeys(part, lowest))
    return Clusters(dict(sorted(person_of.items())), held)


def _ordered(pair: Pair) -> Pair:
    return (min(pair), max(pair))


def _one_address_a_person(followed: "nx.Graph", emails: Mapping[int, str]) -> dict[int, str]:
    """The addresses, those of accounts that somebody said are one person's taken for one."""
    import networkx as nx

    same = nx.Graph()
    same.add_nodes_from(emails.values())
    for part in nx.connected_components(followed):
        theirs = sorted({emails[account] for account in part if account in emails})
        same.add_edges_from(pairwise(theirs))
    first = {address: min(group) for group in nx.connected_components(same) for address in group}
    return {account: first[address] for account, address in emails.items()}


def _are_unlike(roles: Mapping[int, str | None], tie: Tie) -> bool:
    ours, theirs = roles.get(tie.left), roles.get(tie.right)
    return ours != theirs or ours == "bot"


def _follow_unless_apart(
    graph: "nx.Graph", tie: Tie, roles: Mapping[int, str | None], unlike: set[Pair], held: dict[Pair, str]
) -> None:
    import networkx as nx

    if tie.left not in graph or tie.right not in graph:
        return
    if _are_unlike(roles, tie):
        held[tie.pair] = "role"
        return
    left = nx.node_connected_component(graph, tie.left)
    right = nx.node_connected_component(graph, tie.right)
    if any(_ordered((a, b)) in unlike for a in left for b in right if a != b):
        held[tie.pair] = "apart"
        return
    graph.add_edge(*tie.pair, decided=True)


def _automatic_graph(
    followed: "nx.Graph",
    ties: Sequence[Tie],
    roles: Mapping[int, str | None],
    places: Mapping[int, str],
    held: dict[Pair, str],
) -> "nx.Graph":
    graph = followed.copy()
    groups = _Groups(graph, places)
    for tie in sorted(ties, key=lambda tie: (-tie.strength, tie.pair)):
        if tie.left not in graph or tie.right not in graph or graph.has_edge(*tie.pair):
            continue
        if _are_unlike(roles, tie):
            held[tie.pair] = "role"
            continue
        if not groups.join(*tie.pair, is_guess=tie.strength <= 1):
            held[tie.pair] = "place"
            continue
        graph.add_edge(*tie.pair, decided=False, strength=tie.strength)
    return graph


class _Groups:
    """Accounts tied so far, with the places that each group is in."""

    def __init__(self, graph: "nx.Graph", places: Mapping[int, str]) -> None:
        import networkx as nx

        self._of: dict[int, tuple[list[int], set[str]]] = {}
        for part in nx.connected_components(graph):
            group = (sorted(part), {places[account] for account in part if account in places})
            self._of.update(dict.fromkeys(part, group))

    def join(self, left: int, right: int, *, is_guess: bool) -> bool:
        """Put two groups together; False, and nothing is done, where a guess would give a person two accounts in one
        place."""
        ours, theirs = self._of[left], self._of[right]
        if ours is theirs:
            return True
        if is_guess and ours[1] & theirs[1]:
            return False
        joined = ([*ours[0], *theirs[0]], ours[1] | theirs[1])
        self._of.update(dict.fromkeys(joined[0], joined))
        return True


def _cut_conflicts(
    part: "nx.Graph", graph: "nx.Graph", emails: Mapping[int, str], unlike: set[Pair], held: dict[Pair, str]
) -> None:
    """Take the automatic ties off every chain between accounts that must not be one person's."""
    members = sorted(part.nodes)
    conflicts = [(a, b, "apart") for a, b in combinations(members, 2) if (a, b) in unlike] if unlike else []
    known = [member for member in members if member in emails]
    conflicts += [(a, b, "emails") for a, b in combinations(known, 2) if emails[a] != emails[b]]
    for left, right, reason in conflicts:
        while (chain := _chain(graph, left, right)) is not None:
            loose = [pair for pair in chain if not graph.edges[pair]["decided"]]
            if not loose:  # somebody said that they are one person
                break
            # a rule is only doubted where no model's guess is on the chain, and the surest rule last
            weakest = min(_rank(graph.edges[pair]["strength"]) for pair in loose)
            for pair in (pair for pair in loose if _rank(graph.edges[pair]["strength"]) == weakest):
                graph.remove_edge(*pair)
                held[_ordered(pair)] = reason


def _rank(strength: float) -> float:
    """Rules rank by their strength, above 1; all of a model's guesses alike."""
    return max(strength, 1.0)


def _chain(graph: "nx.Graph", left: int, right: int) -> list[Pair] | None:
    """The shortest chain of ties between two accounts, a person's word counting as no distance."""
    import networkx as nx

    try:
        nodes = nx.dijkstra_path(graph, left, right, weight=lambda _a, _b, data: 0.001 if data["decided"] else 1)
    except nx.NetworkXNoPath:
        return None
    return list(pairwise(nodes))
