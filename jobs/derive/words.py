"""The words by which accounts are found, kept up account by account."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, delete, select
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.identity_names import list_names
from data_access.models import derived, facts
from data_access.search_words import list_account_words
from data_access.upsert import chunks, table

IDENTITY = table(facts.Identity)
WORD = table(derived.AccountWord)
#: What the words of an account come from.
NAMED = ("handle", "display_name", "email", "organization", "email_verified")


def derive_words(session: Session, ids: Sequence[int]) -> None:
    """Bring the words of these accounts to what they say now."""
    columns = (IDENTITY.c[name] for name in ("id", *NAMED))
    statement = select(*columns)
    for part in chunks(sorted(set(ids))):
        keep_words(session, session.execute(statement.where(among(IDENTITY.c.id, part))).all(), known=part)


def list_words_of(session: Session, rows: Sequence[Row[Any]]) -> set[tuple[int, str]]:
    """The words that these accounts (rows with ``id`` and ``NAMED``) are to have, also of names that they had before:
    (account, word)."""
    names = list_names(session, [row.id for row in rows])
    return {
        (row.id, word)
        for row in rows
        for word in list_account_words(**{name: getattr(row, name) for name in NAMED}, names=names.get(row.id, ()))
    }


def keep_words(session: Session, rows: Sequence[Row[Any]], *, known: Collection[int]) -> None:
    """Bring the words of these accounts (rows with ``id`` and ``NAMED``) to what they say, touching only what differs.
    Accounts that are not ``known`` have no words yet."""
    wanted = list_words_of(session, rows)
    held = _read_words(session, [row.id for row in rows if row.id in known])
    stale: dict[int, list[str]] = {}
    for account, word in sorted(held - wanted):
        stale.setdefault(account, []).append(word)
    for account, words in stale.items():
        gone = delete(WORD).where(WORD.c.identity_id == account, WORD.c.word.in_(words))
        session.connection().execute(gone)
    fresh = sorted(wanted - held)
    if fresh:
        insert_rows(session, WORD, [{"identity_id": account, "word": word} for account, word in fresh])


def _read_words(session: Session, ids: Sequence[int]) -> set[tuple[int, str]]:
    held: set[tuple[int, str]] = set()
    for part in chunks(ids):
        statement = select(WORD.c.identity_id, WORD.c.word).where(among(WORD.c.identity_id, part))
        held.update((account, word) for account, word in session.execute(statement))
    return held


def forget_words(session: Session, ids: Sequence[int]) -> None:
    """Drop the words of accounts that are about to go."""
    for part in chunks(ids):
        session.connection().execute(delete(WORD).where(among(WORD.c.identity_id, part)))
