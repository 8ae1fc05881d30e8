"""The people around a person: with whom they talk, and who is like them."""

from typing import Any

import streamlit as st

from answers.profile import Profile, read_circle
from answers.similar_people import read_similar_people
from ui.cache import ask
from ui.columns import share_bar_column
from ui.empty import nothing_here
from ui.guard import Here
from ui.numbers import counted, moment
from ui.people_list import show_people_list
from ui.records import present

COUNT: Any = st.column_config.NumberColumn
CIRCLE_COLUMNS: dict[str, Any] = {
    "name": "Name",
    "role": "Role",
    "network": "Where",
    "together": COUNT("Together", help="Replies, mentions, shares and likes, both ways"),
    "replies_to": COUNT("Replies to", help="They answered this person"),
    "replies_from": COUNT("Replies from", help="This person answered them"),
    "mentions_to": COUNT("Mentions of", help="They named this person"),
    "mentions_from": COUNT("Mentions by", help="This person named them"),
    "shares_to": COUNT("Shares of", help="They passed on what this person wrote"),
    "shares_from": COUNT("Shares by", help="This person passed on what they wrote"),
    "likes_to": COUNT("Likes to", help="They liked what this person wrote"),
    "likes_from": COUNT("Likes from", help="This person liked what they wrote"),
    "last_at": "Last time",
}
WHO = ("name", "role", "network", "together", "last_at")
SIMILAR_COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Name", width=170),
    "similarity": share_bar_column("How alike", width=130),
    "why": st.column_config.TextColumn("Why", width=520),
    "network": "Where",
    "posts": COUNT("Posts in a year"),
}


def show_circle(here: Here, profile: Profile) -> None:
    """With whom they talk, both ways; each row leads on."""
    circle = ask(here, read_circle, profile.person_id)
    if circle.empty:
        nothing_here("No reply, mention, share or like ties them to anyone here.")
        return
    whom = "1 person" if len(circle) == 1 else counted(len(circle), "person").replace("persons", "people")
    st.caption(f"{whom}, those first with whom they have most to do.")
    last = circle["last_at"].map(lambda value: moment(value, here.time_zone) if present(value) else "")
    name = f"circle_{profile.person_id}"
    columns = {column: title for column, title in CIRCLE_COLUMNS.items() if column in WHO or circle[column].any()}
    show_people_list(circle.assign(last_at=last), columns, name=name, alt="With whom they talk, most first")


def show_similar(here: Here, profile: Profile) -> None:
    """Who speaks of the same in the same places, about as much, and why they are on the list."""
    similar = ask(here, read_similar_people, profile.person_id, scope=here.scope)
    if similar.empty:
        nothing_here(
            "Posts of the team, of bots and of muted accounts are not compared."
            if profile.role
            else "They wrote too little in the last year of data to say who is like them."
        )
        return
    st.caption(
        "Alike in what they speak of (half of it), where they write (three tenths) and how much (two tenths), among "
        "those who wrote lately of the same topics or in the same channels."
    )
    name = f"similar_{profile.person_id}"
    similar = similar.assign(similarity=similar["similarity"].round(2))
    show_people_list(similar, SIMILAR_COLUMNS, name=name, alt="People like this one, the most alike first")
