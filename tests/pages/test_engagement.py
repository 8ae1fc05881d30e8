"""Engagement where something that it needs is not there."""

from pathlib import Path

from data_access.importers import ImportOptions
from data_access.store import open_store
from jobs.importing import import_paths
from jobs.progress import Silence
from tests.pages.conftest import open_directly, shown_text


def test_engagement_says_that_nobody_is_named_as_the_team(empty_store: str, tmp_path: Path) -> None:
    rows = "".join(f"{n},Where is my lamp {n}?,2024-01-{n:02d} 10:00,ann,Lamps\n" for n in range(1, 9))
    (tmp_path / "posts.csv").write_text(f"id,text,date,username,channel\n{rows}")
    list(import_paths(open_store(empty_store), [tmp_path / "posts.csv"], ImportOptions(brand="Lamps"), Silence()))
    app = open_directly("engagement", e_tab="How fast we answer")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Response rate"] == "–"
    assert "Nobody is named as the team, so what it answered is not known." in shown_text(app)
    assert "Name the team" in [button.label for button in app.button]
