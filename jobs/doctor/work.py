"""Work that was not done to its end, and what lies about because of it; how fresh the data is; the settings."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from data_access.importers.reading.money import DECIMALS
from data_access.models import facts
from data_access.models.facts import RunStatus
from data_access.queries.dated_rows import DatedKind, list_dated_sources
from data_access.rollups import DAILY_ACTIVITY
from data_access.settings import read_settings
from data_access.staging import staging_directory
from data_access.upsert import table
from jobs.derive.due import DUE, MATCHING
from jobs.doctor.findings import REPAIR, Again, Finding, Level, fine, note, or_fine, repairable, wrong
from jobs.importing import staging_path
from jobs.job_progress import JOB
from jobs.launch import is_alive, is_busy_elsewhere

WORK, DISK, FRESHNESS, SETTINGS = "work", "disk", "freshness", "settings"
RUN = table(facts.ImportRun)
CHANNEL = table(facts.Channel)
_UNFINISHED = (RunStatus.STAGING, RunStatus.COPYING, RunStatus.CANCELLING)
_LIVE = ("queued", "running")
#: Of so many sources of a kind the newest row is told.
_MOST_SOURCES = 50
_ONE_OF = {
    DatedKind.ORDERS: "order",
    DatedKind.DEALS: "step of a deal",
    DatedKind.VISITS: "visit",
    DatedKind.FEEDBACK: "survey answer",
}
_FILE = re.compile(r"run-(\d+)-[0-9a-f]{16}\.(?:staging|part)")
_LITTLE_BYTES, _LOW_BYTES = 100 * 1024**2, 1024**3


def check_work(session: Session, engine: Engine) -> list[Finding]:
    """Imports, derivations and jobs that were stopped before their end."""
    if is_busy_elsewhere(session):
        return [note(WORK, "An import, or another long job, is at work: what it is yet to derive is not looked at.")]
    found = [*_check_runs(session), *_check_due(session), *_check_jobs(session), *_check_files(session, engine)]
    return or_fine(WORK, found, "No import, derivation or job was stopped before its end.")


def _check_runs(session: Session) -> Iterator[Finding]:
    files = list(session.scalars(select(RUN.c.file).where(RUN.c.status.in_(_UNFINISHED)).order_by(RUN.c.id)))
    if files:
        were = "1 import was" if len(files) == 1 else f"{len(files):,} imports were"
        what = f"{were} stopped before {'its' if len(files) == 1 else 'their'} end: {', '.join(files[:5])}."
        yield repairable(WORK, what, Again(runs=True))


def _check_due(session: Session) -> Iterator[Finding]:
    rows = session.execute(select(DUE.c.kind, func.count()).group_by(DUE.c.kind).order_by(DUE.c.kind))
    counts = {row[0]: row[1] for row in rows}
    if counts.pop(MATCHING, 0):
        what = "Who is who among those who had something in common with somebody erased waits for the next import."
        again = Again()
        again.due[MATCHING] = set()
        yield Finding(WORK, Level.NOTE, what, f"To have it now, run {REPAIR}.", again)
    if counts:
        listed = ", ".join(f"{kind} ({count:,})" for kind, count in counts.items())
        again = Again()
        again.due = again.due | {kind: set() for kind in counts}
        yield repairable(WORK, f"Something is noted to be derived, and is not yet: {listed}.", again)


def _check_jobs(session: Session) -> Iterator[Finding]:
    live = session.execute(select(JOB.c.id, JOB.c.kind, JOB.c.pid, JOB.c.heartbeat_at).where(JOB.c.status.in_(_LIVE)))
    dead = {job.id: job.kind for job in live if not is_alive(job.pid, job.heartbeat_at)}
    if dead:
        names = ", ".join(f"{job_id} ({kind})" for job_id, kind in sorted(dead.items()))
        yield repairable(WORK, f"Jobs ended without saying so: {names}.", Again(jobs=set(dead)))


def _check_files(session: Session, engine: Engine) -> Iterator[Finding]:
    """Staging files of this store that no run waits for."""
    ended: set[Path] = set()
    for path in sorted(staging_directory().glob("run-*")):
        named = _FILE.fullmatch(path.name)
        if named is None:
            continue
        run_id = int(named[1])
        status = session.execute(select(RUN.c.status).where(RUN.c.id == run_id)).scalar()
        ours = status is not None and staging_path(engine, run_id).stem == path.stem
        if ours and status not in _UNFINISHED:
            ended.add(path)
    if ended:
        size = sum(path.stat().st_size for path in ended) / 1024**2
        what = f"{len(ended):,} staging files of imports that have ended take {size:,.0f} MB."
        yield repairable(WORK, what, Again(files=ended))


def check_disk(engine: Engine) -> list[Finding]:
    """Room for the store and for staging files, which take as much as an export."""
    folders = {"staging files": staging_directory().resolve()}
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        folders["the store"] = Path(engine.url.database).resolve().parent
    found = []
    for what, folder in sorted(folders.items()):
        free = shutil.disk_usage(folder).free
        said = f"{free / 1024**3:,.1f} GB are free for {what} ({folder})."
        if free < _LITTLE_BYTES:
            found.append(wrong(DISK, said, "Free some space before the next import."))
        else:
            found.append(note(DISK, said, "Free some space soon.") if free < _LOW_BYTES else fine(DISK, said))
    return found


def check_freshness(session: Session, now: datetime) -> list[Finding]:
    """The newest day of each source of posts, orders, deals, visits and survey answers, and the last import. Days are
    the workspace's."""
    zone = ZoneInfo(read_settings(session).time_zone)
    today = now.astimezone(zone).date()
    newest = (
        select(CHANNEL.c.network, CHANNEL.c.source, func.max(DAILY_ACTIVITY.c.day))
        .join_from(CHANNEL, DAILY_ACTIVITY, DAILY_ACTIVITY.c.channel_id == CHANNEL.c.id)
        .group_by(CHANNEL.c.network, CHANNEL.c.source)
        .order_by(CHANNEL.c.network, CHANNEL.c.source)
    )
    found = []
    for network, source, day in session.execute(newest):
        found.append(_describe_newest(f"{network} ({source})", "post", day, today))
    found += [
        _describe_newest(f"{one.network} ({one.source})", _ONE_OF[one.kind], one.newest.astimezone(zone).date(), today)
        for one in list_dated_sources(session, most=_MOST_SOURCES)
        if one.newest is not None
    ]
    last = session.execute(select(func.max(RUN.c.finished_at)).where(RUN.c.status == RunStatus.DONE)).scalar()
    if last is None:
        return [*found, note(FRESHNESS, "No import has ended yet.", "Import something: rapport import PATH.")]
    return [*found, fine(FRESHNESS, f"The last import ended on {last:%Y-%m-%d at %H:%M} UTC.")]


def _describe_newest(source: str, what: str, day: date, today: date) -> Finding:
    age = (today - day).days
    if age < 0:
        said = f"{source}: the newest {what} is of {day}, which is to come."
        return note(FRESHNESS, said, "If its clock is not wrong, look at the order of day and month of its file.")
    return fine(FRESHNESS, f"{source}: the newest {what} is of {day}, {age:,} {'day' if age == 1 else 'days'} ago.")


def check_settings(session: Session) -> list[Finding]:
    """Settings that everything rests on."""
    settings = read_settings(session)
    found = []
    if not _is_zone(settings.time_zone):
        found.append(wrong(SETTINGS, f"There is no time zone {settings.time_zone!r}.", "Choose one on Settings."))
    unknown = sorted({settings.currency, *(rate.currency for rate in settings.rates)} - set(DECIMALS))
    if unknown:
        found.append(wrong(SETTINGS, f"There is no currency {', '.join(unknown)}.", "Change it on Settings."))
    return or_fine(SETTINGS, found, f"Days are those of {settings.time_zone}, sums are in {settings.currency}.")


def _is_zone(name: Any) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return False
    return True
