"""Import with everything (language, sentiment, threads, turns, rollups) beside the plain way of doing much less."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.measure import Row, peak_megabytes, seconds_of
from benchmarks.texts import write_posts
from data_access.importers import ImportOptions
from data_access.store import open_store
from jobs.importing import import_paths
from jobs.progress import Silence


def plain_way(file: Path, store: Path) -> None:
    """What a script would do: read, score each row, write one table. No threads, no rollups, no second import."""
    frame = pd.read_csv(file)
    analyser = SentimentIntensityAnalyzer()
    frame["compound"] = [analyser.polarity_scores(text)["compound"] for text in frame["text"]]
    engine = create_engine(f"sqlite:///{store}")
    frame.to_sql("post", engine, index=False)
    engine.dispose()


def import_file(file: Path, store: Path) -> None:
    """Rapport's import of the same file."""
    results = list(import_paths(open_store(f"sqlite:///{store}"), [file], ImportOptions(), Silence()))
    assert results[0].error is None, results[0].error


def _peak_of_import(file: Path, store: Path) -> float:
    code = (
        "from pathlib import Path; from benchmarks.importing import import_file; "
        "from benchmarks.measure import peak_megabytes; "
        f"import_file(Path({str(file)!r}), Path({str(store)!r})); print(peak_megabytes())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.strip().splitlines()[-1])


def measure_import(count: int) -> list[Row]:
    """Rate beside the plain way at ``count`` posts, and memory at ``count`` and three times as many."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, larger = folder / "posts.csv", folder / "more.csv"
        write_posts(file, count)
        write_posts(larger, 3 * count)
        plain = seconds_of(lambda: plain_way(file, folder / "plain.db"))
        ours = seconds_of(lambda: import_file(file, folder / "ours.db"))
        again = seconds_of(lambda: import_file(file, folder / "ours.db"))
        size = (folder / "ours.db").stat().st_size / count
        small = _peak_of_import(file, folder / "small.db")
        large = _peak_of_import(larger, folder / "large.db")
    return [
        Row(f"import of {count:,} posts", f"{count / ours:,.0f} posts/s, {plain / ours:.2f} times the plain way"),
        Row("the same file again", f"{count / again:,.0f} posts/s"),
        Row("store per post", f"{size:,.0f} bytes"),
        Row(
            f"peak memory at {count:,} and {3 * count:,} posts",
            f"{small:,.0f} and {large:,.0f} MB",
            "flat: at most 1.25 times",
            large <= 1.25 * small,
        ),
        Row("this process", f"{peak_megabytes():,.0f} MB"),
    ]
