"""The words of posts, kept for the search (``data_access.queries.post_search``).

SQLite: an FTS5 table without contents, ``post_search``. Its row ids are seconds since 2000 and the post's id side by
side, so that its own order is that of time. FTS5 writes a segment whenever a row id is lower than the one before, and
exports come in any order; so triggers only note what changed or went, in ``post_search_due``, and each writing
transaction takes that over, and the posts behind the last id that is in, in the order of time before it commits. The
index is never behind, at a tenth of the cost of a trigger on each new row.

PostgreSQL: a GIN index over an expression, which the engine keeps. Two words that it adds to each post, one for its
week and one for its four weeks, let the search begin with the newest.
"""

from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

#: Every table of SQLite's index begins so.
INDEX = "post_search"
IN_POSTGRES = "ix_post_words"
_SECONDS_TO_2000 = 946_684_800
_FARTHEST = 2**31
_IDS = 2**32
_KEY = f"max(-{_FARTHEST}, min({_FARTHEST - 1}, post.occurred_at / 1000000 - {_SECONDS_TO_2000})) * {_IDS} + post.id"
#: More posts than these are read along the index of their times: sorting them would take as much memory as their texts.
_MANY = 100_000
_IN_ORDER_OF_TIME = (
    f"INSERT INTO {INDEX} (rowid, title, text) SELECT {_KEY}, post.title, post.text "
    "FROM post INDEXED BY ix_post_occurred_at {} ORDER BY post.occurred_at, post.id"
)
_PAGES_AT_A_TIME = 500
#: What PostgreSQL would take for hosts, addresses, tags, versions and signs of numbers: here each only parts words.
PARTING = "./@-_:&=?#+~<>"
#: As in the migration that made the index, letter for letter: else PostgreSQL does not use it.
WORDS_IN_POSTGRES = (
    "to_tsvector('simple'::regconfig, translate(left(coalesce(post.title, '') || ' ' || post.text, 100000), "
    f"'{PARTING}', '{' ' * len(PARTING)}') "
    "|| ' rapportweek' || (post.occurred_at / 604800000000)::text "
    "|| ' rapportmonth' || (post.occurred_at / 2419200000000)::text)"
)
_CHANGED = "OLD.title IS NOT NEW.title OR OLD.text IS NOT NEW.text OR OLD.occurred_at IS NOT NEW.occurred_at"
_INDEXED = f"OLD.id <= (SELECT last_id FROM {INDEX}_state)"
_NOTE = (
    f"BEGIN INSERT INTO {INDEX}_due (post_id, key, title, text) "
    f"VALUES (OLD.id, {_KEY.replace('post.', 'OLD.')}, OLD.title, OLD.text) ON CONFLICT (post_id) DO NOTHING; END"
)
#: What the search stands on in SQLite, as the migration makes it.
_PARTS = {
    INDEX: f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
    "title, text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')",
    f"{INDEX}_due": f"CREATE TABLE IF NOT EXISTS {INDEX}_due "
    "(post_id INTEGER PRIMARY KEY, key INTEGER, title TEXT, text TEXT)",
    f"{INDEX}_state": f"CREATE TABLE IF NOT EXISTS {INDEX}_state (last_id INTEGER NOT NULL)",
    f"{INDEX}_changed": f"CREATE TRIGGER IF NOT EXISTS {INDEX}_changed "
    f"AFTER UPDATE OF title, text, occurred_at ON post WHEN {_INDEXED} AND ({_CHANGED}) {_NOTE}",
    f"{INDEX}_removed": f"CREATE TRIGGER IF NOT EXISTS {INDEX}_removed AFTER DELETE ON post WHEN {_INDEXED} {_NOTE}",
}


def is_of_models(_thing: Any, name: str | None, _kind: str, _reflected: bool, _compared: Any) -> bool:
    """Whether a table or an index of a store follows from the models; the index over the words of posts does not. As
    Alembic asks it."""
    return not (name or "").startswith((INDEX, IN_POSTGRES))


def row_key(micros: int, post_id: int) -> int:
    """Where a post of that time stands in SQLite's index.

    >>> row_key(946_684_800_000_000, 7), row_key(946_684_801_500_000, 7) == 2**32 + 7
    (7, True)
    """
    seconds = abs(micros) // 1_000_000 * (1 if micros >= 0 else -1) - _SECONDS_TO_2000  # SQLite cuts towards zero
    return max(-_FARTHEST, min(_FARTHEST - 1, seconds)) * _IDS + post_id


def read_key(key: int) -> tuple[int, int]:
    """Time (in microseconds, of whole seconds) and id of a post in SQLite's index.

    >>> read_key(row_key(946_684_801_500_000, 7))
    (946684801000000, 7)
    """
    seconds, post_id = divmod(key, _IDS)
    return (seconds + _SECONDS_TO_2000) * 1_000_000, post_id


def index_posts(connection: Connection) -> None:
    """Take over what changed in the posts since the last time. Each writing transaction does so before it commits."""
    if connection.dialect.name != "sqlite":
        return
    run = connection.exec_driver_sql
    is_due = run(f"SELECT 1 FROM {INDEX}_due LIMIT 1").first() is not None
    last, newest = run(f"SELECT last_id, (SELECT coalesce(max(id), 0) FROM post) FROM {INDEX}_state").one()
    if is_due:
        run(
            f"INSERT INTO {INDEX} ({INDEX}, rowid, title, text) "
            f"SELECT 'delete', key, title, text FROM {INDEX}_due ORDER BY key"
        )
        run(
            f"INSERT INTO {INDEX} (rowid, title, text) SELECT {_KEY} AS place, post.title, post.text "
            f"FROM {INDEX}_due JOIN post ON post.id = {INDEX}_due.post_id ORDER BY place"
        )
        run(f"DELETE FROM {INDEX}_due")
    if newest - last > _MANY:
        run(_IN_ORDER_OF_TIME.format("WHERE post.id > ?"), (last,))
    elif newest > last:
        run(
            f"INSERT INTO {INDEX} (rowid, title, text) SELECT {_KEY} AS place, post.title, post.text "
            f"FROM post WHERE post.id > ? ORDER BY place",
            (last,),
        )
    if newest != last:  # lower where the newest went: their ids are given again
        run(f"UPDATE {INDEX}_state SET last_id = ?", (newest,))


def rebuild_post_index(connection: Connection) -> None:
    """Make the whole index anew from the posts, and what of it is missing. Takes some 10 seconds a million posts on
    SQLite."""
    if connection.dialect.name != "sqlite":
        is_missing = bool(list_missing_parts(connection))
        make = f"CREATE INDEX {IN_POSTGRES} ON post USING gin ({{}})" if is_missing else f"REINDEX INDEX {IN_POSTGRES}"
        connection.exec_driver_sql(make.format(WORDS_IN_POSTGRES))
        return
    run = connection.exec_driver_sql
    for statement in _PARTS.values():
        run(statement)
    run(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('automerge', 8)")
    run(f"INSERT INTO {INDEX}_state SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM {INDEX}_state)")
    run(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')")
    run(f"DELETE FROM {INDEX}_due")
    run(_IN_ORDER_OF_TIME.format(""))
    run(f"UPDATE {INDEX}_state SET last_id = (SELECT coalesce(max(id), 0) FROM post)")


def list_missing_parts(connection: Connection) -> list[str]:
    """Which tables, triggers or indexes the search stands on and does not find. Without its tables nobody can write."""
    if connection.dialect.name != "sqlite":
        there = text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname = :name")
        return [] if connection.execute(there, {"name": IN_POSTGRES}).first() else [IN_POSTGRES]
    held = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")).scalars())
    missing = [name for name in _PARTS if name not in held]
    state = f"{INDEX}_state"
    if state not in missing and connection.execute(text(f"SELECT 1 FROM {state}")).first() is None:
        missing.append(state)
    return missing


def mend_post_index(engine: Engine) -> None:
    """Make the index anew where a part of it is missing: else no transaction could write."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if list_missing_parts(connection):
            rebuild_post_index(connection)


def is_indexed(session: Session, post_id: int, micros: int, word: str) -> bool:
    """Whether SQLite's index finds a post of that time by a word of it (ASCII letters and digits)."""
    found = text(f"SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH :word AND rowid = :key")
    return session.execute(found, {"word": f'"{word}"', "key": row_key(micros, post_id)}).first() is not None


def count_indexed(session: Session) -> int:
    """How many posts the index says that it holds; on PostgreSQL, which keeps it itself, every post."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return int(connection.execute(text("SELECT count(*) FROM post")).scalar_one())
    block = connection.exec_driver_sql(f"SELECT block FROM {INDEX}_data WHERE id = 1").scalar()
    return _read_varint(bytes(block or b"\x00"))


def _read_varint(held: bytes) -> int:
    """A whole number as SQLite writes it: seven bits a byte, the highest first; a first bit says that more follow.

    >>> _read_varint(bytes([0x81, 0x00])), _read_varint(bytes([5, 9]))
    (128, 5)
    """
    number = 0
    for byte in held[:8]:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    return number


def forget_removed_words(engine: Engine) -> None:
    """Write SQLite's index anew without the words of posts that are gone, which else stand in it until their part of it
    is next written; in short transactions. Nobody is kept waiting for it: it reads the whole index."""
    if engine.dialect.name != "sqlite":
        return
    pages = -_PAGES_AT_A_TIME  # below 0: begin to make one part of all
    while _merge(engine, pages):
        pages = _PAGES_AT_A_TIME


def _merge(engine: Engine, pages: int) -> bool:
    """One step of making one part of all; whether there is more to do."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        run = connection.exec_driver_sql
        run("PRAGMA secure_delete=ON")
        before = run("SELECT total_changes()").scalar_one()
        run(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('merge', {pages})")
        return bool(run("SELECT total_changes()").scalar_one() - before >= 2)
