"""The parts of the Profile page: to find a person, and what there is to see of one."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.people import MOST_HITS, read_most_active, search_people
from answers.profile import Profile, end_of_period, read_circle, read_profile
from answers.records import RecordFilters
from data_access.models.derived import Role
from figures.balance import balance_figure, balance_takeaway
from jobs.decisions import mute_account
from ui.actions import decide, undo
from ui.cache import ask
from ui.cards import Card, number_card
from ui.charts import show_figure
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain, web_address
from ui.navigation import page_link
from ui.numbers import day, day_range, moment, whole
from ui.records import present, show_records
from ui.tables import MOST_ROWS_SHOWN, ROW_PIXELS, download_csv
from ui.waiting import describe_waiting, show_waiting

ROLES = {
    Role.TEAM: (
        "Team",
        ":material/badge:",
        "Their posts are ours: they answer people and count in no number of theirs.",
    ),
    Role.BOT: ("Bot", ":material/smart_toy:", "Their posts count in no number."),
    Role.MUTED: ("Muted", ":material/volume_off:", "Their posts count in no number and in no list."),
}
FEW_CHANNELS = 3
COUNT: Any = st.column_config.NumberColumn
PEOPLE_COLUMNS: dict[str, Any] = {
    "name": "Name",
    "handle": "Handle",
    "network": "Network",
    "role": "Role",
    "followers": COUNT("Followers", format="localized"),
    "posts": COUNT("Posts", format="localized"),
    "net_sentiment": COUNT("Net sentiment", format="%.0f"),
}
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


def open_asked(here: Here, asked: str | None) -> Profile | None:
    """The profile that the address asks for by the id of any account; None where it asks for none, or nobody has it."""
    if not asked or not asked.isdecimal() or len(asked) > 18:
        return None
    profile: Profile | None = ask(here, read_profile, int(asked), scope=here.scope)
    return profile


def show_people(frame: pd.DataFrame, columns: dict[str, Any], *, name: str, alt: str) -> None:
    """A table of people with a button to each profile, and its CSV. ``frame`` has ``person_id``."""
    clicked = f"open_{name}"
    shown = frame[[column for column in columns if column in frame and frame[column].notna().any()]].assign(open="Open")
    button: Any = st.column_config.ButtonColumn("Profile", type="tertiary", key=clicked, width="small", pinned=True)
    st.dataframe(
        shown[["open", *shown.columns.drop("open")]],
        key=f"table_{name}",
        hide_index=True,
        height=ROW_PIXELS * (min(len(frame), MOST_ROWS_SHOWN) + 1) + 3,
        column_config={"open": button, **columns},
        placeholder="",
        alt=alt,
    )
    download_csv(frame, name, key=f"csv_{name}")
    click = st.session_state.get(clicked)
    if click and click["row"] < len(frame):
        st.query_params["person"] = str(int(frame["person_id"].iloc[click["row"]]))
        st.rerun()


def show_search(here: Here) -> bool:
    """A box for a handle, a name or an e-mail, and whom it finds. Returns whether something was asked for."""
    text = st.text_input(
        "Find a person",
        key="p_search",
        type="search",
        bind="query-params",
        placeholder="Handle, name or e-mail",
        max_chars=100,
    )
    wanted = (text or "").strip()[:100]
    if not wanted:
        return False
    hits = ask(here, search_people, wanted)
    if hits.empty:
        st.caption("Nobody is found. Try a part of the name, or the handle without its beginning.")
        return True
    if len(hits) == MOST_HITS:
        st.caption(f"The first {MOST_HITS}. More letters narrow it down.")
    show_people(hits, PEOPLE_COLUMNS, name="people_found", alt="People found")
    return True


def show_most_active(here: Here, filters: Filters) -> None:
    """Who wrote most in the period."""
    st.header("Most active in the period")
    people = ask(here, read_most_active, filters, scope=here.scope)
    if people.empty:
        nothing_here("Nobody wrote in this period and these channels. Choose a longer one in the sidebar.")
        return
    show_people(people, PEOPLE_COLUMNS, name="most_active", alt="Who wrote most in the period")


def show_unknown(asked: str) -> None:
    """Says that the address asks for somebody who is not here."""
    number = asked if asked.isdecimal() and len(asked) <= 18 else None
    named = f"the id {number}" if number else "that id"
    nothing_here(f"Nobody here has {named}. The link may be of another store; find the person below.")


def show_head(here: Here, profile: Profile) -> None:
    """The name, what they are to us, when they were seen, and the button that mutes them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(profile.name, longest=80), width="content", anchor=False)
        if profile.role in ROLES:
            label, icon, meaning = ROLES[Role(profile.role)]
            st.badge(label, icon=icon, color="orange" if profile.role == Role.MUTED else "gray", help=meaning)
        st.space("stretch")
        _mute_buttons(here, profile)
        page_link("profile", ":material/search: Find someone else")
    st.caption(plain(describe_person(profile), longest=400))


def describe_person(profile: Profile) -> str:
    """When they were seen and where they write, in a sentence or two."""
    if profile.first_day is None or profile.last_day is None:
        return "No post, visit, order or feedback of theirs was brought in."
    seen = f"Seen from {day(profile.first_day)} to {day(profile.last_day)}"
    if profile.active_days:
        seen += f", wrote on {whole(profile.active_days)} day" + ("s" if profile.active_days != 1 else "")
    places = profile.channels.head(FEW_CHANNELS)
    if places.empty:
        return f"{seen}."
    names = ", ".join(dict.fromkeys(f"{row.channel} ({row.network})" for row in places.itertuples()))
    return f"{seen}, most in {names}."


def _mute_buttons(here: Here, profile: Profile) -> None:
    if profile.role in (Role.TEAM, Role.BOT):
        return
    for row in profile.accounts.to_dict("records"):
        of = f" {row['network']}" if len(profile.accounts) > 1 else ""
        action: Callable[..., None] = _mute
        arguments: tuple[Any, ...] = (here, row, profile.name)
        label, icon = f"Mute{of}", ":material/volume_off:"
        if present(row["mute_id"]):
            action, arguments = undo, (here.engine, "mute", [int(row["mute_id"])], here.who)
            label, icon = f"Unmute{of}", ":material/volume_up:"
        st.button(
            plain(label),
            key=f"mute_{row['identity_id']}",
            icon=icon,
            type="tertiary",
            on_click=action,
            args=arguments,
            help="Muted accounts count in no number and stand in no list.",
        )


def _mute(here: Here, row: dict[str, Any], name: str) -> None:
    key = {part: row[part] for part in ("network", "source", "native_id")}
    decide(f"{plain(name)} is muted.", "mute", mute_account, here.engine, decided_by=here.who, **key)


def show_numbers(profile: Profile) -> None:
    """Six numbers at most, over all days."""
    scored = f"(positive - negative) / scored posts, times 100. Here: {whole(profile.scored)} scored posts."
    times = f"{whole(profile.answered)} of {whole(profile.turns)} times"
    answered = f"Median, from their first unanswered post to our answer. We answered {times}."
    cards = [
        Card("Posts", profile.posts, "count", help="Everything that they wrote, on all days."),
        Card("Conversations", profile.conversations, "count", help="Conversations in which they wrote."),
    ]
    if profile.role is None:
        cards += [
            Card("Net sentiment", profile.net_sentiment, "points", help=scored),
            Card("Waits now", profile.waiting.waiting, "count", help="What they wrote that nobody has answered yet."),
            Card("We let them wait", profile.median_response_seconds, "seconds", help=answered),
        ]
    with st.grid(6, min_column_width=215):
        for card in cards:
            number_card(card)
        if profile.first_day and profile.last_day:
            seen = f"Of anything they did. First seen on {day(profile.first_day)}."
            st.metric("Last seen", day(profile.last_day), border=True, height="stretch", help=seen)


def show_accounts(profile: Profile) -> None:
    """Each account: where, the handle, who follows, what it says of itself."""
    st.header("Accounts")
    for row in profile.accounts.to_dict("records"):
        _show_account(row)
    table = profile.accounts.drop(columns=["evidence", "mute_id"])
    download_csv(table, "accounts", key="csv_accounts")


def _show_account(row: dict[str, Any]) -> None:
    with st.container(border=True, gap="xsmall"):
        handle = row["handle"] if present(row["handle"]) else row["display_name"]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(handle if present(handle) else row['native_id'], longest=60)}**")
            st.badge(plain(row["network"], longest=40), color="gray")
            url = web_address(row["url"] if present(row["url"]) else None)
            if url:
                st.link_button("Original", url, icon=":material/open_in_new:", type="tertiary")
        followers = f"{whole(row['followers'])} followers" if present(row["followers"]) else None
        facts = [followers, *(row[name] for name in ("location", "organization", "email"))]
        known = " · ".join(str(fact) for fact in facts if present(fact))
        if known:
            st.text(known[:300])  # a caption would turn an address into a link
        if present(row["bio"]):
            st.text(str(row["bio"])[:600])


def show_sentiment(profile: Profile) -> pd.Timestamp | None:
    """Praise and complaints by week or month. Returns the first day of the one that was clicked, or None."""
    st.header(f"How they feel, by {profile.unit}")
    if not profile.scored:
        st.caption(
            "Posts of the team, of bots and of muted accounts are not counted here."
            if profile.role
            else "None of their posts is scored: they are in another language than English."
        )
        return None
    takeaway = balance_takeaway(profile.sentiment, unit=profile.unit)
    figure = balance_figure(profile.sentiment, unit=profile.unit)
    key = f"p_sentiment_{profile.person_id}"
    points = show_figure(figure, key=key, takeaway=takeaway, select=True)
    st.caption(f"{takeaway} Choose a bar to read its posts.")
    return pd.Timestamp(profile.sentiment["period"].iloc[points[0]["point_index"]]) if points else None


def show_period(here: Here, profile: Profile, period: pd.Timestamp) -> None:
    """What they wrote in one week or month, in any channel."""
    start = period.date()
    end = end_of_period(start, profile.unit)
    channels = tuple(sorted(int(channel) for channel in profile.channels["channel_id"]))
    wanted = RecordFilters(Filters(start, end, channels=channels), person=profile.person_id)
    show_records(here, wanted, title=f"Posts of {day_range(start, end)}", key=f"p_period_{profile.person_id}")


def show_open(here: Here, profile: Profile) -> None:
    """What of theirs waits for an answer, to be worked on as on Today."""
    if profile.waiting.turns.empty:
        nothing_here("Nothing of theirs waits for an answer.")
        return
    st.caption(describe_waiting(profile.waiting))
    page_link("today", "Everyone who waits: Today :material/arrow_forward:", f_period="All")
    show_waiting(here, profile.waiting)


def show_circle(here: Here, profile: Profile) -> None:
    """With whom they talk, both ways; each row leads on."""
    circle = ask(here, read_circle, profile.person_id)
    if circle.empty:
        nothing_here("No reply, mention, share or like ties them to anyone here.")
        return
    st.caption(f"{whole(len(circle))} people, those first with whom they have most to do.")
    last = circle["last_at"].map(lambda value: moment(value, here.time_zone) if present(value) else "")
    name = f"circle_{profile.person_id}"
    columns = {column: title for column, title in CIRCLE_COLUMNS.items() if column in WHO or circle[column].any()}
    show_people(circle.assign(last_at=last), columns, name=name, alt="With whom they talk, most first")
