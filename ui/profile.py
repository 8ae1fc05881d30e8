"""The head of the Profile page: who it is, and six numbers."""

import streamlit as st

from answers.customers import PersonWorth, read_person_value
from answers.engagement_score import PersonEngagement, read_engagement_score
from answers.profile import Profile, read_profile
from data_access.models.derived import Role
from metrics.money import minor_digits
from ui.alerts import thank_button, watch_button
from ui.cache import ask
from ui.cards import Card, show_cards
from ui.guard import Here
from ui.markup import plain
from ui.navigation import ENTRIES, page_link
from ui.numbers import counted, day, duration, money, whole
from ui.profile_actions import show_actions

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
MOST_NETWORKS = 8
ORGANIZATION = "organization"
_WAITS = "What they said to us and nobody has answered yet, on all days."


def open_asked(here: Here, asked: str | None) -> Profile | None:
    """The profile that the address asks for by the id of any account; None where it asks for none, or nobody has it."""
    if not asked or not asked.isdecimal() or len(asked) > 18:
        return None
    profile: Profile | None = ask(here, read_profile, int(asked), scope=here.scope)
    return profile


def show_head(here: Here, profile: Profile) -> None:
    """The name, what they are to us, where they are, when they were seen, and what can be done."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(profile.name, longest=80), width="content", anchor=False)
        if profile.role in ROLES:
            label, icon, meaning = ROLES[Role(profile.role)]
            st.badge(label, icon=icon, color="orange" if profile.role == Role.MUTED else "gray", help=meaning)
        st.space("stretch")
        if profile.role not in (Role.TEAM, Role.BOT):
            watch_button(here, profile.person_id, key="profile")
            thank_button(here, profile.person_id, key="profile")
        show_actions(here, profile)
        page_link("profile", ":material/search: Find someone else")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for network in list(dict.fromkeys(profile.accounts["network"]))[:MOST_NETWORKS]:
            st.badge(plain(network, longest=40), color="gray")
        _show_affiliation(profile)
    st.caption(plain(describe_person(profile), longest=600))


def _show_affiliation(profile: Profile) -> None:
    if profile.organization:
        name = plain(profile.organization, longest=80)
        has_page = any(entry.name == ORGANIZATION for entry in ENTRIES)
        if profile.organization_id is not None and has_page:
            label = f":material/apartment: {name}"
            page_link(ORGANIZATION, label, **{ORGANIZATION: str(profile.organization_id)})
        else:
            st.markdown(f":material/apartment: {name}", width="content")
    if profile.owner:
        contact = plain(profile.owner, longest=80)
        help_ = "Who of the team looks after them: the owner that the CRM names, or of their newest deal."
        st.markdown(f":material/support_agent: Team contact: {contact}", width="content", help=help_)


def describe_person(profile: Profile) -> str:
    """When they were seen, how much they wrote and where, and how we answered, in a few sentences."""
    if profile.first_day is None or profile.last_day is None:
        return "No post, visit, order or feedback of theirs was brought in."
    first, last = day(profile.first_day), day(profile.last_day)
    sentences = [f"Seen on {first}." if first == last else f"First seen on {first}, last on {last}."]
    if profile.posts:
        wrote = f"Wrote {counted(profile.posts, 'post')} in {counted(profile.conversations, 'conversation')}"
        places = profile.channels.head(FEW_CHANNELS)
        names = ", ".join(dict.fromkeys(f"{row.channel} ({row.network})" for row in places.itertuples()))
        most = "" if len(profile.channels) <= FEW_CHANNELS else "most "
        sentences.append(f"{wrote}, {most}in {names}." if names else f"{wrote}.")
    if profile.turns:
        times = f"We answered {whole(profile.answered)} of {whole(profile.turns)} times"
        how = "after" if profile.answered == 1 else "half of them within"
        usually = f", {how} {duration(profile.median_response_seconds)}" if profile.answered else ""
        sentences.append(f"{times}{usually}.")
    return " ".join(sentences)


def show_numbers(here: Here, profile: Profile) -> None:
    """What they are worth, how engaged they are, how they feel, and what waits; with how each came about. Of the team
    and of bots only how much they wrote."""
    if profile.role in (Role.TEAM, Role.BOT):
        show_cards(_wrote(profile))
        return
    worth: tuple[PersonWorth, ...] = ask(here, read_person_value, profile.person_id)
    engagement: PersonEngagement = ask(here, read_engagement_score, profile.person_id, scope=here.scope)
    show_cards([*_worth_cards(worth), *_feeling_cards(profile, engagement)])
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("How the engagement score is made", type="tertiary"):
            st.markdown(f"**{engagement.score:.1f}**, as of {day(engagement.as_of)}, the last day of data.")
            for sentence in engagement.how:
                st.markdown(plain(sentence, longest=600))
        if worth:
            with st.popover("How the value came about", type="tertiary"):
                _explain_worth(worth)


def _wrote(profile: Profile) -> list[Card]:
    return [
        Card("Posts", profile.posts, "count", help="Everything that they wrote, on all days."),
        Card("Conversations", profile.conversations, "count", help="Conversations in which they wrote."),
    ]


def _feeling_cards(profile: Profile, engagement: PersonEngagement) -> list[Card]:
    """How engaged they are and how they feel. Of muted accounts nothing is counted but what they wrote."""
    made = "From 0 to 100: what they did, each act weighing half after 30 days."
    score = Card("Engagement score", round(engagement.score), "count", help=f"{made} Now: {engagement.how[0]}")
    if profile.role is not None:
        return [score, *_wrote(profile)]
    scored = f"(positive - negative) / scored posts, times 100. Here: {whole(profile.scored)} scored posts."
    return [
        score,
        Card("Net sentiment", profile.net_sentiment, "points", help=scored),
        Card("Waits now, all days", profile.waiting.to_us.waiting, "count", help=_WAITS),
    ]


def _worth_cards(worth: tuple[PersonWorth, ...]) -> list[Card]:
    first = worth[0] if worth else None
    value, expected = (first.to_date_minor, first.expected_minor) if first else (None, None)
    return [
        _money_card("Value to date", value, first, "Orders less refunds, and deals won."),
        _money_card("Expected in a year", expected, first, _expected(first)),
        Card("Open deals", sum(one.deals_open for one in worth), "count", help=_open_deals(worth)),
    ]


def _money_card(label: str, minor: int | None, worth: PersonWorth | None, help_: str) -> Card:
    if worth is None or minor is None or not worth.currency:
        return Card(label, None, "count", help=help_ if worth else "No order and no deal of theirs is known.")
    return Card(label, minor / 10 ** minor_digits(worth.currency), worth.currency, help=help_)


def _expected(worth: PersonWorth | None) -> str:
    if worth is None or worth.as_of is None:
        return "What they may spend. Nothing is expected of who never ordered."
    return f"What they may spend in the 365 days after {day(worth.as_of)}."


def _open_deals(worth: tuple[PersonWorth, ...]) -> str:
    amounts = [money(one.deals_open_minor, one.currency) for one in worth if one.deals_open and one.currency]
    return f"Deals in which they take part: {', '.join(amounts)}." if amounts else "Deals in which they take part."


def _explain_worth(worth: tuple[PersonWorth, ...]) -> None:
    for one in worth:
        amount = money(one.to_date_minor, one.currency) if one.currency else "no amount known"
        bought = f"{counted(one.orders, 'order')}, {counted(one.deals_won, 'deal')} won"
        st.markdown(f"**{plain(amount)}** from {bought}.")
    for sentence in worth[0].how:
        st.markdown(plain(sentence, longest=600))
    if len(worth) > 1:
        st.markdown("Currencies are not added. The cards show the first.")
