"""What the ids of a table belong to where neither a column nor anybody says it: by what the store has of these ids,
and by what other rows of the same import say that have them.

Two tables that number their rows 1, 2, 3 ... are told apart by what the rows say. Where at least a tenth of the ids
mean something else in the store, nothing is imported: it is asked. So it is where many files are read as one, each of
which numbers its own rows, and where one table has its ids over and over. A table's beginning is looked at before it is
read; what was read is looked at whole, before it is copied. An answer holds for the table's next exports: these are
known by their ids, or else by their file's name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session

from data_access.importers import DEFAULT_SOURCE, KIND, SAYS, SOURCE_FIELD, Input, OpenSource
from data_access.importers.reading.places import PLACES, name_without_endings
from data_access.importers.reading.synonyms import (
    DEALS,
    FEEDBACK,
    ORDERS,
    ORGANISATIONS,
    PEOPLE,
    POSTS,
    VISITS,
)
from data_access.meeting_ids import COMPARED_KINDS, Meeting, compare_versions, list_met, meet
from data_access.models import facts
from data_access.models.columns import to_micros
from data_access.models.facts import RunStatus
from data_access.queries.refusals import MENDED_FROM
from data_access.records import Record
from data_access.staging import FIELDS, KINDS, Staging
from data_access.store import reading
from data_access.upsert import table

RUN = table(facts.ImportRun)
#: Under which the options of an import keep a source that nobody stated, and a question that came up on the way.
TAKEN, ASKED = "taken_source", "asked_source"
_LOOKED_AT_RECORDS = 2_000
_ROWS_AT_ONCE = 5_000
#: Of what kind a fact is that a table's rows are.
_FACTS = {
    POSTS: "post",
    ORDERS: "order",
    VISITS: "visit",
    FEEDBACK: "feedback",
    DEALS: "deal",
    ORGANISATIONS: "organization",
    PEOPLE: "identity",
}
_REMEMBERED_RUNS = 500
_MOST_SOURCES = 10
_NAMED_FILES = 3
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}
_WORDS = {"post": "posts", "identity": "people", "organization": "organisations", "feedback": "answers"}
_MONTH = re.compile(
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|"
    "dec(ember)?|copy|final|new"
)
_Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class _Before:
    """A table that came in before: the file, what its ids belong to, whether somebody said so, and whether it has the
    same columns."""

    file: str
    source: str
    is_stated: bool
    is_alike: bool


def settle_source(engine: Engine, found: Input) -> Input | OpenSource:
    """The table with what its ids belong to, or the question where that is open. What is not asked about comes back as
    it is: other formats, tables whose mapping says it, refused rows that come back, what came in before."""
    mapping = found.mapping
    if mapping is None or mapping.source is not None or found.is_mended:
        return found
    with reading(engine) as session:
        before = _list_before(session, mapping.fields)
        if (not before and "id" not in mapping.fields) or _is_known(session, found.fingerprint):
            return found
        rows = _by_kind(found.first_records(_LOOKED_AT_RECORDS))
        if not _is_answered(before):
            kind = _FACTS[mapping.kind]
            repeated = _compare_repeated(kind, _by_id(rows.get(kind, ())))
            within = OpenSource.FILES if found.is_many else OpenSource.ROWS
            if repeated.is_conflict(kind):
                question = _question_within(found.name, kind, repeated, within)
                return _with_stored(session, question, _meet(session, rows, DEFAULT_SOURCE), before)
        if not before:
            return found
        named = list(dict.fromkeys(run.source for run in before if run.is_alike and run.source != DEFAULT_SOURCE))
        sources = [DEFAULT_SOURCE, *named[:_MOST_SOURCES]]
        meetings = {source: _meet(session, rows, source) for source in sources}
        taken = _tell(found.name, meetings, before)
        if taken is not None:
            source, why = taken
            return found if source == DEFAULT_SOURCE else found.of_source(source, why)
        return _question(session, found.name, meetings[DEFAULT_SOURCE], before) or found


def settle_dropped(engine: Engine, found: Input) -> Input | OpenSource:
    """The same for a file that somebody drops, perhaps again after its import met a question that its beginning does
    not show."""
    told = settle_source(engine, found)
    if told is not found or found.mapping is None or found.mapping.source is not None:
        return told
    asked = select(RUN.c.status, RUN.c.options).where(RUN.c.file == found.name).order_by(RUN.c.id.desc()).limit(1)
    with reading(engine) as session:
        last = session.execute(asked).first()
    question = (last.options or {}).get(ASKED) if last is not None and last.status == RunStatus.FAILED else None
    if question and question.get("within") == OpenSource.ROWS and "id" not in found.mapping.fields:
        return found  # answered: no row has an id any more
    return OpenSource(**question | {"others": tuple(question["others"])}) if question else found


def find_conflict(engine: Engine, run: Any, staging: Staging) -> OpenSource | None:
    """The question of an import (a row of ``ImportRun``) whose table is staged and not copied yet; None where nothing
    is open. All that is staged is looked at."""
    options = run.options or {}
    fields = options.get("mapping") or {}
    stated = fields.get(SOURCE_FIELD)
    if run.format != "table" or options.get(MENDED_FROM):
        return None
    with reading(engine) as session:
        if _is_known(session, run.fingerprint, but=run.id):
            return None
        before = _list_before(session, fields, but=run.id)
        is_open = stated is None or stated in PLACES or options.get(TAKEN)
        question = _find_repeated(run, fields, staging) if is_open and not _is_answered(before) else None
        if question is not None:
            return _with_stored(session, question, _meet_staged(session, staging, None, DEFAULT_SOURCE), before)
        source = options.get(TAKEN) or (None if stated else DEFAULT_SOURCE)
        if not before or source is None:
            return None
        return _question(session, run.file, _meet_staged(session, staging, source, source), before)


def _find_repeated(run: Any, fields: Mapping[str, str], staging: Staging) -> OpenSource | None:
    """The question where the rows of an import have ids of other rows of it, and say something else."""
    kind = _FACTS.get(fields.get(KIND) or POSTS)
    if kind is None or "id" not in fields:
        return None
    repeated = _compare_repeated(kind, staging.repeats(kind))
    if not repeated.is_conflict(kind):
        return None
    is_of_files = (run.options or {}).get("files", 1) > 1 and SOURCE_FIELD not in fields
    return _question_within(run.file, kind, repeated, OpenSource.FILES if is_of_files else OpenSource.ROWS)


def _compare_repeated(kind: str, groups: Iterable[Sequence[Mapping[str, Any]]]) -> Meeting:
    """What rows say that have one id, by the ids."""
    found = Meeting()
    for versions in groups:
        found.add(compare_versions(kind, versions))
    return found


def _by_id(rows: Iterable[Mapping[str, Any]]) -> Iterable[list[Mapping[str, Any]]]:
    """Rows by their natural key."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["network"], row["source"], row["native_id"]), []).append(row)
    return groups.values()


def _is_answered(before: Iterable[_Before]) -> bool:
    """Whether somebody said of such a table that rows of one id are the same, changed."""
    return any(run.is_alike and run.is_stated and run.source == DEFAULT_SOURCE for run in before)


def _list_before(session: Session, fields: Mapping[str, str], *, but: int = 0) -> list[_Before]:
    """The tables that came in before, the newest first. ``fields``: the mapping of the one at hand."""
    alike = _columns_of(fields)
    wanted = select(RUN.c.file, RUN.c.options).where(
        RUN.c.format == "table", RUN.c.status.in_((RunStatus.DONE, RunStatus.COPYING)), RUN.c.id != but
    )
    found = []
    for file, options in session.execute(wanted.order_by(RUN.c.id.desc()).limit(_REMEMBERED_RUNS)):
        mapped = (options or {}).get("mapping") or {}
        stated = mapped.get(SOURCE_FIELD)
        spec = stated or f"={DEFAULT_SOURCE}"
        if spec.startswith("="):
            found.append(_Before(file, spec[1:], stated is not None, alike == _columns_of(mapped)))
    return found


def _columns_of(fields: Mapping[str, str]) -> dict[str, str]:
    """What tells that a mapping is of a table with the same columns."""
    return {name: spec for name, spec in fields.items() if name not in (*SAYS, SOURCE_FIELD, "kind")}


def _is_known(session: Session, fingerprint: str, *, but: int = 0) -> bool:
    """Whether this very file came in before, or is half in."""
    came = RUN.c.status.in_((RunStatus.DONE, RunStatus.COPYING))
    found = select(RUN.c.id).where(RUN.c.fingerprint == fingerprint, came, RUN.c.id != but).limit(1)
    return session.execute(found).scalar() is not None


def _by_kind(records: Iterable[Record]) -> dict[str, list[dict[str, Any]]]:
    """Records as they would be staged, by kind."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        kind = _KIND_OF[type(record)]
        if kind in COMPARED_KINDS:
            values = {name: getattr(record, name) for name in FIELDS[kind]}
            times = {name: to_micros(value) for name, value in values.items() if isinstance(value, datetime)}
            rows.setdefault(kind, []).append(values | times)
    return rows


def _of_source(rows: Iterable[Mapping[str, Any]], source: str) -> Iterator[Mapping[str, Any]]:
    return (row for row in rows if row["source"] == source)


def _meet(session: Session, rows: _Rows, source: str) -> dict[str, Meeting]:
    """What a source has of the ids of rows that say of no other what they belong to."""
    return {kind: meet(session, kind, _of_source(found, DEFAULT_SOURCE), source) for kind, found in rows.items()}


def _meet_staged(session: Session, staging: Staging, belonging: str | None, source: str) -> dict[str, Meeting]:
    """What a source has of the ids of all staged rows, or of those ``belonging`` to one source. Most have none: only
    the others are looked at in full."""
    meetings: dict[str, Meeting] = {}
    position = 0
    while (keys := staging.keys(position, _ROWS_AT_ONCE)).positions:
        position = keys.positions[-1]
        if keys.kind in COMPARED_KINDS:
            places = [place for place, of in enumerate(keys.sources) if belonging in (None, of)]
            wanted = [keys.networks[place] for place in places], [keys.ids[place] for place in places]
            met = [keys.positions[places[place]] for place in list_met(session, keys.kind, *wanted, source)]
            found = meet(session, keys.kind, staging.rows_at(keys.kind, met), source)
            meetings.setdefault(keys.kind, Meeting()).add(found)
    return meetings


def _deciding(meetings: Mapping[str, Meeting]) -> tuple[str, Meeting] | None:
    """The kind that tells: of those that met anything, what says most."""
    return next(((kind, meetings[kind]) for kind in COMPARED_KINDS if kind in meetings and meetings[kind].met), None)


def _tell(
    file: str, meetings: Mapping[str, Mapping[str, Meeting]], before: Sequence[_Before]
) -> tuple[str, str] | None:
    """The source that has the same ids with the same facts, else the one whose files are called alike, and why."""
    agreeing: dict[str, int] = {}
    conflicts = set()
    for source, by_kind in meetings.items():
        deciding = _deciding(by_kind)
        if deciding is not None and deciding[1].is_conflict(deciding[0]):
            conflicts.add(source)
        elif deciding is not None:
            agreeing[source] = deciding[1].agreeing
    if agreeing and (most := max(agreeing, key=agreeing.__getitem__)) and agreeing[most]:
        return most, "the same rows came from there before"
    name = _name_core(file)
    called = {run.source for run in before if name and run.is_alike and _name_core(run.file) == name}
    if len(called) == 1 and not called & conflicts:
        return called.pop(), "files of this name came from there before"
    return None


def _name_core(file: str) -> str:
    """A file's name without what differs from export to export.

    >>> _name_core("exports/shop-2026-10.csv"), _name_core("Shop november (2).csv"), _name_core("10.csv")
    ('shop', 'shop', '')
    """
    words = re.findall(r"[^\W\d_]+", name_without_endings(PurePosixPath(file).name).lower())
    return " ".join(word for word in words if not _MONTH.fullmatch(word))


def _question(
    session: Session, file: str, meetings: Mapping[str, Meeting], before: Sequence[_Before]
) -> OpenSource | None:
    deciding = _deciding(meetings)
    if deciding is None or not deciding[1].is_conflict(deciding[0]):
        return None
    kind, found = deciding
    runs = [run_id for run_id, _ids in found.runs.most_common(_NAMED_FILES)]
    named = session.execute(select(RUN.c.id, RUN.c.file).where(RUN.c.id.in_(runs)))
    files = {row.id: row.file for row in named}
    others = tuple(files[run_id] for run_id in runs if run_id in files)
    suggestion = _free_name(file, {DEFAULT_SOURCE, *(run.source for run in before)})
    return OpenSource(file, _word(kind), found.met, found.differing, others, suggestion)


def _question_within(file: str, kind: str, repeated: Meeting, within: str) -> OpenSource:
    return OpenSource(file, _word(kind), repeated.met, repeated.differing, (), DEFAULT_SOURCE, within)


def _with_stored(
    session: Session, question: OpenSource, meetings: Mapping[str, Meeting], before: Sequence[_Before]
) -> OpenSource:
    """A question about rows of one id that also says which of the ids mean something else in the store: taken for the
    same, changed, these would be written over."""
    stored = _question(session, question.file, meetings, before) if before else None
    if stored is None:
        return question
    return replace(question, others=stored.others, suggestion=stored.suggestion, stored=stored.differing)


def _word(kind: str) -> str:
    return _WORDS.get(kind, f"{kind}s")


def _free_name(file: str, taken: set[str]) -> str:
    """A name for a source after the file, which no other has."""
    name = name_without_endings(PurePosixPath(file).name).strip() or "table"
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
