"""What names somebody outside their own rows: refused rows, settings, titles of deals and channels, what an import
keeps to undo itself, and files that were not read to their end."""

import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Table, delete, func, or_, select, update
from sqlmodel import Session

from data_access.erasure import ERASED_NAME
from data_access.models import decisions, facts
from data_access.models.derived import JobStatus
from data_access.models.facts import RunStatus
from data_access.staging import staging_directory, uploads_directory
from data_access.store import reading, writing
from data_access.upsert import Key, chunks, table
from jobs.derive.people import IDENTITY, INTERACTION, POST
from jobs.importing import CHANGE, REFUSAL, RUN, staging_path
from jobs.launch import list_jobs

CHANNEL = table(facts.Channel)
DEAL = table(facts.Deal)
DEAL_CONTACT = table(facts.DealContact)
FEEDBACK = table(facts.Feedback)
ORDER = table(facts.Order)
SETTING = table(decisions.Setting)
VISIT = table(facts.Visit)
_ROWS_AT_A_TIME = 5_000
_DAY_SECONDS = 86_400
_UNFINISHED = (RunStatus.STAGING, RunStatus.COPYING, RunStatus.CANCELLING)
_LIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
_WORD = re.compile(r"[^\W_]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Erased:
    """Somebody about to go: ids of their accounts, and what they go by, without case."""

    accounts: tuple[int, ...]
    keys: tuple[Key, ...]
    ids: frozenset[str]
    names: frozenset[str]

    def is_named_in(self, text: str) -> bool:
        """Whether a text has an id, handle or address of theirs, or all words of a name."""
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).casefold()
        words = set(_WORD.findall(plain))
        names = (_WORD.findall(name) for name in self.names)
        if any(name and words.issuperset(name) for name in names):
            return True
        return any(one in plain and re.search(_alone(one), plain) for one in self.ids)


def describe_erased(rows: Iterable[Row[Any]], *, handles: Sequence[str] = (), names: Sequence[str] = ()) -> Erased:
    """What the rows of somebody's accounts say that they go by; and the handles and names that they had before."""
    found = list(rows)
    keys: list[Key] = [(row.network, row.source, row.native_id) for row in found]
    ids = {row.native_id for row in found} | {row.handle for row in found} | {row.email for row in found}
    called = {row.display_name for row in found}
    return Erased(
        tuple(row.id for row in found),
        tuple(keys),
        frozenset(one.casefold() for one in (*ids, *handles) if one),
        frozenset(name.casefold() for name in (*called, *names) if name),
    )


def _alone(one: str) -> str:
    """A pattern of something that is no part of a longer word, a number of no date or amount."""
    beside = r"[\w.:+-]" if one.isdigit() else r"\w"
    return f"(?<!{beside}){re.escape(one)}(?!{beside})"


def erase_traces(engine: Engine, erased: Erased) -> None:
    """Clear what names them beside their own rows, in short transactions. Before their accounts go."""
    remove_left_files(engine)
    _clear_refusals(engine, erased)
    _clear_shapes(engine, erased)
    _rewrite_titles(engine, erased)
    with writing(engine) as session:
        overwrite_what_goes(session)
        _rewrite_settings(session, erased)
        _rewrite_changes(session, erased)


def overwrite_what_goes(session: Session) -> None:
    """SQLite leaves deleted text in the file until the page is used again, unless it is told not to."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def remove_left_files(engine: Engine) -> None:
    """Remove what imports that failed have left on disk, and dropped files that nothing waits for. What was staged by
    an import that goes on later stays: it is copied without whoever was erased."""
    for path in staging_directory().glob("run-*-*"):
        number = path.name.split("-")[1]
        own = staging_path(engine, int(number)) if number.isdigit() else None
        if own is None or path.stem != own.stem:
            continue
        if path.suffix == ".part" or not _is_unfinished(engine, int(number)):
            path.unlink(missing_ok=True)
    with reading(engine) as session:
        jobs = [(job.status, job.arguments.get("paths", [])) for job in list_jobs(session, limit=1_000)]
    waiting = {str(name) for status, paths in jobs if status in _LIVE for name in paths}
    ended = {str(name) for status, paths in jobs if status not in _LIVE for name in paths}
    for path in uploads_directory().rglob("*"):
        is_old = path.is_file() and time.time() - path.stat().st_mtime > _DAY_SECONDS
        if path.is_file() and str(path) not in waiting and (str(path) in ended or is_old):
            path.unlink(missing_ok=True)


def _is_unfinished(engine: Engine, run_id: int) -> bool:
    with reading(engine) as session:
        return session.scalar(select(RUN.c.status).where(RUN.c.id == run_id)) in _UNFINISHED


def _clear_refusals(engine: Engine, erased: Erased) -> None:
    last = 0
    while True:
        with reading(engine) as session:
            columns = select(REFUSAL.c.id, REFUSAL.c.raw, REFUSAL.c.reason).where(REFUSAL.c.id > last)
            rows = session.execute(columns.order_by(REFUSAL.c.id).limit(_ROWS_AT_A_TIME)).all()
        if not rows:
            return
        last = rows[-1].id
        raw = [row.id for row in rows if row.raw and erased.is_named_in(row.raw)]
        said = [row.id for row in rows if any(one in row.reason.casefold() for one in _telling(erased))]
        if not raw and not said:
            continue
        with writing(engine) as session:
            overwrite_what_goes(session)
            for part in chunks(raw):
                session.connection().execute(update(REFUSAL).where(REFUSAL.c.id.in_(part)).values(raw=None))
            for part in chunks(said):
                values = {"reason": f"Refused; the reason named somebody who was erased {ERASED_NAME}"}
                session.connection().execute(update(REFUSAL).where(REFUSAL.c.id.in_(part)).values(**values))


def _clear_shapes(engine: Engine, erased: Erased) -> None:
    """What stood around refused rows, where it names them, such as the members of a chat."""
    with reading(engine) as session:
        rows = session.execute(select(RUN.c.id, RUN.c.shape).where(RUN.c.refused > 0)).all()
    named = [row.id for row in rows if row.shape and erased.is_named_in(json.dumps(row.shape, ensure_ascii=False))]
    with writing(engine) as session:
        overwrite_what_goes(session)
        for part in chunks(named):
            session.connection().execute(update(RUN).where(RUN.c.id.in_(part)).values(shape={}))


def _telling(erased: Erased) -> set[str]:
    """Full names and addresses: words that mean nobody else."""
    return {name for name in erased.names if " " in name} | {one for one in erased.ids if "@" in one}


def _rewrite_titles(engine: Engine, erased: Erased) -> None:
    """Full names go from every title of a deal or channel; of their own deals also handles and addresses, and their
    own channels lose name and address."""
    full = [name for name in erased.names if len(_WORD.findall(name)) > 1]
    own = select(DEAL_CONTACT.c.deal_id).where(DEAL_CONTACT.c.identity_id.in_(erased.accounts))
    with reading(engine) as session:
        changes = _new_titles(session, DEAL, full, DEAL.c.name.is_not(None))
        theirs = [*full, *(erased.names - set(full)), *(one for one in erased.ids if not one.isdigit())]
        changes |= _new_titles(session, DEAL, theirs, DEAL.c.id.in_(own))
        channels = _new_titles(session, CHANNEL, full, CHANNEL.c.name.is_not(None))
    with writing(engine) as session:
        overwrite_what_goes(session)
        connection = session.connection()
        for target, titles in ((DEAL, changes), (CHANNEL, channels)):
            for number, title in titles.items():
                connection.execute(update(target).where(target.c.id == number).values(name=title))
        owned = CHANNEL.c.owner_id.in_(erased.accounts)
        connection.execute(update(CHANNEL).where(owned).values(name=ERASED_NAME, url=None))


def _new_titles(
    session: Session, target: Table, names: Sequence[str], condition: ColumnElement[bool]
) -> dict[int, str]:
    between = [r"[\W_]+".join(map(re.escape, _WORD.findall(name))) for name in names if _WORD.findall(name)]
    if not between:
        return {}
    longest_first = sorted(between, key=len, reverse=True)
    pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])", re.IGNORECASE)
    rows = session.execute(select(target.c.id, target.c.name).where(condition))
    return {row.id: pattern.sub(ERASED_NAME, row.name) for row in rows if row.name and pattern.search(row.name)}


def _rewrite_settings(session: Session, erased: Erased) -> None:
    """Who is a bot or of the team, as decided now and before, without their accounts. A name that another account
    goes by as well stays."""
    networks = {network.casefold() for network, _, _ in erased.keys}
    shared = _list_shared(session, erased)

    def is_theirs(name: str) -> bool:
        network, slash, last = name.strip().casefold().rpartition("/")
        bare = last.removeprefix("@")
        if bare not in {one.removeprefix("@") for one in erased.ids}:
            return False
        return network in networks if slash else bare not in shared

    rows = session.execute(select(SETTING.c.id, SETTING.c.value).where(SETTING.c.key.in_(("team", "bots")))).all()
    for row in rows:
        value = _without(row.value, is_theirs, erased.names)
        if value != row.value:
            session.connection().execute(update(SETTING).where(SETTING.c.id == row.id).values(value=value))


def _list_shared(session: Session, erased: Erased) -> set[str]:
    """What other accounts go by as well."""
    shared: set[str] = set()
    bare = sorted({one.removeprefix("@") for one in erased.ids})
    for part in chunks([*bare, *(f"@{one}" for one in bare)]):
        named = or_(IDENTITY.c.handle_key.in_(part), func.lower(IDENTITY.c.native_id).in_(part))
        columns = select(IDENTITY.c.handle_key, IDENTITY.c.native_id)
        others = session.execute(columns.where(named, IDENTITY.c.id.not_in(erased.accounts)))
        shared.update(one.casefold().removeprefix("@") for row in others for one in row if one)
    return shared


def _without(value: Any, is_theirs: Callable[[str], bool], names: Collection[str]) -> Any:
    kept = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            accounts = [name for name in item.get("accounts", []) if not is_theirs(name)]
            is_gone = not accounts and bool(item.get("accounts"))
            if not (is_gone and str(item.get("name", "")).casefold() in names):
                kept.append(item | {"accounts": accounts})
        elif not is_theirs(str(item)):
            kept.append(item)
    return kept if isinstance(value, list) else value


def _rewrite_changes(session: Session, erased: Erased) -> None:
    """What an import that is not done keeps to undo itself: it would put them back."""
    connection, accounts = session.connection(), erased.accounts
    owners = (
        (IDENTITY, (IDENTITY.c.id,)),
        (POST, (POST.c.author_id,)),
        (VISIT, (VISIT.c.identity_id,)),
        (INTERACTION, (INTERACTION.c.actor_id, INTERACTION.c.target_id)),
    )
    for target, columns in owners:
        theirs = select(target.c.id).where(or_(*(column.in_(accounts) for column in columns)))
        connection.execute(delete(CHANGE).where(CHANGE.c.table_name == target.name, CHANGE.c.row_id.in_(theirs)))
    _forget_interactions(session, accounts)
    texts = {FEEDBACK: FEEDBACK.c.identity_id, CHANNEL: CHANNEL.c.owner_id, ORDER: ORDER.c.identity_id, DEAL: None}
    for target, owner in texts.items():
        own = set(session.scalars(select(target.c.id).where(owner.in_(accounts)))) if owner is not None else set()
        for row in session.execute(select(CHANGE).where(CHANGE.c.table_name == target.name)).all():
            before = _forget(row.before, erased, is_own=row.row_id in own)
            if before != row.before:
                connection.execute(update(CHANGE).where(CHANGE.c.id == row.id).values(before=before))


def _forget_interactions(session: Session, accounts: Sequence[int]) -> None:
    """Interactions with them that the import deleted or gave to others, which it would write again."""
    kept = select(CHANGE.c.id, CHANGE.c.before).where(CHANGE.c.table_name == INTERACTION.name)
    theirs = [
        row.id
        for row in session.execute(kept).all()
        if not {row.before.get("actor_id"), row.before.get("target_id")}.isdisjoint(accounts)
    ]
    for part in chunks(theirs):
        session.connection().execute(delete(CHANGE).where(CHANGE.c.id.in_(part)))


def _forget(before: dict[str, Any], erased: Erased, *, is_own: bool) -> dict[str, Any]:
    """What a fact said before, without those accounts, and without what they said or what names them."""
    is_own = is_own or any(before.get(name) in erased.accounts for name in ("identity_id", "owner_id"))
    hidden = {name for name in ("identity_id", "owner_id") if before.get(name) in erased.accounts}
    for name in ("name", "url", "comment"):
        text = before.get(name)
        if isinstance(text, str) and (is_own or erased.is_named_in(text)):
            hidden.add(name)
    return before | {name: ERASED_NAME if name == "name" else None for name in hidden}
