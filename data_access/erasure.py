"""People who asked to be forgotten: known by salted hashes alone, so that no import brings them back."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from data_access.decisions import list_standing
from data_access.models.decisions import Erasure
from data_access.records import (
    ChannelRecord,
    DealRecord,
    FeedbackRecord,
    IdentityRecord,
    InteractionRecord,
    OrderRecord,
    PostRecord,
    Record,
    VisitRecord,
    handle_id,
)
from data_access.settings import add_setting, list_setting_rows
from data_access.staging import FIELDS, KINDS, StagedRow

SALT_SETTING = "erasure_salt"
#: What stands where a name stood, and who decides what an import finds out.
ERASED_NAME, FINDER = "(erased)", "Rapport"
_LONGEST_NAME = 5
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ADDRESS = re.compile(r"[^\s@,;:\"'<>()|=]+@[^\s@,;:\"'<>()|=]+")
Key = tuple[str, str, str]


def hash_key(salt: str, *parts: str) -> str:
    """A hash of an account's key, or of an address, that says nothing without the salt.

    >>> hash_key("s", "net", "net.example", "ann") == hash_key("s", "net", "net.example", "ann")
    True
    >>> hash_key("s", "net", "net.example", "ann") == hash_key("t", "net", "net.example", "ann")
    False
    """
    return hmac.new(salt.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def name_hash(salt: str, name: str) -> str | None:
    """The hash of a full name, without case and what stands between its words; None for a single word.

    >>> name_hash("s", "Ann  LEE") == name_hash("s", "ann lee"), name_hash("s", "ann")
    (True, None)
    """
    words = _WORD.findall(name.casefold())
    return hash_key(salt, "name", *words) if 1 < len(words) <= _LONGEST_NAME else None


@dataclass
class Forgotten:
    """Who was erased. ``found``: hashes that an import came to know, not yet kept; ``newest``: the last row read."""

    salt: str = ""
    hashes: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    newest: int = 0

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def knows(self, network: str, source: str, native_id: str | None) -> bool:
        """Whether an account was erased."""
        return native_id is not None and hash_key(self.salt, network, source, native_id.lower()) in self.hashes

    def leave_out_staged(self, rows: Sequence[StagedRow]) -> list[StagedRow]:
        """The staged rows, all of one kind, as ``leave_out`` has them."""
        if not self or not rows:
            return list(rows)
        kind = KINDS[rows[0].kind]
        records = [kind(**row.values) for row in rows]
        if kind is IdentityRecord:
            known = -1
            while known != len(self.hashes):  # an account found late in the file may tell of one before it
                known = len(self.hashes)
                for record in records:
                    self.leave_out(record)
        kept = []
        for row, record in zip(rows, records, strict=True):
            found = self.leave_out(record)
            if found is not None:
                is_same = found is record
                kept.append(row if is_same else row._replace(values={n: getattr(found, n) for n in FIELDS[row.kind]}))
        return kept

    def without_addresses(self, raw: str | None) -> str | None:
        """A row as it stood, None where it has the address of somebody who was erased."""
        if not self or raw is None:
            return raw
        hashes = (hash_key(self.salt, "email", address.lower()) for address in _ADDRESS.findall(raw))
        return None if any(key_hash in self.hashes for key_hash in hashes) else raw

    def without_names(self, text: str | None) -> str | None:
        """A title with ``ERASED_NAME`` for each full name of somebody who was erased."""
        if not self or not text:
            return text
        words = list(_WORD.finditer(text))
        for first in range(len(words)):
            for last in range(min(first + _LONGEST_NAME, len(words)) - 1, first, -1):
                start, end = words[first].start(), words[last].end()
                if name_hash(self.salt, text[start:end]) in self.hashes:
                    return text[:start] + ERASED_NAME + (self.without_names(text[end:]) or "")
        return text

    def leave_out(self, record: Record) -> Record | None:
        """The record without those who were erased; None where nothing of it may come in.

        Sums stay: an order or an answer of theirs comes in as nobody's. What others wrote stays as they wrote it.
        """
        if isinstance(record, IdentityRecord):
            return self._leave_out_account(record)
        if isinstance(record, PostRecord):
            return self._leave_out_post(record)
        if isinstance(record, InteractionRecord):
            return None if self._any(record, record.actor, record.target) else record
        if isinstance(record, VisitRecord):
            return None if self._any(record, record.identity) else record
        if isinstance(record, OrderRecord):
            return replace(record, identity=None) if self._any(record, record.identity) else record
        if isinstance(record, FeedbackRecord):
            return replace(record, identity=None, comment=None) if self._any(record, record.identity) else record
        if isinstance(record, DealRecord):
            kept = tuple(name for name in record.contacts if not self._any(record, name))
            name = self.without_names(record.name)
            is_same = kept == tuple(record.contacts) and name == record.name
            return record if is_same else replace(record, contacts=kept, name=name)
        if isinstance(record, ChannelRecord):
            return self._leave_out_owner(record)
        return record

    def _any(self, record: "_Placed", *names: str | None) -> bool:
        return any(self.knows(record.network, record.source, name) for name in names)

    def _leave_out_account(self, record: IdentityRecord) -> IdentityRecord | None:
        address = record.email and hash_key(self.salt, "email", record.email.strip().lower())
        by_handle = handle_id(record.handle) if record.handle else None
        if not self._any(record, record.native_id, by_handle) and address not in self.hashes:
            return record
        # what else this file says of the account is of the same person
        names = [name for name in (record.native_id, by_handle) if name is not None]
        new = {hash_key(self.salt, record.network, record.source, name.lower()) for name in names} - self.hashes
        self.hashes |= new
        self.found |= new
        return None

    def _leave_out_owner(self, record: ChannelRecord) -> ChannelRecord:
        is_theirs = hash_key(self.salt, "channel", record.network, record.source, record.native_id) in self.hashes
        if is_theirs or self._any(record, record.owner):
            return replace(record, owner=None, name=ERASED_NAME, url=None)
        name = self.without_names(record.name) or record.name
        return record if name == record.name else replace(record, name=name)

    def _leave_out_post(self, record: PostRecord) -> PostRecord | None:
        if self._any(record, record.author):
            return None
        mentions = tuple(name for name in record.mentions if not self._any(record, name))
        if mentions == tuple(record.mentions) and not self._any(record, record.parent_author):
            return record
        parent_author = None if self._any(record, record.parent_author) else record.parent_author
        return replace(record, mentions=mentions, parent_author=parent_author)


_Placed = (
    IdentityRecord
    | PostRecord
    | InteractionRecord
    | VisitRecord
    | OrderRecord
    | FeedbackRecord
    | DealRecord
    | ChannelRecord
)


def read_forgotten(session: Session, before: Forgotten | None = None) -> Forgotten:
    """Who was erased and stays so; ``before`` itself where nobody was since it was read."""
    newest = session.exec(select(func.max(col(Erasure.id)))).one() or 0
    if before is not None and before.newest == newest:
        return before
    salt = list_setting_rows(session).get(SALT_SETTING)
    return Forgotten(str(salt or ""), {row.key_hash for row in list_standing(session, Erasure)}, newest=newest)


def remember_found(session: Session, forgotten: Forgotten) -> None:
    """Keep what an import found out: further accounts of those who were erased, so that no later file brings them."""
    _append(session, forgotten.found, decided_by=FINDER)
    forgotten.found = set()


def remember_erasure(
    session: Session,
    keys: list[Key],
    addresses: list[str],
    *,
    decided_by: str,
    names: Sequence[str] = (),
    channels: Sequence[Key] = (),
) -> None:
    """Append the hashes of accounts, addresses, full names and channels. The salt is made at the first one."""
    salt = list_setting_rows(session).get(SALT_SETTING)
    if not salt:
        salt = secrets.token_hex(16)
        add_setting(session, key=SALT_SETTING, value=salt, decided_by=decided_by)
    hashes = {hash_key(salt, network, source, native.lower()) for network, source, native in keys}
    hashes |= {hash_key(salt, "email", address.strip().lower()) for address in addresses}
    hashes |= {hash_key(salt, "channel", *channel) for channel in channels}
    hashes |= {found for name in names if (found := name_hash(salt, name))}
    _append(session, hashes, decided_by=decided_by)


def _append(session: Session, hashes: set[str], *, decided_by: str) -> None:
    """All at one moment: the audit trail shows them as one."""
    if not hashes:
        return
    known = {row.key_hash for row in list_standing(session, Erasure)}
    now = datetime.now(UTC)
    for key_hash in sorted(hashes - known):
        session.add(Erasure(decided_at=now, decided_by=decided_by, key_hash=key_hash))
    session.flush()
