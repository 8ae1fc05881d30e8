"""Import with everything (language, sentiment, threads, turns, rollups) beside the plain way of doing much less."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import create_engine
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.measure import Row, seconds_of
from benchmarks.postgresql import postgres_server
from benchmarks.texts import write_posts
from data_access.importers import ImportOptions
from data_access.store import open_store
from jobs.importing import import_paths

MEGABYTES = 1_000
#: Texts of the community in one post of a forum: some 390 characters, as long as posts of public forums are.
_PARAGRAPHS = 3
#: Posts a day in the archive of a quiet community, over all of its channels.
_QUIET = 5
_ORDERS_OF_A_CUSTOMER = 3


def plain_way(file: Path, store: Path) -> None:
    """What a script would do: read, score each row, write one table. No threads, no rollups, no second import."""
    frame = pd.read_csv(file)
    analyser = SentimentIntensityAnalyzer()
    frame["compound"] = [analyser.polarity_scores(text)["compound"] for text in frame["text"]]
    engine = create_engine(f"sqlite:///{store}")
    frame.to_sql("post", engine, index=False)
    engine.dispose()


class Steps:
    """Progress that keeps how many seconds each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._began = "", time.perf_counter()

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """A new step begins."""
        now = time.perf_counter()
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._began
        self._name, self._began = name.split(" posts.csv")[0], now

    def at(self, done: int) -> None:
        """Nothing."""

    def __str__(self) -> str:
        self.step("")
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items() if name)


def import_file(file: Path, store: str) -> tuple[float, Steps]:
    """Rapport's import of the same file: seconds until all of it is shown, and what each step took. What hangs on the
    whole community (who moves it) comes after that."""
    steps = Steps()
    began = time.perf_counter()
    shown = 0.0
    for result in import_paths(open_store(store), [file], ImportOptions(), steps):
        assert result.error is None, result.error
        shown = time.perf_counter() - began
    return shown, steps


def _peak_of_import(file: Path, store: Path) -> float:
    code = (
        "from pathlib import Path; from benchmarks.importing import import_file; "
        "from benchmarks.measure import peak_megabytes; "
        f"import_file(Path({str(file)!r}), 'sqlite:///{store}'); print(peak_megabytes())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.strip().splitlines()[-1])


def measure_import(count: int, *, full: bool) -> list[Row]:
    """Rate beside the plain way at ``count`` posts; ``full``: memory at three times as many too, and PostgreSQL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "posts.csv"
        write_posts(file, count)
        plain = seconds_of(lambda: plain_way(file, folder / "plain.db"))
        ours, steps = import_file(file, f"sqlite:///{folder / 'ours.db'}")
        again, _ = import_file(file, f"sqlite:///{folder / 'ours.db'}")
        size = (folder / "ours.db").stat().st_size / count
        rate = f"{count / ours:,.0f} posts/s, {plain / ours:.2f} times the plain way"
        rows = [
            Row(f"import of {count:,} posts", rate, "3 times the plain way", plain / ours >= 3),
            Row("where its time goes", str(steps)),
            Row("the same file again", f"{count / again:,.0f} posts/s"),
            Row("store per post", f"{size:,.0f} bytes"),
            _measure_others(folder / "long", count // 10, "as long as a forum's", paragraphs=_PARAGRAPHS),
            _measure_others(folder / "quiet", count // 10, f"of which {_QUIET} are of a day", a_day=_QUIET),
            _measure_orders(folder / "orders", count // 5),
            *_measure_memory(folder, file, count, full=full),
        ]
        return rows + (_measure_postgresql(file, count, plain) if full else [])


def _measure_others(folder: Path, count: int, described: str, **kinds: int) -> Row:
    folder.mkdir()
    file = folder / "posts.csv"
    write_posts(file, count, **kinds)
    plain = seconds_of(lambda: plain_way(file, folder / "plain.db"))
    ours, _ = import_file(file, f"sqlite:///{folder / 'ours.db'}")
    rate = f"{count / ours:,.0f} posts/s, {plain / ours:.2f} times the plain way"
    return Row(f"import of {count:,} posts {described}", rate)


def _measure_orders(folder: Path, count: int) -> Row:
    """Orders of a shop, some three of a customer over a year."""
    folder.mkdir()
    file = folder / "orders.csv"
    random = np.random.default_rng(1)
    days = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(random.integers(0, 365 * 86_400, count), unit="s")
    customers = random.integers(0, count // _ORDERS_OF_A_CUSTOMER, count)
    pd.DataFrame(
        {
            "order_id": [f"o{number}" for number in range(count)],
            "email": [f"customer{number}@shop.example" for number in customers],
            "ordered_at": days.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "amount": random.integers(5, 200, count),
            "currency": "EUR",
        }
    ).to_csv(file, index=False)
    ours, steps = import_file(file, f"sqlite:///{folder / 'ours.db'}")
    return Row(f"import of {count:,} orders", f"{count / ours:,.0f} orders/s ({steps})")


def _measure_memory(folder: Path, file: Path, count: int, *, full: bool) -> list[Row]:
    peak = _peak_of_import(file, folder / "small.db")
    rows = [Row(f"peak memory at {count:,} posts", f"{peak:,.0f} MB", f"under {MEGABYTES:,} MB", peak < MEGABYTES)]
    if full:
        larger = folder / "larger" / "posts.csv"
        larger.parent.mkdir()
        write_posts(larger, 3 * count)
        high = _peak_of_import(larger, folder / "large.db")
        rows.append(Row(f"at {3 * count:,} posts", f"{high:,.0f} MB", "at most 1.25 times", high <= 1.25 * peak))
    return rows


def _measure_postgresql(file: Path, count: int, plain: float) -> list[Row]:
    with postgres_server() as make_database:
        spent, steps = import_file(file, make_database())
    rate = f"{count / spent:,.0f} posts/s, {plain / spent:.2f} times the plain way ({steps})"
    return [Row(f"import of {count:,} posts, PostgreSQL", rate)]
