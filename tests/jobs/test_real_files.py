"""Real exports, from file to store: the counts that the data's own description gives, and the figures that follow."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Select, func, select

from data_access.importers import ImportOptions
from data_access.models.derived import AccountRole, PostScore, Turn
from data_access.models.facts import Channel, ImportRefusal, Interaction, Post
from data_access.store import reading
from jobs.importing import RunResult, import_paths
from jobs.progress import Silence
from tests.jobs.stores import rows_of
from tests.kept_stores import filled_once

pytestmark = pytest.mark.realdata


AIRLINE, TWEETS = "airline/tweets_half.csv", "twcs/twcs_first5000.csv"
#: One worker reads a large file, once for each engine.
OF_AIRLINE, OF_TWEETS = pytest.mark.xdist_group("airline"), pytest.mark.xdist_group("tweets")

#: How a file is read does not hang on the store; how its rows are written is looked at with other files.
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def import_real(engine: Engine, *paths: Path) -> list[RunResult]:
    return list(import_paths(engine, paths, ImportOptions(), Silence()))


@filled_once
def import_file(engine: Engine, path: Path) -> RunResult:
    (result,) = import_real(engine, path)
    return result


def count(engine: Engine, statement: Select[Any]) -> int:
    with reading(engine) as session:
        return session.execute(statement).scalar() or 0


@pytest.mark.parametrize(
    ("file", "rows", "posts", "refused"),
    [
        pytest.param(AIRLINE, 7_313, 7_239, 0, marks=OF_AIRLINE),
        pytest.param(TWEETS, 5_000, 5_000, 0, marks=OF_TWEETS),
        ("reddit/Android.csv", 1_000, 1_000, 0),
        ("native/mastodon_real_statuses.json", 68, 68, 0),
    ],
)
def test_file_arrives_whole(engine: Engine, shared_data: Path, file: str, rows: int, posts: int, refused: int) -> None:
    result = import_file(engine, shared_data / file)
    assert (result.status, result.rows_read, result.refused) == ("done", rows, refused)
    assert count(engine, select(func.count()).select_from(Post)) == posts
    assert count(engine, select(func.count()).select_from(ImportRefusal)) == refused
    before = rows_of(engine)
    (again,) = import_real(engine, shared_data / file)
    assert (again.added, again.changed) == (0, 0)
    assert rows_of(engine) == before


@ON_SQLITE
@pytest.mark.parametrize("file", ["reddit/technology.csv", "reddit/TalesFromRetail.csv"])
def test_file_of_a_kind_that_arrived_arrives_too(engine: Engine, shared_data: Path, file: str) -> None:
    (result,) = import_real(engine, shared_data / file)
    assert (result.status, result.rows_read, result.refused) == ("done", 1_000, 0)
    assert count(engine, select(func.count()).select_from(Post)) == 1_000


@ON_SQLITE
def test_file_that_a_spreadsheet_damaged_gives_its_999_rows(engine: Engine, shared_data: Path) -> None:
    sample, damaged = import_real(engine, shared_data / "twcs/twcs_excel_damaged.zip")
    assert (sample.rows_read, sample.refused) == (93, 0)
    assert (damaged.rows_read, damaged.refused, damaged.status) == (999, 0, "done")


@OF_TWEETS
def test_support_tweets_have_the_turns_that_the_definitions_give(engine: Engine, shared_data: Path) -> None:
    import_file(engine, shared_data / TWEETS)
    with reading(engine) as session:
        seconds = sorted(session.scalars(select(Turn.response_seconds).where(Turn.closed_at.is_not(None))))  # type: ignore[union-attr]
    assert count(engine, select(func.count()).select_from(Turn)) == 2_408
    assert len(seconds) == 2_086
    assert sum(seconds[1042:1044]) / 2 == 732.5
    assert count(engine, select(func.count()).select_from(AccountRole).where(AccountRole.role == "team")) == 76


@OF_TWEETS
def test_team_replies_to_customers_take_as_long_as_the_data_says(engine: Engine, shared_data: Path) -> None:
    """Each team reply whose direct parent is a customer's post: 2,188, median 723.5 s, mean 12,696.7 s."""
    import_file(engine, shared_data / TWEETS)
    with reading(engine) as session:
        posts = {row.native_id: row for row in session.execute(select(Post.__table__))}  # type: ignore[attr-defined]
        team = set(session.scalars(select(AccountRole.identity_id)))
    waits = sorted(
        (post.occurred_at - posts[post.parent_native_id].occurred_at).total_seconds()
        for post in posts.values()
        if post.author_id in team
        and post.parent_native_id in posts
        and posts[post.parent_native_id].author_id not in team
    )
    assert len(waits) == 2_188
    assert sum(waits[1093:1095]) / 2 == 723.5
    assert sum(waits) / len(waits) == pytest.approx(12_696.7, abs=0.05)


@OF_AIRLINE
def test_airline_tweets_are_sorted_to_their_airlines(engine: Engine, shared_data: Path) -> None:
    import_file(engine, shared_data / AIRLINE)
    assert count(engine, select(func.count()).select_from(Channel)) == 6
    scored = count(engine, select(func.count()).select_from(PostScore).where(PostScore.label.is_not(None)))  # type: ignore[union-attr]
    assert scored / 7_239 > 0.99


def test_folder_of_native_exports_becomes_threads(engine: Engine, shared_data: Path) -> None:
    import_real(engine, shared_data / "native/discourse", shared_data / "native/slack_export")
    assert max(row[4] for row in rows_of(engine, ["conversation"])["conversation"]) >= 20
    replies = select(func.count()).select_from(Interaction).where(Interaction.kind == "reply")
    assert count(engine, replies) > 0
