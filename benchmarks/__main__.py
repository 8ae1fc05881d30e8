"""``make bench``: the table of measurements. ``--full`` takes the large sizes."""

import argparse
import tempfile
from pathlib import Path

from benchmarks.attribution import measure_attribution
from benchmarks.customer_value import measure_customer_value
from benchmarks.effects import measure_demo_effects, measure_effects
from benchmarks.importing import measure_import
from benchmarks.influence import measure_influence
from benchmarks.kills import measure_kills
from benchmarks.matching import measure_matching
from benchmarks.measure import Row, print_table, seconds_of
from benchmarks.pages import measure_answers
from benchmarks.scoring import measure_scoring
from benchmarks.search import measure_search
from data_access.store import open_store
from jobs.demo_import import import_demo
from jobs.progress import Silence
from jobs.refresh import refresh

DEMO_SECONDS = 20


def measure_demo(posts: int) -> list[Row]:
    """Loading the demo community, rebuilding it, and the answers of the pages on it."""
    with tempfile.TemporaryDirectory() as name:
        engine = open_store(f"sqlite:///{Path(name) / 'demo.db'}")
        spent = seconds_of(lambda: import_demo(engine, progress=Silence(), posts=posts))
        goal = (f"under {DEMO_SECONDS} s", spent < DEMO_SECONDS) if posts == 40_000 else ("", None)
        rows = [Row(f"demo of {posts:,} posts", f"{spent:.1f} s, {posts / spent:,.0f} posts/s", *goal)]
        rows.append(Row("rebuilding all that is derived", f"{seconds_of(lambda: refresh(engine, Silence())):.1f} s"))
        rows += measure_answers(engine, f"{posts:,} posts")
        rows += measure_demo_effects(engine)
        engine.dispose()
        return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million posts; takes long")
    full = parser.parse_args().full
    rows = (
        measure_scoring()
        + measure_customer_value()
        + measure_attribution()
        + measure_effects()
        + measure_influence()
        + measure_search(300_000)
        + measure_demo(40_000)
        + measure_import(300_000 if full else 30_000)
        + measure_matching()
        + measure_kills()
    )
    if full:
        rows += measure_demo(1_000_000)
    print_table(rows)


if __name__ == "__main__":
    main()
