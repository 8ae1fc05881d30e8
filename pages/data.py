"""Data: bring files in; what came, what was refused and why; how fresh each source is."""

import streamlit as st

from ui.actions import offer_undo
from ui.empty import nothing_here
from ui.guard import guard
from ui.import_tables import (
    FRESHNESS_COLUMNS,
    NOTE_COLUMNS,
    RUN_COLUMNS,
    freshness_of,
    freshness_table,
    notes_table,
    refusals_of,
    runs_of,
    runs_table,
)
from ui.numbers import whole
from ui.progress import read_jobs, running_job, show_failure, show_job
from ui.review import show_review
from ui.tables import show_table
from ui.uploads import choose_files, drop_imported, show_imported, start_import

here = guard("data")
st.title("Data")
offer_undo(here.engine, here.who)
jobs = read_jobs(here)
drop_imported(jobs)
show_failure(jobs)
show_imported(jobs)
if running_job(here):
    show_job(here)

st.header("Bring in")
uploads = choose_files(here)
if uploads:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        brand = channel = ""
        if any(upload.holds_posts for upload in uploads):
            brand = st.text_input("Brand", help="Whose these posts are, where the files do not say.", width=220)
            channel = st.text_input("Channel", help="Where they were written, where the files do not say.", width=220)
        keep_mapping = st.checkbox("Use these columns again for files like these", value=True)
        is_ready = all(upload.is_ready for upload in uploads)
        if st.button("Import", type="primary", icon=":material/upload:", disabled=not is_ready):
            start_import(here, uploads, brand=brand, channel=channel, keep_mapping=keep_mapping)
            st.rerun()
else:
    st.caption("Or on the command line: rapport import PATH, with files, folders, zips. Nothing leaves this machine.")

if not here.scope.is_empty:
    show_review(here)

st.header("What came in")
runs = runs_of(here)
if runs.empty:
    nothing_here("Nothing was brought in yet. Drop a file above, or look around the demo community first.")
else:
    chosen = show_table(
        runs_table(runs, here.time_zone), name="imports", alt="Imports, newest first", columns=RUN_COLUMNS, select=True
    )
    if chosen is not None and runs.loc[chosen, "notes"]:
        st.subheader("Read as something else")
        notes = notes_table(runs.loc[chosen, "notes"])
        show_table(notes, name="notes", alt="What was read as something else, most rows first", columns=NOTE_COLUMNS)
    if chosen is None:
        st.caption("Choose a row to see what it refused and why, and what it read as something else.")
    elif not runs.loc[chosen, "refused"]:
        st.caption("Nothing of that file was refused.")
    else:
        refusals = refusals_of(here, int(runs.loc[chosen, "id"]))
        st.subheader(f"{whole(len(refusals))} rows refused")
        show_table(refusals, name="refused", alt="Rows that were refused, with the reason")

st.header("How fresh it is")
freshness = freshness_of(here)
if freshness.empty:
    st.caption("No source has posts yet.")
else:
    show_table(freshness_table(freshness), name="freshness", alt="Newest day of each source", columns=FRESHNESS_COLUMNS)
