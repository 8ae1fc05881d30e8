"""Settings: what the workspace has decided about itself, and every decision taken here."""

import streamlit as st

from jobs.decisions import mute_word
from ui.actions import decide, offer_undo, undo
from ui.audit import read_audit_trail, read_mutes
from ui.brands import brands_form
from ui.cache import ask
from ui.guard import guard
from ui.markup import plain
from ui.numbers import moment
from ui.settings_forms import hours_form, influence_form, rates_form, team_form, workspace_form
from ui.tables import show_table
from ui.topics import topics_form

here = guard("settings")
st.title("Settings")
offer_undo(here.engine, here.who)

st.header("Workspace")
workspace_form(here)

left, right = st.columns([2, 3])
with left:
    st.header("Business hours")
    hours_form(here)
with right:
    st.header("Team")
    st.caption("Posts of these accounts are ours: they answer people and are not counted among them.")
    team_form(here)

st.header("Exchange rates")
rates_form(here)

st.header("Topics")
st.caption("What people talk about, by their words. Sentiment, profiles and Today speak of these topics.")
topics_form(here)

st.header("Brands")
st.caption(
    "Whom people talk about, by the words that name them. Share of voice rests on these. Which brands there are stands "
    "above: Our brands, Competitors."
)
brands_form(here)

st.header("Influence")
st.caption("How the Influencers page scores people, and whom it calls an advocate or a detractor.")
influence_form(here)

st.header("Muted")
mutes = ask(here, read_mutes)
for row in mutes.itertuples():
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{row.kind}: {row.what} (muted by {row.decided_by}, {moment(row.decided_at, here.time_zone)})")
        arguments = (here.engine, "mute", [row.decision_id], here.who)
        st.button("Unmute", key=f"unmute_{row.decision_id}", on_click=undo, args=arguments, type="tertiary")
if mutes.empty:
    st.caption("Nothing is muted. Mute an account on its profile, or a word here.")
form = st.form("mute_word", border=False, clear_on_submit=True)
with form.container(horizontal=True, vertical_alignment="bottom"):
    word = st.text_input("Word to mute", max_chars=60, help="Conversations that contain it do not appear on Today.")
    if st.form_submit_button("Mute") and word.strip():
        said = f"The word {plain(word)} is muted."
        decide(said, "mute", mute_word, here.engine, word=word.strip(), decided_by=here.who)
        st.rerun()

st.header("Audit trail")
trail = ask(here, read_audit_trail)
if trail.empty:
    st.caption("Nobody has decided anything yet. Corrections, notes, mutes and changed settings will stand here.")
else:
    shown = trail.assign(when=trail["decided_at"].map(lambda value: moment(value, here.time_zone)))
    shown = shown[["when", "decided_by", "what", "detail", "stands"]]
    titles = {"when": "When", "decided_by": "Who", "what": "What", "detail": "Detail", "stands": "Stands"}
    chosen = show_table(shown, name="audit_trail", alt="Every decision, newest first", columns=titles, select=True)
    if chosen is None:
        st.caption("Choose a row to undo that decision.")
    elif not trail.loc[chosen, "stands"]:
        st.caption("This decision was already undone.")
    elif not trail.loc[chosen, "can_undo"]:
        st.caption("Erasing somebody cannot be undone: nothing of them is left.")
    else:
        decision = trail.loc[chosen]
        arguments = (here.engine, str(decision["table"]), [int(decision["decision_id"])], here.who)
        st.button("Undo this decision", icon=":material/undo:", on_click=undo, args=arguments)
