"""The eight credit rules on a million touches, beside the package ``ChannelAttribution`` on those that both have."""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import Row, seconds_of
from metrics.attribution import RULES, credit_by_key
from metrics.attribution_markov import conversion_rate, transitions_of

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / "build" / "bench-attribution"
LOCKS = ("bench-attribution-build.txt", "bench-attribution.txt")
#: Simulated against exact: the package stops once its own results move by less.
MARKOV_TOLERANCE = 0.05
INSTALL_SECONDS = 900


def make_journeys(touches: int, journeys: int, *, keys: int = 12, seed: int = 11) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Touches in a random order of rows, and the sales of about a third of the journeys."""
    rng = np.random.default_rng(seed)
    journey = np.concatenate([np.arange(journeys), rng.integers(0, journeys, touches - journeys)])
    weight = 1 / np.arange(1, keys + 1)
    key = rng.choice(keys, touches, p=weight / weight.sum())
    names = [f"channel {number:02d}" for number in range(keys)]
    frame = pd.DataFrame({"journey": journey, "key": pd.Categorical.from_codes(key, names)})
    frame = frame.assign(days_before=rng.integers(0, 90 * 24, touches) / 24, touch_id=np.arange(touches))
    sold = np.flatnonzero(rng.random(journeys) < 1 / 3)
    amounts = rng.integers(100, 100_000, len(sold))
    return frame, pd.DataFrame({"journey": sold, "amount_minor": amounts, "currency": "EUR"})


def measure_attribution(touches: int = 1_000_000, journeys: int = 100_000) -> list[Row]:
    """Seconds of each rule from touches to cents by key, whether they add up, and how the package does."""
    frame, sales = make_journeys(touches, journeys)
    credit: dict[str, pd.Series] = {}
    seconds: dict[str, float] = {}
    for rule in RULES:
        seconds[rule] = seconds_of(lambda rule=rule: credit_by_key(frame, sales, rule), times=3)  # type: ignore[misc]
        credit[rule] = credit_by_key(frame, sales, rule).set_index("key")["credit_minor"]
    each = ", ".join(f"{rule} {spent:.2f}" for rule, spent in seconds.items())
    title = f"credit of {touches:,} touches in {journeys:,} journeys, eight rules"
    total = sales["amount_minor"].sum()
    exact = sum(int(part.sum()) == total for part in credit.values())
    rows = [
        Row(title, f"{sum(seconds.values()):.2f} s ({each})"),
        Row("rules that add up to the cent", f"{exact} of {len(RULES)}", "all", exact == len(RULES)),
    ]
    return rows + _beside_the_package(frame, sales, seconds, credit)


def _beside_the_package(
    frame: pd.DataFrame, sales: pd.DataFrame, seconds: dict[str, float], credit: dict[str, pd.Series]
) -> list[Row]:
    name = "beside ChannelAttribution"
    try:
        found = _run_package(paths_of(frame, sales))
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        faults = [line for line in said if "error" in line.lower()]
        return [Row(name, f"not installed: {(faults or said)[-1]}")]
    ours = sum(seconds[rule] for rule in ("first_touch", "last_touch", "linear"))
    return [
        _compared(f"{name}, first, last and linear", ours, found["heuristics_seconds"]),
        _compared(f"{name}, Markov of order 1", seconds["markov"], found["markov_seconds"]),
        *_agreement(pd.DataFrame(found["credit"]), frame, sales, credit),
    ]


def _compared(name: str, ours: float, theirs: float) -> Row:
    return Row(name, f"{ours:.2f} s, it {theirs:.2f} s: ratio {ours / theirs:.2f}", "not slower", ours <= theirs)


def _agreement(
    theirs: pd.DataFrame, frame: pd.DataFrame, sales: pd.DataFrame, credit: dict[str, pd.Series]
) -> list[Row]:
    """The largest difference of a key's value. Linear differs by what is rounded to a cent in each journey."""
    rows = []
    for rule in ("first_touch", "last_touch", "linear"):
        apart = (theirs[f"{rule.replace('_touch', '')}_touch_value"] - credit[rule]).abs().max()
        share = apart / sales["amount_minor"].sum()
        rows.append(Row(f"{rule}: furthest from the package's", f"{share:.1e} of all", "under 1e-5", share < 1e-5))
    markov = credit["markov"] / credit["markov"].sum()
    apart = (theirs["total_conversions"] / theirs["total_conversions"].sum() / markov - 1).abs().max()
    rows.append(
        Row(
            "Markov, exact: furthest from the package's simulated",
            f"{apart:.1%} of a key",
            f"under {MARKOV_TOLERANCE:.0%}",
            apart < MARKOV_TOLERANCE,
        )
    )
    reached = frame["journey"].drop_duplicates()
    outcomes = pd.DataFrame({"journey": reached, "conversions": reached.isin(sales["journey"]).astype("int64")})
    rate = conversion_rate(transitions_of(frame, outcomes.assign(nulls=1 - outcomes["conversions"])))
    apart = abs(rate - outcomes["conversions"].mean())
    return [*rows, Row("conversion rate of the chain, off by", f"{apart:.1e}", "under 1e-9", apart < 1e-9)]


def paths_of(frame: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    """The same journeys as the package takes them: a path a row. Made outside of what is measured."""
    ordered = frame.sort_values(["journey", "days_before", "touch_id"], ascending=[True, False, True])
    paths = ordered.groupby("journey")["key"].agg(" > ".join).rename("path").reset_index()
    value = paths["journey"].map(sales.set_index("journey")["amount_minor"])
    sold = value.notna().astype("int64")
    return paths.assign(conversions=sold, value=value.fillna(0), nulls=1 - sold)


def _run_package(paths: pd.DataFrame) -> dict[str, Any]:
    python = _package_python()
    with tempfile.TemporaryDirectory() as name:
        given, found = Path(name) / "paths.csv", Path(name) / "found.json"
        paths.to_csv(given, index=False)
        script = Path(__file__).with_name("attribution_package.py")
        _run(python, "-I", str(script), str(given), str(found))
        answer: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
        return answer


def _package_python() -> Path:
    """The interpreter of the package's own environment, which is made the first time."""
    python = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    finished = ENVIRONMENT / "finished"
    if not finished.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        for lock in LOCKS:  # what it is built with first: a build in isolation would fetch what no hash holds
            install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-build-isolation")
            _run(python, *install, "--require-hashes", "-r", str(ROOT / "requirements" / lock))
        finished.touch()
    return python


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS, cwd=ROOT / "build")
