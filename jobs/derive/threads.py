"""Which post answers which, and which conversation each belongs to, whatever order the posts arrive in.

A post hangs from its parent; where the store lacks the parent, from the root that its file states; else from nothing.
A conversation is named by the post at the end of that chain.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, delete, select, update
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_columns, insert_tuples, read_stored
from data_access.models import facts
from data_access.new_posts import NewPosts
from data_access.upsert import Key, chunks, find_ids
from data_access.upsert import Row as Fact
from jobs.derive.people import POST, POST_THREAD

_COLUMNS = ("post_id", "parent_id", "link_id", "conversation_id")
_PARENT = POST.alias("parent")
_ROOT = POST.alias("root")
_key_of = itemgetter("network", "source", "native_id")
#: What a post says stands above it.
_ABOVE = ("parent_native_id", "root_native_id")


@dataclass
class Linked:
    """What linking did: conversations whose members changed, and posts that found their parent."""

    conversations: set[int] = field(default_factory=set)
    answered: list[int] = field(default_factory=list)


def find_ends(links: Mapping[int, int | None], known: Mapping[int, int] | None = None) -> dict[int, int]:
    """For each post the end of its chain of links. A ring, which only damaged data has, ends at its lowest id.

    ``known`` gives the ends of posts outside ``links``; a link to a post in neither ends the chain at that post.

    >>> find_ends({1: None, 2: 1, 3: 2, 7: 8, 8: 7})
    {1: 1, 2: 1, 3: 1, 7: 7, 8: 7}
    """
    ends: dict[int, int] = {}
    for start, link in links.items():
        if link is None:
            ends[start] = start
            continue
        path: dict[int, None] = {}
        current = start
        while current not in ends and current not in path and links.get(current) is not None:
            path[current] = None
            current = links[current]  # type: ignore[assignment]
        if current in path:
            ring = list(path)[list(path).index(current) :]
            end = min(ring)
        else:
            end = ends.get(current, (known or {}).get(current, current))
        ends.update(dict.fromkeys(path, end))
        ends.setdefault(start, end)
    return ends


def _select_links() -> Select[Any]:
    """Each post with its parent's and its stated root's id, where the store has them."""
    same_parent = and_(
        _PARENT.c.network == POST.c.network,
        _PARENT.c.source == POST.c.source,
        _PARENT.c.native_id == POST.c.parent_native_id,
    )
    same_root = and_(
        _ROOT.c.network == POST.c.network,
        _ROOT.c.source == POST.c.source,
        _ROOT.c.native_id == POST.c.root_native_id,
    )
    return select(POST.c.id, _PARENT.c.id.label("parent_id"), _ROOT.c.id.label("root_id")).select_from(
        POST.outerjoin(_PARENT, same_parent).outerjoin(_ROOT, same_root)
    )


def _thread_row(post_id: int, parent_id: int | None, root_id: int | None) -> dict[str, Any]:
    parent = parent_id if parent_id != post_id else None
    root = root_id if root_id != post_id else None
    return {"post_id": post_id, "parent_id": parent, "link_id": parent if parent is not None else root}


def link_posts(session: Session, post_ids: Sequence[int], written: Mapping[int, Fact] | None = None) -> Linked:
    """Thread these posts, new or changed, and the posts that waited for them. ``written``: those that are new, as they
    were just written."""
    linked = Linked()
    if not post_ids:
        return linked
    new = written or {}
    known_before = [post_id for post_id in post_ids if post_id not in new]
    old = _read_threads(session, known_before)
    rows = _link_written(session, new) | _link_known(session, known_before)
    if waiting := sorted(_list_waiting(session, known_before, new) - rows.keys()):
        rows.update(_link_known(session, waiting))
        old.update(_read_threads(session, waiting))
    moved = [row_id for row_id in old if row_id in rows and rows[row_id]["link_id"] != old[row_id].link_id]
    linked.answered = [
        row_id
        for row_id, row in rows.items()
        if row["parent_id"] is not None and (row_id not in old or old[row_id].parent_id != row["parent_id"])
    ]
    linked.conversations.update(old[row_id].conversation_id for row_id in rows if row_id in old)
    members = _read_members(session, {old[row_id].conversation_id for row_id in moved})
    links: dict[int, int | None] = {row.post_id: row.link_id for row in members}
    links.update({row_id: row["link_id"] for row_id, row in rows.items()})
    outside = {link for link in links.values() if link is not None and link not in links}
    known = {i: row.conversation_id for i, row in _read_threads(session, sorted(outside)).items()}
    ends = find_ends(links, known)
    current = {row.post_id: row.conversation_id for row in members}
    current.update({row_id: old[row_id].conversation_id for row_id in rows if row_id in old})
    _store(session, rows, old.keys(), ends, current)
    linked.conversations.update(ends[row_id] for row_id in rows)
    linked.conversations.update(ends[i] for i in current)
    return linked


class NewThreads(NamedTuple):
    """Where new posts stand, in their order: the parent's id, if it is in the store, and the conversation."""

    parents: list[int | None]
    conversations: list[int]


def link_new_posts(session: Session, posts: NewPosts) -> NewThreads | None:
    """Thread posts that have just come in. None, and nothing written, where posts that were there before wait for one
    of them."""
    first = posts.ids[0]
    if _is_awaited(session, posts.keys, first):
        return None
    network, source = posts.facts["network"], posts.facts["source"]
    above = [list(zip(network, source, posts.facts[name], strict=True)) for name in _ABOVE]
    ids: dict[Key, int] = dict(zip(posts.keys, posts.ids, strict=True))
    named = {key for keys in above for key in set(keys) if key[2] is not None}
    ids.update(find_ids(session, facts.Post, named - ids.keys()))
    parents, roots = (
        [None if found == i else found for i, found in zip(posts.ids, map(ids.get, keys), strict=True)]
        for keys in above
    )
    links = [root if parent is None else parent for parent, root in zip(parents, roots, strict=True)]
    known = _read_conversations(session, {link for link in links if link is not None and link < first})
    conversations = _find_new_ends(posts.ids, links, known)
    held: tuple[Sequence[Any], ...] = (posts.ids, parents, links, conversations)
    columns = dict(zip(_COLUMNS, held, strict=True))
    insert_columns(session, POST_THREAD, columns)
    return NewThreads(parents, conversations)


def _find_new_ends(ids: range, links: Sequence[int | None], known: Mapping[int, int]) -> list[int]:
    """``find_ends``, as quickly as can be where parents come before what answers them."""
    ends: dict[int, int] = {}
    first = ids[0]
    for post_id, link in zip(ids, links, strict=True):
        if link is None:
            ends[post_id] = post_id
        elif link < first:
            ends[post_id] = known.get(link, link)
        elif link < post_id:
            ends[post_id] = ends[link]
        else:
            ends = find_ends(dict(zip(ids, links, strict=True)), known)
            break
    return list(map(ends.__getitem__, ids))


def _is_awaited(session: Session, keys: Sequence[Key], first: int) -> bool:
    """Whether a post from before ``first`` names one of these as its parent or root."""
    wanted = set(keys)
    for part in chunks([native_id for _, _, native_id in keys]):
        for column in (POST.c[name] for name in _ABOVE):
            statement = select(POST.c.network, POST.c.source, column).where(among(column, part), POST.c.id < first)
            if not wanted.isdisjoint(read_stored(session, statement)):
                return True
    return False


def _read_conversations(session: Session, post_ids: Collection[int]) -> dict[int, int]:
    columns = select(POST_THREAD.c.post_id, POST_THREAD.c.conversation_id)
    return {
        post_id: conversation_id
        for part in chunks(sorted(post_ids))
        for post_id, conversation_id in read_stored(session, columns.where(among(POST_THREAD.c.post_id, part)))
    }


def _link_known(session: Session, post_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    return {
        row.id: _thread_row(row.id, row.parent_id, row.root_id)
        for part in chunks(list(post_ids))
        for row in session.execute(_select_links().where(among(POST.c.id, part)))
    }


def _link_written(session: Session, written: Mapping[int, Fact]) -> dict[int, dict[str, Any]]:
    ids: dict[Key, int] = dict(zip(map(_key_of, written.values()), written, strict=True))
    named = {
        (row["network"], row["source"], row[name])
        for row in written.values()
        for name in _ABOVE
        if row[name] is not None
    }
    if named:
        ids.update(find_ids(session, facts.Post, named - ids.keys()))
    linked = {}
    for i, row in written.items():
        parent, root = row["parent_native_id"], row["root_native_id"]
        network, source = row["network"], row["source"]
        linked[i] = _thread_row(
            i,
            None if parent is None else ids.get((network, source, parent)),
            None if root is None else ids.get((network, source, root)),
        )
    return linked


def _list_waiting(session: Session, post_ids: Sequence[int], written: Mapping[int, Fact]) -> set[int]:
    """Posts in the store that name one of these as their parent or root."""
    keys = set(map(_key_of, written.values()))
    for part in chunks(list(post_ids)):
        found = session.execute(select(POST.c.network, POST.c.source, POST.c.native_id).where(among(POST.c.id, part)))
        keys.update((network, source, native_id) for network, source, native_id in found)
    waiting: set[int] = set()
    for part in chunks(sorted({native_id for _, _, native_id in keys})):
        for column in (POST.c[name] for name in _ABOVE):
            statement = select(POST.c.id, POST.c.network, POST.c.source, column).where(among(column, part))
            found_there = read_stored(session, statement)
            waiting.update(row_id for row_id, *key in found_there if tuple(key) in keys)
    return waiting


def _read_threads(session: Session, post_ids: Sequence[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for part in chunks(list(post_ids)):
        rows = session.execute(select(POST_THREAD).where(among(POST_THREAD.c.post_id, part))).all()
        found.update({row.post_id: row for row in rows})
    return found


def _read_members(session: Session, conversations: Iterable[int]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for part in chunks(sorted(conversations)):
        found += session.execute(select(POST_THREAD).where(among(POST_THREAD.c.conversation_id, part))).all()
    return found


def _store(
    session: Session,
    rows: Mapping[int, dict[str, Any]],
    existing: Iterable[int],
    ends: Mapping[int, int],
    current: Mapping[int, int],
) -> None:
    connection = session.connection()
    known = set(existing)
    fresh = [(i, row["parent_id"], row["link_id"], ends[i]) for i, row in rows.items() if i not in known]
    insert_tuples(session, POST_THREAD, _COLUMNS, fresh)
    changed = [{"b_id": i, "parent": row["parent_id"], "link": row["link_id"]} for i, row in rows.items() if i in known]
    if changed:
        statement = update(POST_THREAD).where(POST_THREAD.c.post_id == bindparam("b_id"))
        connection.execute(statement.values(parent_id=bindparam("parent"), link_id=bindparam("link")), changed)
    moves = [{"b_id": i, "end": ends[i]} for i, before in current.items() if ends[i] != before]
    if moves:
        statement = update(POST_THREAD).where(POST_THREAD.c.post_id == bindparam("b_id"))
        connection.execute(statement.values(conversation_id=bindparam("end")), moves)


def forget_threads(session: Session, post_ids: Sequence[int]) -> Linked:
    """Take posts that go away out of their conversations, and thread anew what hung from them."""
    gone = set(post_ids)
    old = _read_threads(session, sorted(gone))
    members = _read_members(session, {row.conversation_id for row in old.values()})
    for part in chunks(sorted(gone)):
        session.connection().execute(delete(POST_THREAD).where(among(POST_THREAD.c.post_id, part)))
    orphans = [row.post_id for row in members if row.post_id not in gone and row.link_id in gone]
    orphans += [row.post_id for row in members if row.post_id not in gone and row.parent_id in gone]
    return Linked(conversations={row.conversation_id for row in old.values()}, answered=sorted(set(orphans)))
