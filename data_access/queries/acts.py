"""What a person did that counts as taking part: acts by kind and time, through indexes."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import case, literal, select
from sqlmodel import Session, col

from data_access.models.facts import Feedback, Interaction, InteractionKind, Order, Post, PostKind, Visit
from data_access.queries.frames import Rows, read_frame

_POST_ACTS = {PostKind.REPLY: "reply", PostKind.COMMENT: "reply", PostKind.SHARE: "share"}


def list_acts(session: Session, accounts: Collection[int], *, since: datetime) -> pd.DataFrame:
    """What these accounts did since a time: ``kind`` (post, reply, share, answer: a reply that they received, visit,
    feedback, order; a refund is none), ``occurred_at`` (UTC)."""
    kind = case(*((col(Post.kind) == known, literal(act)) for known, act in _POST_ACTS.items()), else_=literal("post"))
    written: Rows = select(kind.label("kind"), col(Post.occurred_at)).where(
        col(Post.author_id).in_(accounts), col(Post.occurred_at) >= since, col(Post.deleted_at).is_(None)
    )
    answered: Rows = select(literal("answer").label("kind"), col(Interaction.occurred_at)).where(
        col(Interaction.target_id).in_(accounts),
        col(Interaction.actor_id).not_in(accounts),
        col(Interaction.occurred_at) >= since,
        col(Interaction.kind) == InteractionKind.REPLY,
    )
    bought: Rows = select(literal("order").label("kind"), col(Order.occurred_at)).where(
        col(Order.identity_id).in_(accounts),
        col(Order.occurred_at) >= since,
        col(Order.amount_minor) >= 0,
        col(Order.refund_of_native_id).is_(None),
    )
    visited: Rows = select(literal("visit").label("kind"), col(Visit.occurred_at)).where(
        col(Visit.identity_id).in_(accounts), col(Visit.occurred_at) >= since
    )
    said: Rows = select(literal("feedback").label("kind"), col(Feedback.occurred_at)).where(
        col(Feedback.identity_id).in_(accounts), col(Feedback.occurred_at) >= since
    )
    frames = [read_frame(session, statement) for statement in (written, answered, bought, visited, said)]
    return pd.concat(frames, ignore_index=True)
