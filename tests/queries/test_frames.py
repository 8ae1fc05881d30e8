"""Rows as frames: dtypes do not depend on what the rows hold, nor on the engine."""

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from data_access.models.derived import DailyActivity, PostDay, PostScore
from data_access.models.facts import Post
from data_access.queries.frames import Rows, read_frame
from tests.answers.store import MONDAY, add_channel, add_daily, add_person, add_post, at

POSTS: Rows = (
    select(
        col(Post.id),
        col(Post.occurred_at),
        col(Post.text),
        col(Post.likes),
        col(PostDay.day),
        col(PostScore.compound),
        col(PostScore.is_question),
    )
    .join(PostDay, col(PostDay.post_id) == col(Post.id))
    .join(PostScore, col(PostScore.post_id) == col(Post.id))
)
DTYPES = {
    "id": "int64",
    "occurred_at": "datetime64[us, UTC]",
    "text": "object",
    "likes": "Int64",
    "day": "datetime64[us]",
    "compound": "float64",
    "is_question": "bool",
}


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


def test_read_frame_has_the_same_dtypes_when_there_is_no_row(session: Session) -> None:
    empty = read_frame(session, POSTS, optional=["likes"])
    assert empty.empty
    assert dtypes(empty) == DTYPES
    add_channel(session)
    add_person(session, 1)
    add_post(session, 1, moment=at(MONDAY, 9), label=None)
    filled = read_frame(session, POSTS, optional=["likes"])
    assert dtypes(filled) == DTYPES
    assert filled["likes"].isna().all()
    assert filled["compound"].isna().all()
    assert filled.loc[0, "occurred_at"] == pd.Timestamp(at(MONDAY, 9))
    assert filled.loc[0, "day"] == pd.Timestamp(MONDAY)


def test_read_frame_keeps_sums_whole_when_they_are_large(session: Session) -> None:
    add_channel(session)
    for number in range(3):
        add_daily(session, MONDAY, side=f"side {number}", posts=2**53 + 1)
    total: Rows = select(func.sum(DailyActivity.posts).label("posts"))
    frame = read_frame(session, total)
    assert frame["posts"].tolist() == [3 * (2**53 + 1)]
