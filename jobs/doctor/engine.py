"""The engine: whether what it keeps is whole, and whether the tables and indexes are those of this Rapport."""

import re
from collections.abc import Iterator

from sqlalchemy import inspect, text
from sqlmodel import Session, SQLModel

from data_access.post_index import INDEX
from data_access.store import newest_revision
from jobs.doctor.findings import Again, Finding, note, or_fine, repairable, wrong

CHECK = "engine"
_WHOLE_UP_TO_BYTES = 300_000_000
_SAID = 20
_OF_AN_INDEX = re.compile(r"wrong # of entries in index (\S+)|missing from index (\S+)|non-unique entry in index (\S+)")
_BACKUP = "Stop what writes to it, keep a copy of the file, and put the last backup back; then import what came since."


def check_engine(session: Session) -> list[Finding]:
    """Integrity as the engine itself tells it, and the schema."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    found = [*(_check_sqlite(session) if is_sqlite else _check_postgresql(session)), *_check_schema(session)]
    said = "The file is whole" if is_sqlite else "The server answers"
    return or_fine(CHECK, found, f"{said}, its indexes are valid, and the schema is {newest_revision()}.")


def _check_sqlite(session: Session) -> Iterator[Finding]:
    pages, size = (session.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
    pragma = "integrity_check" if pages * size < _WHOLE_UP_TO_BYTES else "quick_check"
    said = [row[0] for row in session.execute(text(f"PRAGMA {pragma}({_SAID})")) if row[0] != "ok"]
    indexes = {next(filter(None, found.groups())) for line in said if (found := _OF_AN_INDEX.search(line))}
    if indexes:
        names = ", ".join(sorted(indexes))
        yield repairable(CHECK, f"Indexes do not hold what their tables do: {names}.", Again(reindex=indexes))
    damaged = [line for line in said if not _OF_AN_INDEX.search(line)]
    if damaged:
        yield wrong(CHECK, f"The file is damaged: {'; '.join(damaged[:3])}.", _BACKUP)


def _check_postgresql(session: Session) -> Iterator[Finding]:
    here = "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()"
    invalid = session.scalars(
        text(f"SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid {here} WHERE NOT i.indisvalid")
    )
    names = set(invalid)
    if names:
        said = ", ".join(sorted(names))
        yield repairable(CHECK, f"Indexes are not valid, and so not used: {said}.", Again(reindex=names))


def _check_schema(session: Session) -> Iterator[Finding]:
    revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision != newest_revision():
        yield wrong(
            CHECK, f"The schema is {revision}, and this Rapport's is {newest_revision()}.", "Open it with this Rapport."
        )
        return
    inspector = inspect(session.connection())
    held = {index["name"] for name in inspector.get_table_names() for index in inspector.get_indexes(name)}
    missing = [
        index
        for target in SQLModel.metadata.sorted_tables
        for index in target.indexes
        if index.name is not None and index.name not in held
    ]
    if missing:
        names = ", ".join(str(index.name) for index in missing)
        yield repairable(CHECK, f"Indexes are missing, which makes pages slow: {names}.", Again(indexes=missing))
    unknown = sorted(set(SQLModel.metadata.tables) - set(inspector.get_table_names()))
    if unknown:
        yield wrong(CHECK, f"Tables are missing: {', '.join(unknown)}.", _BACKUP)
    strangers = sorted(set(inspector.get_table_names()) - set(SQLModel.metadata.tables) - {"alembic_version"})
    strangers = [name for name in strangers if not name.startswith(("sqlite_", INDEX))]
    if strangers:
        yield note(CHECK, f"Tables that Rapport does not know stand here, too: {', '.join(strangers)}.")
