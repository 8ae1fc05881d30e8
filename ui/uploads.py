"""Files that people drop, as they look before the import: what comes of them, what is open, their columns put right."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from data_access.importers import (
    DATE_ORDER,
    DECIMALS,
    DEFAULT_SOURCE,
    FORMATS,
    KIND,
    KINDS,
    SAYS,
    SOURCE_FIELD,
    ImportOptions,
    MappingPreview,
    OpenSource,
    TableKind,
    preview_mapping,
)
from data_access.importers.reading.content import Content
from data_access.importers.reading.kinds import UNTOLD
from data_access.importers.reading.money import DECIMALS as CURRENCIES
from data_access.importers.reading.places import FILE, PLACES, name_without_endings, places_of
from data_access.models.derived import Job, JobStatus
from jobs.decisions import change_setting
from jobs.imported import describe_runs
from jobs.importing import with_saved_mappings
from jobs.launch import start_job
from jobs.own_sources import settle_dropped
from ui.dropped import hand_over, is_wanted, keep_upload, sort_out
from ui.guard import Here
from ui.import_preview import show_preview
from ui.markup import plain
from ui.numbers import counted, day
from ui.progress import LAST_IMPORT
from ui.refusals import show_mend_button

NO_COLUMN = ""
NO_ANSWERS: Mapping[str, str] = MappingProxyType({})
QUESTIONS = {DATE_ORDER: "Dates are written with the", DECIMALS: "Decimals of amounts stand behind a"}
ANSWERS = {
    "day": "Day first (31/12)",
    "month": "Month first (12/31)",
    "comma": "Comma (1.234,50)",
    "point": "Point (1,234.50)",
}
#: What rows are whose ids are here already and mean something else.
OTHER, CHANGED, SAME = "other", "changed", "same"
#: How many files were handed over by the last run of the page.
_BEGUN = "_import_begun"
_AUTHORS = {"author", "author_handle", "author_name"}
#: Of a folder with many files, whose refused rows are handed out at once.
_MOST_MENDED = 5
#: Of more files than these, the first rows are shown where somebody opens them.
_MOST_UNFOLDED = 6
#: What was asked of the files above: the question and what is read alike -> the file and what was answered.
Asked = dict[tuple[str, str | None], tuple[Path, str | None]]


@dataclass
class Upload:
    """A file that lies ready, or a folder with ``parts``: where, what it seems to be, the mapping of its columns as it
    now stands, and what of that is worth keeping for other files of the same columns."""

    path: Path
    preview: MappingPreview
    parts: tuple[Path, ...] = ()
    mapping: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    currency: str | None = None
    is_ready: bool = True

    @property
    def holds_posts(self) -> bool:
        """Whether posts come of it, as far as can be seen."""
        return self.mapping.get(KIND, self.preview.records_kind) == "posts"


def choose_files(here: Here) -> list[Upload]:
    """The drop area, and below it each file with what will come of it."""
    files = st.file_uploader(
        "Drop files here",
        accept_multiple_files=True,
        key=f"files_{st.session_state.get('_uploads_done', 0)}",
        help="CSV, TSV, Excel, Parquet, JSON, NDJSON, zip or gz. The content says what it is, not the name.",
    )
    uploads = []
    asked: Asked = {}
    everything = sort_out([keep_upload(file) for file in files or []])
    for dropped in everything:
        with st.container(border=True):
            if is_wanted(dropped):
                upload = _look_at(here, dropped.path, asked, among=len(everything))
                uploads.append(replace(upload, parts=dropped.parts))
    return uploads


def _look_at(here: Here, path: Path, asked: Asked, *, among: int) -> Upload:
    """A file, and what is to be said and asked of it. ``among``: how many were dropped."""
    shown = look(here, path, {})
    if shown.asks and not shown.columns:
        return _settle(here, path, shown, asked, among=among)
    if shown.part is not None and not _is_something_else(path, shown):
        return Upload(path, shown, is_ready=False)
    if not shown.columns or (shown.format not in (None, "table") and not shown.problem):
        return _show_known(here, path, shown, among=among)
    chosen = {KIND: _choose_kind(path, shown)}
    if chosen[KIND] != shown.kind:
        shown = look(here, path, chosen)
    edited = _edit_mapping(path, shown, _places(path, shown, is_alone=among == 1))
    changed = {name: spec for name, spec in edited.items() if spec != shown.mapping.get(name, NO_COLUMN)}
    if changed.get(SOURCE_FIELD) == NO_COLUMN:
        changed[SOURCE_FIELD] = f"={DEFAULT_SOURCE}"
    if changed:
        shown = look(here, path, chosen | changed)
    for question in SAYS:
        answer = _ask(path, shown, question, asked)
        if answer and answer != shown.mapping.get(question):
            changed[question] = answer
            shown = look(here, path, chosen | changed)
    # of later files of the same columns nothing was said
    kept = {KIND: shown.kind, **_standing(shown, changed)}
    if shown.open_source is not None and (said := _ask_source(path, shown.open_source)):
        changed |= said
        shown = look(here, path, chosen | changed)
    if shown.problem and shown.open_source is None:
        st.warning(plain(shown.problem, longest=600))
    currency = _ask_currency(here, path, shown)
    if currency is not None:
        shown = look(here, path, chosen | changed, currency)
    _say_author(shown)
    show_preview(shown, here.time_zone, key=str(path), is_folded=among > _MOST_UNFOLDED)
    mapping = {KIND: shown.kind, **_standing(shown, changed)}
    is_ready = shown.problem is None and not shown.is_lost
    return Upload(path, shown, mapping=mapping, kept=kept, currency=currency, is_ready=is_ready)


def _standing(shown: MappingPreview, changed: Mapping[str, str]) -> dict[str, str]:
    return {name: spec for name, spec in {**shown.mapping, **changed}.items() if spec}


def _is_something_else(path: Path, shown: MappingPreview) -> bool:
    """Say of which export a file is a part. Whether somebody says that it is none, and maps its columns."""
    st.warning(f"This file {plain(shown.part, longest=600)}")
    return st.toggle("It is something else: choose its columns", key=f"no_part_{path}")


def _show_known(
    here: Here, path: Path, shown: MappingPreview, answers: Mapping[str, str] = NO_ANSWERS, *, among: int
) -> Upload:
    if shown.format is None:
        st.warning(f"This file cannot be imported. It {plain(shown.problem or 'is of no known kind.', longest=600)}")
        return Upload(path, shown, is_ready=False)
    label = next((known.label for known in FORMATS if known.name == shown.format), shown.format)
    st.badge(f"Recognised: {label}", icon=":material/check:", color="blue")
    currency = _ask_currency(here, path, shown)
    if currency is not None:
        shown = replace(look(here, path, dict(answers), currency), header_shape=shown.header_shape)
    show_preview(shown, here.time_zone, key=str(path), is_folded=among > _MOST_UNFOLDED)
    return Upload(path, shown, currency=currency, mapping=dict(answers), is_ready=not shown.is_lost)


def _settle(here: Here, path: Path, shown: MappingPreview, asked: Asked, *, among: int) -> Upload:
    """A file of a known format that leaves one question open. The answer is kept with the file."""
    question = shown.asks or ""
    answer = _ask(path, shown, question, asked)
    if not answer:
        if _first_asked(path, shown, question, asked) is None:
            st.warning(plain(shown.problem or "", longest=600))
        return Upload(path, shown, is_ready=False)
    settled = replace(look(here, path, {question: answer}), header_shape=shown.header_shape)
    return _show_known(here, path, settled, {question: answer}, among=among)


def _choose_kind(path: Path, shown: MappingPreview) -> str:
    """What the rows of a table are: as guessed, unless somebody says otherwise."""
    kind = st.segmented_control(
        "These rows are",
        list(KINDS),
        default=shown.kind,
        required=True,
        format_func=lambda name: KINDS[name].label,
        key=f"kind_{path}",
    )
    if kind in (None, shown.kind) and shown.kind_reason:
        st.caption(_describe_kind(shown))
    return kind or shown.kind


def _describe_kind(shown: MappingPreview) -> str:
    """What the rows of a table are taken for, and why."""
    if shown.kind_reason == UNTOLD:
        return "Nothing in the file tells what its rows are: choose it here."
    return f"Taken for {KINDS[shown.kind].name}: {plain(shown.kind_reason)}. Choose another if that is wrong."


def _ask_currency(here: Here, path: Path, shown: MappingPreview) -> str | None:
    """What amounts are in that name no currency: the workspace's, unless somebody says otherwise; then that."""
    fields = [name for name in shown.mapping if name not in SAYS]
    has_money = "currency" not in fields and any(KINDS[shown.kind].fields[name].holds == "money" for name in fields)
    if not shown.lacks_currency and not has_money:
        return None
    own = here.settings.currency
    codes = sorted({*CURRENCIES, own})
    chosen = st.selectbox(
        "Currency of amounts that name none",
        codes,
        index=codes.index(own),
        key=f"currency_{path}",
        help=f"The file does not say it. Settings says {own}; what is chosen here holds for this file.",
        width=300,
    )
    return chosen if chosen != own else None


def _say_author(shown: MappingPreview) -> None:
    """Say what posts are without that no column says the author of."""
    if shown.problem is None and shown.records_kind == "posts" and not _AUTHORS & shown.mapping.keys():
        st.warning("No column says who wrote: posts come in without people. Choose one for the author if there is one.")


def look(here: Here, path: Path, mapping: dict[str, str], currency: str | None = None) -> MappingPreview:
    """What would come of a file with these columns, as seen before the import. ``currency``: of amounts that name none,
    where it is not the workspace's."""
    return _look(here.store_url, here.data_version, str(path), tuple(sorted(mapping.items())), currency, here)


@st.cache_data(max_entries=500, show_spinner="Looking into the file")
def _look(
    store_url: str,
    data_version: int,
    path: str,
    mapping: tuple[tuple[str, str], ...],
    currency: str | None,
    _here: Here,
) -> MappingPreview:
    options = ImportOptions(mapping=dict(mapping) or None, time_zone=_here.time_zone, currency=currency)
    options = with_saved_mappings(_here.engine, options)
    return preview_mapping(Path(path), options, lambda found: settle_dropped(_here.engine, found))


def _places(path: Path, shown: MappingPreview, *, is_alone: bool) -> dict[str, str]:
    """Names of files and folders that say something where there are several, as columns, with an example each."""
    is_archive = "/" in shown.name
    if is_alone and not is_archive:
        return {}
    if not is_archive:
        return {FILE: name_without_endings(path.name)}
    return places_of(Content(shown.name, 0, lambda: path.open("rb")))


def _edit_mapping(path: Path, shown: MappingPreview, places: dict[str, str]) -> dict[str, str]:
    """The columns as people put them right: field -> column (or one of the places of the file), empty for none."""
    kind = KINDS[shown.kind]
    names = _ordered_fields(kind, shown)
    table = mapping_table(shown, names, places)
    options = [NO_COLUMN, *table["column"], *(column.name for column in shown.columns), *places]
    st.caption(f"Which column holds what? Needed *: {needs_of(kind)}. The rest makes more of it.")
    if places:
        said = "; ".join(f"{place}: {PLACES[place]}, here {plain(example)}" for place, example in places.items())
        st.caption(f"Beside the columns there is {said}. Choose it where files are named after what they hold.")
    edited = st.data_editor(
        table,
        key=f"mapping_{kind.name}_{path}",
        hide_index=True,
        height=320,
        placeholder="",
        alt="Which column of the file holds which field",
        disabled=["field", "why", "example"],
        column_config={
            "field": st.column_config.TextColumn("What", width="medium"),
            "column": st.column_config.SelectboxColumn(
                "Column of the file", options=list(dict.fromkeys(options)), width="medium"
            ),
            "example": st.column_config.TextColumn("For example", width="medium"),
            "why": st.column_config.TextColumn("Why", width="medium"),
        },
    )
    return dict(zip(names, edited["column"].fillna(NO_COLUMN), strict=True))


def _ordered_fields(kind: TableKind, shown: MappingPreview) -> list[str]:
    """The fields of a kind: the needed first, then those that are known."""
    return sorted(kind.fields, key=lambda name: (name not in kind.needed, name not in shown.mapping))


def needs_of(kind: TableKind) -> str:
    """What a table of a kind has to have, in words.

    >>> needs_of(KINDS["visits"])
    'Visited at; Id of the visitor or E-mail address of the visitor'
    """
    return "; ".join(" or ".join(kind.fields[name].label for name in group) for group in kind.needs)


def _first_asked(path: Path, shown: MappingPreview, question: str, asked: Asked) -> tuple[Path, str | None] | None:
    """The other file of the same export of which the same is asked above, with the answer; None where there is none."""
    first = asked.get((question, shown.alike))
    return None if first is None or shown.asks != question or first[0] == path else first


def _ask(path: Path, shown: MappingPreview, question: str, asked: Asked) -> str | None:
    """Which of day and month comes first, or what stands before decimals: asked where the file leaves it open, of files
    that are read alike at the first of them; the others follow it, unless somebody says otherwise."""
    if question not in shown.mapping and shown.asks != question:
        return None
    title, answers = QUESTIONS[question], ANSWERS
    dates = shown.ambiguous_dates if question == DATE_ORDER else None
    if dates is not None:
        title = f"Dates: which day is {plain(dates.example)} in {plain(dates.column)}?"
        answers = {"day": f"{day(dates.day_first)} (day first)", "month": f"{day(dates.month_first)} (month first)"}
    default = shown.mapping.get(question)
    first = _first_asked(path, shown, question, asked)
    if first is not None:
        if first[1] is None:
            st.caption(f"What you say of {plain(first[0].name)} above holds for this file too.")
            return None
        title, default = f"Read as {plain(first[0].name)}. {title}", first[1]
    answer = st.segmented_control(
        title,
        list(SAYS[question]),
        default=default,
        format_func=lambda answer: answers[answer],
        key=f"{question}_{path}_{first[1] if first else ''}",
        help="Every date of the file is read like this one. Nothing is imported before you have said which."
        if question == DATE_ORDER
        else "Every amount of the file is read so. Nothing is imported before you have said which.",
    )
    if shown.asks == question:
        asked.setdefault((question, shown.alike), (path, answer))
    return answer


def _ask_source(path: Path, question: OpenSource) -> dict[str, str] | None:
    """What to say of the columns of a table whose ids are here already, or in other rows of it, and mean something
    else; None while that is open."""
    st.warning(plain(question.problem, longest=600))
    rows = question.rows
    answers = {OTHER: f"Other {rows}: keep both", SAME: f"The same {rows}, changed"}
    if question.stored:
        changed = f"Changed in this file, but others than those of {plain(question.others_named)}"
        answers = {OTHER: answers[OTHER], CHANGED: changed, SAME: f"{answers[SAME]}: write over what is here"}
    answer = st.segmented_control(
        "These are",
        list(answers),
        format_func=lambda which: answers[which],
        key=f"source_{path}",
        help="Nothing is imported before you have said which.",
    )
    if answer == SAME:
        return {SOURCE_FIELD: f"={DEFAULT_SOURCE}"}
    if answer is None:
        return None
    if answer == OTHER and question.apart is not None:
        return question.apart
    name = st.text_input(
        "Name of where they come from",
        value=question.suggestion,
        key=f"source_name_{path}",
        help="Ids are told apart by this name. Later exports of the same table are known by it.",
        width=300,
    )
    return {SOURCE_FIELD: f"={name.strip()}"} if name and name.strip() else None


def mapping_table(shown: MappingPreview, names: list[str], places: Mapping[str, str]) -> pd.DataFrame:
    """A row a field: ``field`` (its label, needed ones marked *), ``column``, ``example``, ``why``."""
    values = {**places, **{column.name: ", ".join(column.values[:2]) for column in shown.columns}}
    kind = KINDS[shown.kind]
    rows = []
    for name in names:
        spec = shown.mapping.get(name, NO_COLUMN)
        mark = " *" if name in kind.needed else ""
        rows.append((kind.fields[name].label + mark, spec, values.get(spec, ""), shown.reasons.get(name, "")))
    return pd.DataFrame(rows, columns=["field", "column", "example", "why"])


def start_import(here: Here, uploads: list[Upload], *, brand: str, channel: str, keep_mapping: bool) -> None:
    """Start the import of the files in a child process. Mappings are kept for files of the same columns."""
    saved: dict[str, dict[str, str]] = {}
    otherwise: dict[str, dict[str, str]] = {}
    for upload in uploads:
        if upload.preview.header_shape and upload.mapping:
            mapping = _without_source(upload.mapping)
            if saved.setdefault(upload.preview.header_shape, mapping) != mapping and "/" not in upload.preview.name:
                otherwise[str(upload.path)] = mapping
    if keep_mapping:
        for upload in uploads:
            if upload.preview.header_shape and upload.kept:
                key = f"mapping:{upload.preview.header_shape}"
                change_setting(here.engine, key=key, value=_without_source(upload.kept), decided_by=here.who)
    sources = {str(upload.path): source for upload in uploads if (source := _source_of(upload))}
    currencies = {str(upload.path): upload.currency for upload in uploads if upload.currency}
    options: dict[str, Any] = {"time_zone": here.time_zone, "saved_mappings": saved, "sources": sources}
    options |= {"currencies": currencies, "mappings": otherwise}
    options |= {name: value.strip() for name, value in (("brand", brand), ("channel", channel)) if value.strip()}
    paths = [str(upload.path) for upload in uploads]
    st.session_state[LAST_IMPORT] = start_job(here.engine, "import", {"paths": paths, "options": options})
    hand_over([upload.path for upload in uploads], [part for upload in uploads for part in upload.parts])
    st.session_state["_uploads_done"] = st.session_state.get("_uploads_done", 0) + 1
    st.session_state[_BEGUN] = len(paths)


def say_begun() -> None:
    """Say, once, that an import has begun: whoever started it looks at the bottom of a long page."""
    files = st.session_state.pop(_BEGUN, 0)
    if files:
        st.toast(f"Importing {counted(files, 'file')}: how far it is stands at the top.", icon=":material/upload:")


def _source_of(upload: Upload) -> str | None:
    """What the ids of a file belong to, as somebody said."""
    spec = upload.mapping.get(SOURCE_FIELD, "")
    return spec[1:] if spec.startswith("=") else None


def _without_source(mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping for files of the same columns: these may be of another source."""
    return {name: spec for name, spec in mapping.items() if name != SOURCE_FIELD or not spec.startswith("=")}


def show_imported(here: Here, jobs: list[Job]) -> None:
    """What the last import that was started here brought, until the next one starts."""
    last = next((job for job in jobs if job.id == st.session_state.get(LAST_IMPORT)), None)
    if last is None or last.status != JobStatus.DONE:
        return
    runs = (last.result or {}).get("runs", [])
    came = [run for run in runs if run.get("status", JobStatus.DONE) == JobStatus.DONE or not run.get("error")]
    if came:
        st.success(describe_runs(came), icon=":material/check:")
    for run in [run for run in came if run.get("refused")][:_MOST_MENDED]:
        show_mend_button(here, run["run_id"])
    for run in runs:
        if run.get("asks"):
            st.warning(f"{plain(run['asks'], longest=600)} Drop the file again, and say which.")
        elif run.get("error"):
            st.warning(f"{plain(run['file'])}: {plain(run['error'])}")
