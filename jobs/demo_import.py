"""Load the demo community into a store: its settings as decisions, its records through the same import as any file."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from data_access.decisions import withdraw_decision
from data_access.models.decisions import Setting
from data_access.settings import add_setting, list_setting_rows
from data_access.store import writing
from jobs.demo import generate
from jobs.importing import RecordStream, RunResult, import_input
from jobs.progress import Cancelled, Progress

DECIDED_BY = "Demo"


def import_demo(
    engine: Engine, *, progress: Progress, posts: int = 40_000, seed: int = 1, truth_path: Path | None = None
) -> RunResult:
    """Generate and import the demo community. ``truth_path``: where to write, as JSON, what is planted in it.

    Settings that somebody decided stay. Cancelled, the demo's settings go with its records.
    """
    community = generate(posts=posts, seed=seed)
    decided = _decide_settings(engine, community.settings)
    stream = RecordStream("Demo community", "demo", community.records(), f"demo:{posts}:{seed}")
    try:
        result = import_input(engine, stream, progress, options={"posts": posts, "seed": seed})
    except Cancelled:
        with writing(engine) as session:
            for decision_id in decided:
                withdraw_decision(session, Setting, decision_id=decision_id, decided_by=DECIDED_BY)
        raise
    if truth_path is not None:
        truth_path.write_text(json.dumps(community.truth(), indent=1))
    return result


def _decide_settings(engine: Engine, settings: list[tuple[str, Any]]) -> list[int]:
    with writing(engine) as session:
        standing = list_setting_rows(session)
        rows = [
            add_setting(session, key=key, value=value, decided_by=DECIDED_BY)
            for key, value in settings
            if key not in standing
        ]
        return [row.id for row in rows if row.id is not None]
