"""Data: bring files in; what came, what was refused and why; how fresh each source is."""

import streamlit as st

from ui.actions import offer_undo
from ui.dropped import drop_imported
from ui.empty import nothing_here
from ui.guard import guard
from ui.import_tables import RUN_COLUMNS, notes_of, runs_key, runs_of, runs_table, show_notes
from ui.markup import plain
from ui.numbers import whole
from ui.progress import read_jobs, running_job, show_failure, show_job
from ui.refusals import show_refusals
from ui.review import show_review
from ui.sources import show_sources
from ui.tables import show_table
from ui.uploads import choose_files, say_begun, show_imported, start_import

here = guard("data")
st.title("Data")
jobs = read_jobs(here)
drop_imported(jobs)
say_begun()
with st.container():  # one element, however much it holds: the drop area below keeps its place, and a file its upload
    offer_undo(here.engine, here.who)
    show_failure(here, jobs)
    show_imported(here, jobs)
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
        keep_mapping = any(upload.kept for upload in uploads)
        if keep_mapping:
            keep_mapping = st.checkbox("Use these columns again for files like these", value=True)
        ready = [upload for upload in uploads if upload.is_ready]
        open_names = [upload.path.name for upload in uploads if not upload.is_ready]
        wanted = st.button("Import", type="primary", icon=":material/upload:", disabled=bool(open_names))
        if ready and open_names:
            label = f"Import the {'one that is' if len(ready) == 1 else f'{whole(len(ready))} that are'} ready"
            help_ = "The others are left out. Drop them again to bring them in later."
            wanted |= st.button(label, key="import_ready", icon=":material/upload:", help=help_)
        if wanted:
            start_import(here, ready, brand=brand, channel=channel, keep_mapping=keep_mapping)
            st.rerun()
    if open_names:
        waits_for = plain(", ".join(open_names), longest=300)
        them = "it" if len(open_names) == 1 else "them"
        or_else = ", or import what is ready" if ready else ""
        st.caption(f"Import waits for {waits_for}: settle what is open above, or skip {them}{or_else}.")
else:
    st.caption("Or on the command line: rapport import PATH, with files, folders, zips. Nothing leaves this machine.")

if not here.scope.is_empty:
    show_review(here)

st.header("What came in")
runs = runs_of(here)
if running_job(here):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("While work goes on, what stands below is as it was when the page was opened.", width="content")
        st.button("Look again", key="look_again", type="tertiary", icon=":material/refresh:")
if runs.empty and not running_job(here):
    why = "Nothing was brought in yet. Drop a file above, or look around the demo community first."
    nothing_here(why, button="Look around first", page="today")
elif not runs.empty:
    chosen = show_table(
        runs_table(runs, here.time_zone),
        name="imports",
        key=runs_key(runs),
        alt="Imports, newest first",
        columns=RUN_COLUMNS,
        select=True,
    )
    if chosen is None:
        st.caption("Choose a row to see what it refused and why, and what it read as something else or left out.")
    else:
        run = runs.loc[chosen]
        if run["error"]:
            st.warning(f"{plain(run['file'])}: {plain(run['error'], longest=600)}")
        if notes := notes_of(run):
            show_notes(notes)
        if run["refused"] or not run["error"]:
            show_refusals(here, int(run["id"]))

show_sources(here)
