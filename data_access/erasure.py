"""People who asked to be forgotten: known by salted hashes alone, so that no import brings them back."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from data_access.decisions import append_decision, list_standing
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

SALT_SETTING = "erasure_salt"
Key = tuple[str, str, str]


def hash_key(salt: str, *parts: str) -> str:
    """A hash of an account's key, or of an address, that says nothing without the salt.

    >>> hash_key("s", "net", "net.example", "ann") == hash_key("s", "net", "net.example", "ann")
    True
    >>> hash_key("s", "net", "net.example", "ann") == hash_key("t", "net", "net.example", "ann")
    False
    """
    return hmac.new(salt.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


@dataclass
class Forgotten:
    """Who was erased, while one import runs."""

    salt: str = ""
    hashes: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def knows(self, network: str, source: str, native_id: str | None) -> bool:
        """Whether an account was erased."""
        return native_id is not None and hash_key(self.salt, network, source, native_id.lower()) in self.hashes

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
            return record if kept == record.contacts else replace(record, contacts=kept)
        if isinstance(record, ChannelRecord):
            return replace(record, owner=None) if self._any(record, record.owner) else record
        return record

    def _any(self, record: "_Placed", *names: str | None) -> bool:
        return any(self.knows(record.network, record.source, name) for name in names)

    def _leave_out_account(self, record: IdentityRecord) -> IdentityRecord | None:
        address = record.email and hash_key(self.salt, "email", record.email.strip().lower())
        by_handle = handle_id(record.handle) if record.handle else None
        if not self._any(record, record.native_id, by_handle) and address not in self.hashes:
            return record
        # what else this file says of the account is of the same person
        for name in (record.native_id, by_handle):
            if name is not None:
                self.hashes.add(hash_key(self.salt, record.network, record.source, name.lower()))
        return None

    def _leave_out_post(self, record: PostRecord) -> PostRecord | None:
        if self._any(record, record.author):
            return None
        mentions = tuple(name for name in record.mentions if not self._any(record, name))
        if mentions == record.mentions and not self._any(record, record.parent_author):
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


def read_forgotten(session: Session) -> Forgotten:
    """Who was erased and stays so."""
    salt = list_setting_rows(session).get(SALT_SETTING)
    return Forgotten(str(salt or ""), {row.key_hash for row in list_standing(session, Erasure)})


def remember_erasure(session: Session, keys: list[Key], addresses: list[str], *, decided_by: str) -> None:
    """Append the hashes of accounts and addresses. The salt is made at the first one."""
    salt = list_setting_rows(session).get(SALT_SETTING)
    if not salt:
        salt = secrets.token_hex(16)
        add_setting(session, key=SALT_SETTING, value=salt, decided_by=decided_by)
    hashes = {hash_key(salt, network, source, native.lower()) for network, source, native in keys}
    hashes |= {hash_key(salt, "email", address.strip().lower()) for address in addresses}
    known = {row.key_hash for row in list_standing(session, Erasure)}
    for key_hash in sorted(hashes - known):
        append_decision(session, Erasure, decided_by=decided_by, key_hash=key_hash)
