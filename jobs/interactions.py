"""Interactions that follow from posts: replies and shares towards who wrote the parent, mentions of who is named.

What a version of a post states holds while the post has that version's author, parent, time and kind.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import compress
from operator import ne
from typing import Any

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_columns, read_stored
from data_access.models import facts
from data_access.models.facts import InteractionKind, PostKind
from data_access.new_posts import NewPosts
from data_access.upsert import FactWriter, Outcome, Row, chunks, find_ids, stored_columns
from jobs.derive.people import INTERACTION, POST, POST_THREAD
from jobs.derive.threads import NewThreads

#: With another of these, a post is another than it was.
_MAKING = ("author_id", "parent_native_id", "occurred_at", "kind")
#: What tells whom a stated post names.
_NAMING = ("network", "source", "native_id", "kind", "parent_author", "mentions")
#: The columns of what is written.
_WRITTEN = (
    *("network", "source", "native_id", "kind", "actor_id", "target_id", "post_id", "occurred_at", "observed_at"),
)
_ANSWERS = (InteractionKind.REPLY, InteractionKind.SHARE)


def settle_interactions(
    session: Session, writer: FactWriter, posts: Sequence[Row], outcome: Outcome, answered: Sequence[int]
) -> None:
    """Bring the interactions of staged posts, as ``outcome`` says that they were written, and of those that have found
    their parent (``answered``) to what holds now."""
    stated = _list_stated_rows(session, writer, list(_list_speaking(session, writer, posts, outcome)))
    made = [i for i, was in outcome.before.items() if not was.keys().isdisjoint(_MAKING)]
    moved = [i for i in made if any(outcome.before[i].get(name) is not None for name in _MAKING)]
    by_parent = [i for i in answered if i not in outcome.rows]
    by_parent += _list_answers_to(session, [i for i in made if "author_id" in outcome.before[i]])
    replies = _list_replies(session, sorted({*answered, *made, *by_parent}))
    # a parent that is known says better than the file whose it is
    wanted = [row for row in stated if row["kind"] == InteractionKind.MENTION or row["post_id"] not in replies]
    wanted += [row for row in replies.values() if row["actor_id"] != row["target_id"]]
    stood = _read_standing(session, moved)
    stood += _read_standing(session, sorted((replies.keys() & by_parent) - {*moved}), kinds=_ANSWERS)
    writer.settle(session, facts.Interaction, stood, wanted)


def settle_new_interactions(session: Session, writer: FactWriter, posts: NewPosts, threads: NewThreads) -> None:
    """Write the interactions of posts that have just come in, whose threads are known."""
    targets = _list_parents_authors(session, posts, threads)
    facts_of = posts.facts
    authors = facts_of["author_id"]
    answering = [
        place
        for place, (author, target) in enumerate(zip(authors, targets, strict=True))
        if target is not None and author is not None
    ]
    stated = _list_stated_rows(session, writer, _list_newly_speaking(posts))
    if stated:
        known = {posts.ids[place] for place in answering}
        stated = [row for row in stated if row["kind"] == InteractionKind.MENTION or row["post_id"] not in known]
    names = ("network", "source", "native_id", "kind", "occurred_at")
    values = zip(*(facts_of[name] for name in names), authors, targets, posts.ids, strict=True)
    rows = [_answer(*row) for row in compress(values, map(ne, authors, targets)) if None not in row[5:7]]
    rows = [*(tuple(map(row.__getitem__, _WRITTEN)) for row in stated), *rows]
    _add(session, writer, rows)


def _list_parents_authors(session: Session, posts: NewPosts, threads: NewThreads) -> list[int | None]:
    """Who wrote the parent of each post, as far as anybody knows."""
    first, authors = posts.ids[0], posts.facts["author_id"]
    before = {parent for parent in threads.parents if parent is not None and parent < first}
    columns = select(POST.c.id, POST.c.author_id)
    known: dict[int | None, int | None] = {}
    for part in chunks(sorted(before)):
        known.update(read_stored(session, columns.where(among(POST.c.id, part))))
    return [
        known.get(parent) if parent is None or parent < first else authors[parent - first] for parent in threads.parents
    ]


def _list_newly_speaking(posts: NewPosts) -> list[tuple[Row, Row]]:
    """Of new posts those that name anybody: as they are, and as they were stated."""
    stated, facts_of = posts.stated, posts.facts
    return [
        (
            {
                "id": posts.ids[place],
                "author_id": facts_of["author_id"][place],
                "occurred_at": facts_of["occurred_at"][place],
            },
            {name: stated[name][place] for name in _NAMING},
        )
        for place, (mentions, parent_author) in enumerate(zip(stated["mentions"], stated["parent_author"], strict=True))
        if (mentions or parent_author) and facts_of["author_id"][place] is not None
    ]


def _add(session: Session, writer: FactWriter, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write interactions, of ``_WRITTEN``, that follow from new posts."""
    if not rows:
        return
    columns: dict[str, Sequence[Any]] = dict(zip(_WRITTEN, zip(*rows, strict=True), strict=True))
    keys = zip(columns["network"], columns["source"], columns["native_id"], strict=True)
    if find_ids(session, facts.Interaction, keys):  # somebody's file says so by itself
        writer.upsert(session, facts.Interaction, [dict(zip(_WRITTEN, row, strict=True)) for row in rows])
        return
    columns["id"] = writer.next_ids(session, facts.Interaction, len(rows))
    columns["run_id"] = [writer.run_id] * len(rows)
    insert_columns(session, INTERACTION, columns)


def _answer(
    network: str, source: str, native_id: str, kind: str, at: int, actor: int, target: int, post_id: int
) -> tuple[Any, ...]:
    """A reply or share as it is written: ``_WRITTEN``."""
    as_kind = "share" if kind == "share" else "reply"
    return (network, source, f"{as_kind}:{native_id}", as_kind, actor, target, post_id, at, at)


def _list_stated_rows(session: Session, writer: FactWriter, speaking: Sequence[tuple[Row, Row]]) -> list[Row]:
    """Mentions, and replies whose addressee the file names, of posts as they are and as they were stated."""
    keys = {
        (post["network"], post["source"], name)
        for _, post in speaking
        for name in (post["parent_author"], *post["mentions"])
        if name
    }
    accounts = writer.identity_ids(session, keys)
    rows: dict[tuple[int, str], Row] = {}
    for fact, post in speaking:
        place = (post["network"], post["source"])
        named = [(InteractionKind.MENTION, f":{name}", name) for name in post["mentions"]]
        if post["parent_author"]:
            named.append((_answer_kind(post["kind"]), "", post["parent_author"]))
        for kind, suffix, name in named:
            target = accounts[(*place, name)]
            if target != fact["author_id"]:
                row = _row(
                    *place, post["native_id"], kind, suffix, fact["author_id"], target, fact["id"], fact["occurred_at"]
                )
                rows[fact["id"], row["native_id"]] = row
    return list(rows.values())


def _list_speaking(
    session: Session, writer: FactWriter, posts: Sequence[Row], outcome: Outcome
) -> Iterator[tuple[Row, Row]]:
    """Of the posts that were added or changed the versions that name anybody and hold: the post as it is, and the
    version."""
    naming = [post for post in posts if post["author"] and (post["parent_author"] or post["mentions"])]
    is_single = len(outcome.added) == len(posts)
    fresh = {*outcome.added, *outcome.changed}
    keys = {(post["network"], post["source"], post["author"]) for post in naming}
    accounts = writer.identity_ids(session, keys)
    for post in naming:
        post_id = outcome.ids[(post["network"], post["source"], post["native_id"])]
        if post_id not in fresh:
            continue
        fact = outcome.rows.get(post_id) or outcome.now[post_id]
        if is_single or (
            accounts[(post["network"], post["source"], post["author"])] == fact["author_id"]
            and post["parent"] in (None, fact["parent_native_id"])
            and (post["occurred_at"], post["kind"]) == (fact["occurred_at"], fact["kind"])
        ):
            yield fact, post


def _list_replies(session: Session, post_ids: Sequence[int]) -> dict[int, Row]:
    """Replies and shares, by post, of posts whose parent is in the store; also towards oneself."""
    parent = POST.alias("parent")
    columns: list[Any] = [POST.c[name] for name in ("id", "network", "source", "native_id", "kind", "author_id")]
    columns.append(type_coerce(POST.c.occurred_at, BigInteger).label("occurred_at"))
    statement = (
        select(*columns, parent.c.author_id.label("target_id"))
        .join(POST_THREAD, POST_THREAD.c.post_id == POST.c.id)
        .join(parent, parent.c.id == POST_THREAD.c.parent_id)
        .where(POST.c.author_id.is_not(None), parent.c.author_id.is_not(None))
    )
    return {
        r.id: _row(
            r.network, r.source, r.native_id, _answer_kind(r.kind), "", r.author_id, r.target_id, r.id, r.occurred_at
        )
        for part in chunks(list(post_ids))
        for r in session.execute(statement.where(among(POST.c.id, part))).all()
    }


def _list_answers_to(session: Session, post_ids: Sequence[int]) -> list[int]:
    """The posts that answer or share these: their author may have become known only now."""
    found: list[int] = []
    for part in chunks(list(post_ids)):
        found += session.scalars(select(POST_THREAD.c.post_id).where(among(POST_THREAD.c.parent_id, part)))
    return found


def _read_standing(
    session: Session, post_ids: Sequence[int], kinds: Collection[str] = (*_ANSWERS, InteractionKind.MENTION)
) -> list[Row]:
    """The interactions of these posts that follow from them; what a file says by itself is its own."""
    statement = select(*stored_columns(facts.Interaction), POST.c.native_id.label("of_post")).join_from(
        INTERACTION, POST, POST.c.id == INTERACTION.c.post_id
    )
    found = []
    for part in chunks(list(post_ids)):
        for row in session.execute(statement.where(among(INTERACTION.c.post_id, part))).mappings():
            held = dict(row)
            own = f"{held['kind']}:{held.pop('of_post')}"
            if held["kind"] in kinds and (held["native_id"] == own or held["native_id"].startswith(f"{own}:")):
                found.append(held)
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
