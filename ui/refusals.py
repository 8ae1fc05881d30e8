"""The rows that an import refused: why, and a file to mend them in."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from answers.refusals import RefusedFile, count_reasons, describe_refused, find_refused, quoted, write_refused
from data_access.queries.imports import list_refusals
from data_access.queries.refusals import MendedRun, list_mended_runs
from data_access.store import open_store, reading
from ui.cache import ask
from ui.guard import Here
from ui.markup import plain
from ui.numbers import counted, moment, whole
from ui.tables import show_table

SHOWN_ROWS = 500
_REASONS = 5
_COLUMNS: dict[str, Any] = {
    "file": st.column_config.TextColumn("File", width="small"),
    "line": st.column_config.NumberColumn("Line", format="localized"),
    "reason": st.column_config.TextColumn("Why", width="large"),
    "raw": st.column_config.TextColumn("The row", width="large"),
}


def show_refusals(here: Here, run_id: int) -> None:
    """What an import refused: the first rows, and the file that brings them back once they are mended."""
    file = ask(here, find_refused, run_id)
    if file is None:
        st.caption("Nothing of that file was refused.")
        return
    refused = file.run.refused
    st.subheader("1 row refused" if refused == 1 else f"{whole(refused)} rows refused")
    st.caption(describe_refused(file))
    for mended in ask(here, list_mended_runs, run_id):
        st.info(_describe_mended(mended, here.time_zone), icon=":material/check:")
    _show_download(here, file, key=f"mend_{run_id}")
    rows = ask(here, list_refusals, run_id, SHOWN_ROWS)
    if refused > len(rows):
        st.caption(f"The first {whole(len(rows))}; all that are kept are in the file.")
    say_reasons(rows["reason"])
    rows = rows.assign(reason=rows["reason"].map(quoted))
    if rows["file"].nunique() == 1:  # the rows have its room
        st.caption(f"All in {plain(rows['file'].iloc[0])}.")
        rows = rows.drop(columns="file")
    show_table(rows, name="refused", alt="Rows that were refused, with the reason", columns=_COLUMNS)


def say_reasons(reasons: Iterable[str]) -> None:
    """Why rows are refused, each reason once and whole, with how many rows it is of: a table cuts it."""
    found = count_reasons(reasons)
    lines = [f"- {counted(count, 'row')}: {plain(quoted(reason), longest=300)}" for reason, count in found[:_REASONS]]
    rest = sum(count for _, count in found[_REASONS:])
    lines += [f"- {counted(rest, 'row')}: other reasons"] if rest else []
    st.caption("\n".join(lines))


def _describe_mended(mended: MendedRun, time_zone: str) -> str:
    """What came of rows that were mended, and when."""
    when = "" if mended.finished_at is None else f" on {moment(mended.finished_at, time_zone)}"
    again = f", {whole(mended.refused)} refused again" if mended.refused else ""
    return f"Mended rows of it were imported{when} ({plain(mended.file)}): {counted(mended.came_in, 'row')} in{again}."


def show_mend_button(here: Here, run_id: int) -> None:
    """The file of what an import refused, beside the word that it did."""
    file = ask(here, find_refused, run_id)
    if file is not None:
        _show_download(here, file, key=f"mend_at_once_{run_id}")


def _show_download(here: Here, file: RefusedFile, *, key: str) -> None:
    run_id = file.run.id
    st.download_button(
        "Download to mend" if file.can_return else "Download what was refused",
        data=lambda: _content(here.store_url, run_id),
        file_name=file.name,
        mime=file.mime,
        key=key,
        on_click="ignore",
        icon=":material/download:",
        help=describe_refused(file),
    )


def _content(store_url: str, run_id: int) -> bytes:
    with reading(open_store(store_url)) as session:
        file = find_refused(session, run_id)
        return b"" if file is None else write_refused(session, file)
