"""Load the demo community into a store: its settings as decisions, its records through the same import as any file."""

import json
from pathlib import Path

from sqlalchemy import Engine

from data_access.settings import add_setting
from data_access.store import writing
from jobs.demo import generate
from jobs.importing import RecordStream, RunResult, import_input
from jobs.progress import Progress

DECIDED_BY = "Demo"


def import_demo(
    engine: Engine, *, progress: Progress, posts: int = 40_000, seed: int = 1, truth_path: Path | None = None
) -> RunResult:
    """Generate and import the demo community. ``truth_path``: where to write, as JSON, what is planted in it."""
    community = generate(posts=posts, seed=seed)
    with writing(engine) as session:
        for key, value in community.settings:
            add_setting(session, key=key, value=value, decided_by=DECIDED_BY)
    stream = RecordStream("Demo community", "demo", community.records(), f"demo:{posts}:{seed}")
    result = import_input(engine, stream, progress, options={"posts": posts, "seed": seed})
    if truth_path is not None:
        truth_path.write_text(json.dumps(community.truth(), indent=1))
    return result
