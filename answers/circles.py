"""From one person to others: their circle, the ways to somebody else, and who stands between two communities.

Circles and paths are read from the replies, mentions and shares of the period themselves, so they hold for everybody
and not only for those who are drawn. Muted people are in none of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers.influence_people import describe_people, read_worth
from answers.influencers import GraphFilters, PeriodGraph, read_period
from answers.records import local_midnight
from answers.scope import Scope, read_scope
from data_access.models.columns import to_micros
from data_access.models.derived import Role
from data_access.queries.circles import (
    TalkConditions,
    list_accounts_held,
    list_acts,
    list_holders_with_role,
    list_roles_of,
    list_sides,
)
from data_access.queries.influence_conditions import RELATIONS
from data_access.queries.influencers import list_influence_of
from metrics.circles import bridges, next_step, place_circle, shortest_paths
from metrics.tie_weights import KIND_WEIGHTS, faded

MOST_SHOWN = 300
MOST_STEPS = 2
#: Of the accounts of the person whose circle it is, and of everybody else's, the newest so many interactions in each
#: direction are read.
NEWEST_OF_ONE = 5_000
NEWEST_OF_OTHERS = 500
#: The second step, and a search for paths, goes on from so many people, those who talk most.
MOST_EXPANDED = 150
LONGEST_PATH = 4
_DAY_MICROS = 86_400 * 1_000_000
_COUNTS = dict(zip(("replies", "mentions", "shares"), RELATIONS, strict=True))
TIE_COLUMNS = ["source_id", "target_id", "weight", "times", *_COUNTS]


@dataclass(frozen=True)
class CircleGraph:
    """With whom a person talks in a period.

    ``people``: the columns of ``PEOPLE_COLUMNS`` and ``step`` (0 for the person, 1 for whom they talk with, 2 for whom
    those talk with), the person first, then those with the strongest ties; ``x`` and ``y`` are places around the
    person. The team and bots are there, marked by ``role``. ``ties`` between them: as in ``Influencers``. ``total``:
    how many people are within these steps, as far as was read; ``is_bounded``: older interactions of somebody with very
    many, or the circles of some, were left out.
    """

    filters: GraphFilters
    person_id: int
    steps: int
    period: PeriodGraph | None
    people: pd.DataFrame = field(repr=False)
    ties: pd.DataFrame = field(repr=False)
    total: int
    is_bounded: bool


@dataclass(frozen=True)
class Step:
    """Two people next to each other on a path: how often they answered, mentioned or shared each other, ``there`` (the
    first the second) and ``back``."""

    from_id: int
    to_id: int
    there: int
    back: int

    @property
    def times(self) -> int:
        """Both together."""
        return self.there + self.back


@dataclass(frozen=True)
class Path:
    """People from one to another, each of whom talks with the next."""

    people: tuple[int, ...]
    names: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Paths:
    """The shortest paths between two people, those of the strongest ties first. ``paths`` is empty where there is none
    within ``longest`` steps; ``is_bounded``: not everybody's talk was followed, so there may be others, and where none
    was found there may be one. ``people`` and ``ties``: those of the paths, as in ``CircleGraph``."""

    filters: GraphFilters
    longest: int
    paths: tuple[Path, ...]
    people: pd.DataFrame = field(repr=False)
    ties: pd.DataFrame = field(repr=False)
    is_bounded: bool

    @property
    def length(self) -> int | None:
        """How many steps it takes; None where no path was found."""
        return len(self.paths[0].steps) if self.paths else None


@dataclass(frozen=True)
class Bridges:
    """Who stands between two communities, ``first`` and ``second``.

    ``people``: the columns of ``PEOPLE_COLUMNS`` and ``weight_first``, ``weight_second`` (of their ties with people of
    each, both directions), ``bridged`` (the harmonic mean of the two), the strongest bridge first. ``total``: how many
    have ties into both, of those who are drawn.
    """

    filters: GraphFilters
    first: int
    second: int
    people: pd.DataFrame = field(repr=False)
    total: int


class _Talk:
    """The ties around people, read as they are asked for and each account's once."""

    def __init__(self, session: Session, filters: GraphFilters, period: PeriodGraph, scope: Scope) -> None:
        since, until = (local_midnight(day, scope.time_zone) for day in (period.start, period.end))
        self.session = session
        self.wanted = TalkConditions(since, until, filters.relations, filters.networks)
        self.end = to_micros(until)
        self.half_life_days = max(1, period.half_life_days)
        self.roles: dict[int, str | None] = {}
        self.is_bounded = False
        self._holders: dict[int, int] = {}
        self._acts: list[pd.DataFrame] = []

    def follow(self, people: Collection[int], *, newest: int = NEWEST_OF_OTHERS, both_ways: bool = True) -> None:
        """Read whom these people talk with."""
        held = list_accounts_held(self.session, people)
        wanted = replace(self.wanted, newest=newest)
        for is_sent in (True, False) if both_ways else (True,):
            acts, is_bounded = list_acts(self.session, held["identity_id"].tolist(), wanted, is_sent=is_sent)
            self._acts.append(acts)
            self.is_bounded |= is_bounded
        self._know_holders()

    def _know_holders(self) -> None:
        ends = [acts[name].to_numpy() for acts in self._acts[-2:] for name in ("actor_id", "target_id")]
        unknown = sorted(set(np.unique(np.concatenate(ends)).tolist()) - set(self._holders))
        found = list_holders_with_role(self.session, unknown)
        self._holders |= dict(zip(found["identity_id"].tolist(), found["person_id"].tolist(), strict=True))
        self.roles |= dict(zip(found["person_id"].tolist(), found["role"].tolist(), strict=True))

    def ties(self) -> pd.DataFrame:
        """Who answered, mentioned or shared whom, of all who were met and are not muted: ``TIE_COLUMNS``, heaviest
        first."""
        if not self._acts:
            return _no_ties()
        # what passed between two who were both followed was read from either end
        acts = pd.concat(self._acts, ignore_index=True).drop_duplicates("interaction_id", ignore_index=True)
        holders = pd.Series(self._holders, dtype="float64")
        rows = acts.assign(source_id=acts["actor_id"].map(holders), target_id=acts["target_id"].map(holders))
        rows = rows.dropna(subset=["source_id", "target_id"]).astype({"source_id": "int64", "target_id": "int64"})
        muted = [person for person, role in self.roles.items() if role == Role.MUTED]
        is_talk = (rows["source_id"] != rows["target_id"]) & ~rows[["source_id", "target_id"]].isin(muted).any(axis=1)
        return self._summed(rows[is_talk])

    def _summed(self, rows: pd.DataFrame) -> pd.DataFrame:
        weights = np.array([KIND_WEIGHTS[name] for name in RELATIONS])
        left = faded((self.end - rows["micros"]) / _DAY_MICROS, self.half_life_days)
        counted = rows.assign(weight=weights[rows["relation"]] * left, times=1)
        for number, name in enumerate(_COUNTS):
            counted[name] = (rows["relation"] == number).astype("int64")
        ties = counted.groupby(["source_id", "target_id"], as_index=False)[TIE_COLUMNS[2:]].sum()
        order = ["weight", "source_id", "target_id"]
        return ties.sort_values(order, ascending=[False, True, True], ignore_index=True)[TIE_COLUMNS]


def read_circle_graph(
    session: Session,
    filters: GraphFilters,
    person_id: int,
    steps: int = 1,
    limit: int = MOST_SHOWN,
    *,
    scope: Scope | None = None,
) -> CircleGraph:
    """The people with whom somebody talks in the period (``steps`` 1), and with whom those talk (2), the ``limit`` with
    the strongest ties of each step. Of ``filters`` the period, the networks and the relations count.

    Raises ``ValueError`` for other ``steps``.
    """
    if steps not in range(1, MOST_STEPS + 1):
        raise ValueError(f"a circle of {steps} steps is not drawn: 1 or {MOST_STEPS}")
    scope, period = scope or read_scope(session), read_period(session, filters.period)
    if period is None:
        nobody = _describe(session, filters, [], {}, scope).assign(step=pd.Series(dtype="int64"))
        return CircleGraph(filters, person_id, steps, None, nobody, _no_ties(), 0, False)
    talk = _Talk(session, filters, period, scope)
    talk.roles |= list_roles_of(session, [person_id])
    talk.follow([person_id], newest=NEWEST_OF_ONE)
    at, total = _steps_around(talk, person_id, steps, limit)
    ties = talk.ties()
    ties = ties[ties["source_id"].isin(at) & ties["target_id"].isin(at)].reset_index(drop=True)
    people = _describe(session, filters, list(at), talk.roles, scope)
    places = place_circle(at, ties).set_index("person_id")
    ids = people["person_id"]
    people = people.assign(step=ids.map(at).astype("int64"), x=ids.map(places["x"]), y=ids.map(places["y"]))
    return CircleGraph(filters, person_id, steps, period, people, ties, total, talk.is_bounded)


def _steps_around(talk: _Talk, person_id: int, steps: int, limit: int) -> tuple[dict[int, int], int]:
    """In which step the people shown are, and how many there are in all steps."""
    found = next_step(talk.ties(), [person_id])
    first = [int(person) for person in found.index[:limit]]
    total = len(found)
    at = {person_id: 0} | dict.fromkeys(first, 1)
    if steps == 1:
        talk.follow(first, both_ways=False)  # what passes between them
        return at, total
    talk.follow(first[:MOST_EXPANDED])
    talk.follow(first[MOST_EXPANDED:], both_ways=False)
    talk.is_bounded |= len(found) > min(limit, MOST_EXPANDED)
    further = next_step(talk.ties(), [person_id, *(int(person) for person in found.index)], first)
    second = [int(person) for person in further.index[:limit]]
    talk.follow(second, both_ways=False)
    return at | dict.fromkeys(second, 2), total + len(further)


def _no_ties() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="int64") for name in TIE_COLUMNS}).astype({"weight": "float64"})


def _describe(
    session: Session, filters: GraphFilters, people: list[int], roles: Mapping[int, str | None], scope: Scope
) -> pd.DataFrame:
    """These people in this order as ``PEOPLE_COLUMNS``, also those who have no scores in the period."""
    scored = list_influence_of(session, filters.period, people).set_index("person_id")
    rows = scored.reindex(pd.Index(people, dtype="int64", name="person_id"))
    for name, dtype in scored.dtypes.items():
        if dtype == "int64":
            rows[name] = rows[name].fillna(0).astype("int64")
    filled = rows.assign(
        role=pd.Series([roles.get(person) for person in people], index=rows.index, dtype="object"),
        kinds=rows["kinds"].fillna("|"),
        networks=rows["networks"].fillna("|"),
    )
    worth = read_worth(session, scope)
    return describe_people(session, filled.reset_index(), period=filters.period, scope=scope, worth=worth)


def read_paths(
    session: Session,
    filters: GraphFilters,
    a: int,
    b: int,
    at_most: int = 5,
    longest: int = LONGEST_PATH,
    *,
    scope: Scope | None = None,
) -> Paths:
    """The shortest paths from ``a`` to ``b`` over who talks with whom in the period, either way. Of ``filters`` the
    period, the networks and the relations count; paths lead through the team and bots only ``with_team``, since those
    talk with nearly everybody."""
    scope, period = scope or read_scope(session), read_period(session, filters.period)
    if period is None or a == b:
        return Paths(filters, longest, (), _describe(session, filters, [], {}, scope), _no_ties(), False)
    talk = _Talk(session, filters, period, scope)
    talk.roles |= list_roles_of(session, [a, b])
    ties = _search(talk, a, b, longest, with_team=filters.with_team)
    found = shortest_paths(ties, a, b, at_most=at_most, longest=longest)
    on_them = list(dict.fromkeys(person for path in found for person in path))
    people = _describe(session, filters, on_them, talk.roles, scope)
    names = dict(zip(people["person_id"].tolist(), people["name"].tolist(), strict=True))
    pairs = {pair for path in found for step in pairwise(path) for pair in (step, step[::-1])}
    is_shown = [pair in pairs for pair in zip(ties["source_id"], ties["target_id"], strict=True)]
    shown = ties[np.array(is_shown, dtype=bool)].reset_index(drop=True)
    paths = tuple(_path(path, names, shown) for path in found)
    return Paths(filters, longest, paths, people, shown, talk.is_bounded)


def _search(talk: _Talk, a: int, b: int, longest: int, *, with_team: bool) -> pd.DataFrame:
    """The ties met while both circles grow, the smaller one first, until they touch or are too far apart."""
    reached, edge = {a: {a}, b: {b}}, {a: [a], b: [b]}
    ties = _no_ties()
    for _ in range(longest):
        grown = min((a, b), key=lambda end: (len(edge[end]), end == b))
        if not edge[grown]:
            break
        is_end = edge[grown] == [grown]
        talk.follow(edge[grown][:MOST_EXPANDED], newest=NEWEST_OF_ONE if is_end else NEWEST_OF_OTHERS)
        talk.is_bounded |= len(edge[grown]) > MOST_EXPANDED
        ties = talk.ties() if with_team else _among_public(talk, a, b)
        further = next_step(ties, reached[grown], edge[grown])
        edge[grown] = [int(person) for person in further.index]
        reached[grown] |= set(edge[grown])
        if reached[a] & reached[b]:
            break
    return ties


def _among_public(talk: _Talk, a: int, b: int) -> pd.DataFrame:
    ours = [person for person, role in talk.roles.items() if role is not None and person not in (a, b)]
    ties = talk.ties()
    return ties[~ties[["source_id", "target_id"]].isin(ours).any(axis=1)].reset_index(drop=True)


def _path(people: list[int], names: Mapping[int, str], ties: pd.DataFrame) -> Path:
    times = ties.set_index(["source_id", "target_id"])["times"]
    steps = (
        Step(one, other, int(times.get((one, other), 0)), int(times.get((other, one), 0)))
        for one, other in pairwise(people)
    )
    return Path(tuple(people), tuple(names[person] for person in people), tuple(steps))


def read_bridges(
    session: Session, filters: GraphFilters, a: int, b: int, limit: int = 10, *, scope: Scope | None = None
) -> Bridges:
    """Who stands between the communities of the numbers ``a`` and ``b``, of the public and of those who are drawn: the
    people with ties into both. Of ``filters`` only the period counts."""
    scope = scope or read_scope(session)
    found = bridges(list_sides(session, filters.period, (a, b)), a, b) if a != b else None
    if found is None or found.empty:
        nobody = _describe(session, filters, [], {}, scope)
        weights = {name: pd.Series(dtype="float64") for name in _BRIDGE_COLUMNS}
        return Bridges(filters, a, b, nobody.assign(**weights), 0)
    roles = list_roles_of(session, found["person_id"].tolist())
    public = found[found["person_id"].map(roles).isna()]
    first = public.head(limit)
    people = _describe(session, filters, first["person_id"].tolist(), roles, scope)
    return Bridges(filters, a, b, people.merge(first, on="person_id", how="left"), len(public))


_BRIDGE_COLUMNS = ["weight_first", "weight_second", "bridged"]
