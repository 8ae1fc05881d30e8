"""Interactions that follow from posts: replies and shares towards who wrote the parent, mentions of who is named."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.models.facts import InteractionKind, PostKind
from data_access.upsert import FactWriter, Key, Row, chunks
from jobs.derive.people import POST, POST_THREAD


def list_stated_rows(
    session: Session, writer: FactWriter, posts: Sequence[Row], ids: Mapping[Key, int], wanted: Collection[int]
) -> list[Row]:
    """Mentions, and replies whose addressee the file names, of the staged posts whose ids are ``wanted``."""
    named: dict[tuple[int, str, str], Row] = {}
    for post in posts:
        if not post["author"] or not (post["parent_author"] or post["mentions"]):
            continue
        post_id = ids[(post["network"], post["source"], post["native_id"])]
        if post_id not in wanted:
            continue
        if post["parent_author"]:
            named[(post_id, _answer_kind(post["kind"]), post["parent_author"])] = post
        for mentioned in post["mentions"]:
            named[(post_id, InteractionKind.MENTION, mentioned)] = post
    keys = {(p["network"], p["source"], name) for (_, _, name), p in named.items()}
    keys |= {(p["network"], p["source"], p["author"]) for p in named.values()}
    accounts = writer.identity_ids(session, keys)
    rows = []
    for (post_id, kind, name), post in named.items():
        place = (post["network"], post["source"])
        actor, target = accounts[(*place, post["author"])], accounts[(*place, name)]
        suffix = f":{name}" if kind == InteractionKind.MENTION else ""
        if actor != target:
            rows.append(_row(*place, post["native_id"], kind, suffix, actor, target, post_id, post["occurred_at"]))
    return rows


def list_reply_rows(session: Session, post_ids: Sequence[int]) -> list[Row]:
    """Replies and shares of posts whose parent is in the store."""
    parent = POST.alias("parent")
    columns: list[Any] = [POST.c[name] for name in ("id", "network", "source", "native_id", "kind", "author_id")]
    columns.append(type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at"))
    statement = (
        select(*columns, parent.c.author_id.label("target_id"))
        .join(POST_THREAD, POST_THREAD.c.post_id == POST.c.id)
        .join(parent, parent.c.id == POST_THREAD.c.parent_id)
        .where(POST.c.author_id.is_not(None), parent.c.author_id.is_not(None), parent.c.author_id != POST.c.author_id)
    )
    return [
        _row(r.network, r.source, r.native_id, _answer_kind(r.kind), "", r.author_id, r.target_id, r.id, r.occurred_at)
        for part in chunks(list(post_ids))
        for r in session.execute(statement.where(among(POST.c.id, part))).all()
    ]


def list_answers_to(session: Session, post_ids: Sequence[int]) -> list[int]:
    """The posts that answer or share these: their author may have become known only now."""
    found: list[int] = []
    for part in chunks(list(post_ids)):
        found += session.scalars(select(POST_THREAD.c.post_id).where(among(POST_THREAD.c.parent_id, part)))
    return found


def _answer_kind(post_kind: str) -> InteractionKind:
    return InteractionKind.SHARE if post_kind == PostKind.SHARE else InteractionKind.REPLY


def _row(
    network: str, source: str, native_id: str, kind: str, suffix: str, actor: int, target: int, post_id: int, at: int
) -> Row:
    return {
        "network": network,
        "source": source,
        "native_id": f"{kind}:{native_id}{suffix}",
        "kind": str(kind),
        "actor_id": actor,
        "target_id": target,
        "post_id": post_id,
        "occurred_at": at,
        "observed_at": at,
    }
