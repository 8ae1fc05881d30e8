"""``make bench``: the table of measurements. ``--full`` takes the large sizes; ``--only`` some of the parts."""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.attribution import measure_attribution
from benchmarks.customer_value import measure_customer_value
from benchmarks.effects import measure_demo_effects, measure_effects
from benchmarks.first_paint import measure_first_paint
from benchmarks.importing import measure_import
from benchmarks.influence import measure_influence
from benchmarks.kills import measure_kills
from benchmarks.matching import measure_matching
from benchmarks.measure import Row, print_table, seconds_of
from benchmarks.page_stores import measure_page_stores
from benchmarks.scoring import measure_scoring
from benchmarks.search import measure_search
from data_access.store import open_store
from jobs.demo_import import import_demo
from jobs.progress import Silence
from jobs.refresh import refresh

DEMO_SECONDS = 20
DEMO_POSTS = 40_000


def measure_demo(posts: int) -> list[Row]:
    """Loading the demo community, rebuilding it, and what acts go with on it."""
    with tempfile.TemporaryDirectory() as name:
        engine = open_store(f"sqlite:///{Path(name) / 'demo.db'}")
        spent = seconds_of(lambda: import_demo(engine, progress=Silence(), posts=posts))
        goal = (f"under {DEMO_SECONDS} s", spent < DEMO_SECONDS) if posts == DEMO_POSTS else ("", None)
        rows = [Row(f"demo of {posts:,} posts", f"{spent:.1f} s, {posts / spent:,.0f} posts/s", *goal)]
        rows.append(Row("rebuilding all that is derived", f"{seconds_of(lambda: refresh(engine, Silence())):.1f} s"))
        rows += measure_demo_effects(engine)
        engine.dispose()
        return rows


#: The parts of the table, in its order; each is told whether the large sizes are wanted.
PARTS: dict[str, Callable[[bool], list[Row]]] = {
    "scoring": lambda full: measure_scoring(),
    "customer_value": lambda full: measure_customer_value(),
    "attribution": lambda full: measure_attribution(),
    "effects": lambda full: measure_effects(),
    "influence": lambda full: measure_influence(),
    "search": lambda full: measure_search(300_000),
    "demo": lambda full: measure_demo(DEMO_POSTS) + (measure_demo(1_000_000) if full else []),
    "pages": lambda full: measure_page_stores(DEMO_POSTS, full=full),
    "first_paint": lambda full: measure_first_paint(DEMO_POSTS),
    "import": lambda full: measure_import(1_000_000 if full else 100_000, full=full),
    "kills": lambda full: measure_kills(),
    "matching": lambda full: measure_matching(),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="up to ten million posts; takes hours and 40 GB of disk")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts of the table")
    asked = parser.parse_args()
    os.environ.setdefault("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "false")
    # a part at a time: what was measured in hours stays printed where a later part fails or is stopped
    print_table(row for name in asked.only for row in PARTS[name](asked.full))


if __name__ == "__main__":
    main()
