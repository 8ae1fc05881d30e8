"""Whether planted effects are found and others are not, over hundreds of made-up communities."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from answers.effects import ORGANIZATIONS, PRIVATE, Effects, read_effects, whole_history
from answers.scope import read_scope
from benchmarks.measure import Row, seconds_of
from benchmarks.random_pairing import read_pairing
from benchmarks.simulated_communities import Community, judge_community, simulate_community, simulate_phases
from data_access.store import reading
from metrics.matched_effects import Verdict

COMMUNITIES = 200
PLANTED = 0.3
PAIRINGS = 100
SHARED_DATA = Path(__file__).parents[1] / "../shared/data"
#: By how many times people buy more in the phases of the third control.
PHASES = (2, 3)
_EFFECT_SEED, _NULL_SEED, _PHASE_SEED = 10_000, 20_000, 30_000


@dataclass(frozen=True)
class Count:
    """Over some communities: in how many the interval of being answered has the truth in it, excludes zero, is reported
    as an effect, and in how many any act is; and which share of what is reported is wrong, on average."""

    communities: int
    covered: int
    excluded_zero: int
    reported: int
    any_reported: int
    wrong_share: float


def count_findings(seeds: range, *, extra_orders: float) -> Count:
    """Judge the community of each seed."""
    return count_judged((simulate_community(seed, extra_orders=extra_orders) for seed in seeds), extra_orders)


def count_phases(seeds: range, *, orders_times: float) -> Count:
    """The same where no act adds anything, but people talk and buy more for a while."""
    return count_judged((simulate_phases(seed, orders_times=orders_times) for seed in seeds), 0.0)


def count_judged(communities: Iterable[Community], extra_orders: float) -> Count:
    """Judge communities in which an answer adds ``extra_orders``."""
    judged = 0
    covered = excluded = reported = anything = 0
    wrong = 0.0
    for community in communities:
        judged += 1
        effects = judge_community(community)
        change = effects["answer"].change
        covered += change.low <= extra_orders <= change.high
        excluded += not change.low <= 0 <= change.high
        reported += effects["answer"].verdict == Verdict.EFFECT
        found = {act for act, one in effects.items() if one.verdict == Verdict.EFFECT}
        anything += bool(found)
        wrong += len(found - {"answer"}) / max(1, len(found))
    return Count(judged, covered, excluded, reported, anything, wrong / max(1, judged))


def most_by_chance(trials: int, share: float = 0.05) -> int:
    """So many of ``trials`` may be reported where ``share`` of them is expected: that, and 1.96 binomial errors.

    >>> most_by_chance(200)
    16
    """
    return math.floor(trials * share + 1.96 * math.sqrt(trials * share * (1 - share)))


def measure_effects(communities: int = COMMUNITIES) -> list[Row]:
    """The positive control, the negative one, and one that the method cannot pass: counted."""
    found: dict[str, Count] = {}

    def count() -> None:
        found["effect"] = count_findings(range(_EFFECT_SEED, _EFFECT_SEED + communities), extra_orders=PLANTED)
        found["none"] = count_findings(range(_NULL_SEED, _NULL_SEED + communities), extra_orders=0.0)
        for times in PHASES:
            phases = range(_PHASE_SEED, _PHASE_SEED + communities)
            found[f"orders x{times}"] = count_phases(phases, orders_times=times)

    spent = seconds_of(count)
    counted = [*_planted_rows(found["effect"]), *_null_rows(found["none"])]
    counted += [_phase_row(times, found[f"orders x{times}"]) for times in PHASES]
    return [*counted, Row("all of these, time", f"{spent:.0f} s"), *_pairing_rows(PAIRINGS)]


def _phase_row(times: int, count: Count) -> Row:
    """How often a phase that nobody recorded is taken for an effect: said, with no goal."""
    name = f"no effect, but 90 days of posts x4 and orders x{times} for each: any act reported"
    return Row(name, f"{count.any_reported} of {count.communities}")


def _planted_rows(count: Count) -> list[Row]:
    of = f"of {count.communities}"
    most = most_by_chance(count.communities)
    covered, excluded = count.covered / count.communities, count.excluded_zero / count.communities
    return [
        Row("planted effect: in the 95 % interval", f"{count.covered} {of}", "90 to 99 %", 0.9 <= covered <= 0.99),
        Row("planted effect: interval without zero", f"{count.excluded_zero} {of}", "at least 80 %", excluded >= 0.8),
        Row("planted effect: all checks hold, reported", f"{count.reported} {of}"),
        Row(
            "planted effect: share of the reported that is wrong, on average",
            f"{count.wrong_share:.1%}",
            f"at most {most / count.communities:.0%}",
            count.wrong_share <= most / count.communities,
        ),
    ]


def _null_rows(count: Count) -> list[Row]:
    most = most_by_chance(count.communities)
    of = f"of {count.communities}"
    return [
        Row("no effect: zero in the 95 % interval of being answered", f"{count.covered} {of}"),
        Row("no effect: any act reported", f"{count.any_reported} {of}", f"at most {most}", count.any_reported <= most),
    ]


def _pairing_rows(pairings: int) -> list[Row]:
    """Real tweets with a real CRM paired at random: nothing where the folder of real data is absent."""
    if not SHARED_DATA.is_dir():
        return []
    reported = 0
    for seed in range(pairings):
        effects = judge_community(read_pairing(SHARED_DATA, seed))
        reported += any(one.verdict == Verdict.EFFECT for one in effects.values())
    most = most_by_chance(pairings)
    name = "real tweets and a real CRM paired at random: any act reported"
    return [Row(name, f"{reported} of {pairings}", f"at most {most}", reported <= most)]


def measure_demo_effects(engine: Engine) -> list[Row]:
    """What being answered goes with in the demo's store, for private customers (0.3 orders are planted) and for those
    who buy for an organisation (none); and how long the answer takes, cold."""
    found: dict[str, Effects] = {}
    with reading(engine) as session:
        scope = read_scope(session)
        filters = whole_history(scope.last_days(28), scope.first_day or scope.last_days(28).start)

        def ask() -> None:
            found.update({who: read_effects(session, filters, buyers=who, scope=scope) for who in _DEMO_BUYERS})

        spent = seconds_of(ask)
    rows = [Row("demo: effects of all acts", f"{1_000 * spent / len(_DEMO_BUYERS):,.0f} ms")]
    for who, planted in _DEMO_BUYERS.items():
        answer = found[who].effects.get("answer")
        words = found[who].table["words"].tolist()
        is_met = answer is not None and (answer.verdict == Verdict.EFFECT) == (planted > 0)
        said = words[0] if words else found[who].why_empty
        rows.append(Row(f"demo: being answered, {who}", said, f"{planted:+.1f} planted", is_met))
    return rows


_DEMO_BUYERS = {PRIVATE: PLANTED, ORGANIZATIONS: 0.0}
