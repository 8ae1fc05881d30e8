"""The parts of the organisation page: all of them to choose from, and what there is to see of one."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.organization import MOST_ORGANIZATIONS, Organization, find_organizations, read_one, read_organizations
from answers.organization_signals import WEEKS_BEFORE, Signals, read_signals
from metrics.money import minor_digits
from ui.cache import ask
from ui.cards import Card, describe_comparison, show_cards
from ui.columns import money_column, points_column, written
from ui.empty import nothing_here
from ui.guard import Here
from ui.markup import plain, web_address
from ui.navigation import go, page_link
from ui.numbers import counted, money, whole
from ui.people_list import MOST_IN_CSV, show_people_list
from ui.records import present, show_record
from ui.tables import MOST_ROWS_SHOWN, ROW_PIXELS, download_csv, show_table
from ui.waiting import show_waiting_of

COUNT: Any = st.column_config.NumberColumn
NO_PEOPLE = (
    "Nobody is known here: no contact of the CRM belongs to it, no account names it as its organisation, and no "
    "verified e-mail is of its domain. Bring in contacts with their organisation, or a domain for it."
)


def open_asked(here: Here, asked: str | None, filters: Filters) -> Organization | None:
    """The organisation that the address asks for; None where it asks for none, or there is none of that id."""
    if not asked or not asked.isdecimal() or len(asked) > 18:
        return None
    found: Organization | None = ask(here, read_one, int(asked), filters, scope=here.scope)
    return found


def show_unknown() -> None:
    """Says that the address asks for an organisation that is not here."""
    nothing_here("No organisation here has that id. The link may be of another store; choose one below.")


def _in_units(minor: pd.Series, currency: str) -> pd.Series:
    return minor.astype("Float64") / 10 ** minor_digits(currency)


def show_all(here: Here, filters: Filters) -> None:
    """A table of organisations with a button to each, a box that narrows it, and its CSV."""
    search = st.text_input(
        "Find an organisation",
        key="o_search",
        type="search",
        bind="query-params",
        max_chars=100,
        placeholder="Name, domain, sector",
    )
    typed = (search or "").strip()[:100]
    found = _ask_for(here, filters, search=typed)
    if found.empty and typed:
        st.caption("None is found. Try the beginning of the name, the domain, the sector or the country.")
        return
    if found.empty:
        nothing_here(
            "No organisation is known. They come with a CRM's export: organisations, contacts or deals.",
            button="Import from a CRM",
            page="data",
            key="organizations",
        )
        return
    _show_table(here, found, lambda: _ask_for(here, filters, search=typed, limit=MOST_IN_CSV))


def _ask_for(here: Here, filters: Filters, **wanted: Any) -> pd.DataFrame:
    """Which organisations are wanted hangs on no period: it is kept while somebody tries others."""
    numbers = ask(here, find_organizations, scope=here.scope, **wanted)
    return ask(here, read_organizations, filters, organizations=tuple(numbers), scope=here.scope)


def _show_table(here: Here, found: pd.DataFrame, whole_list: Callable[[], pd.DataFrame]) -> None:
    currency = here.settings.currency
    rows = _with_won(found, currency)
    columns: dict[str, Any] = {
        "name": "Name",
        "won": money_column(f"Won, {currency}", currency, help="On all days"),
        "deals_won": COUNT("Won deals", format="localized"),
        "deals_open": COUNT("Open deals", format="localized"),
        "people": COUNT("People", format="localized"),
        "posts": COUNT("Posts", format="localized", help="Of its people, in the period"),
        "net_sentiment": points_column("Net sentiment", help="Of its people's posts in the period, -100 to 100"),
        "sector": "Sector",
        "country": "Country",
        "domain": "Domain",
    }
    shown = rows[[name for name in columns if rows[name].notna().any()]].assign(open="Open")
    button: Any = st.column_config.ButtonColumn("Page", type="tertiary", key="o_open", width="small", pinned=True)
    st.caption(f"{_describe_rows(len(found))} A column's head sorts by it.")
    table, config = written(shown[["open", *shown.columns.drop("open")]], columns)
    st.dataframe(
        table,
        key="table_organizations",
        hide_index=True,
        height=ROW_PIXELS * (min(len(found), MOST_ROWS_SHOWN) + 1) + 3,
        column_config={"open": button, **config},
        placeholder="",
        alt="Organisations, the most won first",
    )
    has_all = len(found) < MOST_ORGANIZATIONS
    download_csv(lambda: _with_won(found if has_all else whole_list(), currency), "organizations")
    left = int(found["unconverted"].sum())
    if left:
        st.caption(f"{counted(left, 'deal')} in a currency for which Settings has no rate: not in what was won.")
    click = st.session_state.get("o_open")
    if click and click["row"] < len(found):
        go("organization", organization=str(int(found["organization_id"].iloc[click["row"]])))


def _with_won(found: pd.DataFrame, currency: str) -> pd.DataFrame:
    """No amount, rather than nothing won, where deals were won of which none has an amount that can be converted."""
    is_known = (found["won_minor"] != 0) | (found["deals_won"] == 0)
    return found.assign(won=_in_units(found["won_minor"], currency).where(is_known)).drop(columns="won_minor")


def _describe_rows(rows: int) -> str:
    if rows < MOST_ORGANIZATIONS:
        return f"{counted(rows, 'organisation')}, the most won first."
    return f"The {whole(rows)} with the most won, first the most. Search for others; the CSV has all that are found."


def show_head(known: Organization) -> None:
    """The name, and what the CRM says of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(known.name, longest=80), width="content", anchor=False)
        st.space("stretch")
        page_link("organization", ":material/search: Choose another")
    employees = f"{whole(known.employees)} employees" if known.employees is not None else None
    owners = f"deals held by {', '.join(known.owners)}" if known.owners else None
    facts = [known.sector, known.country, employees, owners]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if known.domain:
            address = web_address(known.domain if "//" in known.domain else f"https://{known.domain}")
            if address:
                st.link_button(plain(known.domain, longest=60), address, icon=":material/open_in_new:", type="tertiary")
        st.text(" · ".join(fact for fact in facts if fact)[:300] or "The CRM says nothing more of it.")


def show_numbers(here: Here, known: Organization, filters: Filters, waiting: int) -> None:
    """Six numbers, and what they leave out."""
    unit = 10 ** minor_digits(known.currency)
    scored = f"(positive - negative) / scored posts, times 100. Here: {counted(known.scored, 'scored post')}."
    won = f"{counted(known.won, 'deal')} won, {known.lost} lost, on all days."
    cards = [
        Card("People known", len(known.people), "count", help="By the CRM, by their own words, or by verified e-mail."),
        Card("Posts", known.posts, "count", before=known.posts_before, help="Of its people, in the period."),
        Card("Net sentiment", known.net_sentiment, "points", known.net_sentiment_before, "up", help=scored),
        Card("Waits now, all days", waiting, "count", help="What its people said to us and nobody has answered yet."),
        Card("Won to date", _known(known, "won", known.won_minor / unit), known.currency, help=won),
        Card(
            "Open pipeline",
            _known(known, "open", known.open_minor / unit),
            known.currency,
            help=f"{counted(known.open, 'open deal')}.",
        ),
    ]
    show_cards(cards, comparison=describe_comparison(here, filters) if len(known.people) else None)
    left = [
        f"{what}: {money(int(amount), currency or '?')}"
        for what, currency, amount, _ in known.apart.itertuples(index=False)
    ]
    if left:
        st.caption(plain(f"Not in these, since Settings has no rate: {'; '.join(left)}.", longest=400))
    if known.deals_without_amount:
        st.caption(f"{counted(known.deals_without_amount, 'deal')}, open or won, without an amount.")


def _known(known: Organization, outcome: str, value: float) -> float | None:
    """No number, rather than nothing won, where none of the deals has an amount that can be converted."""
    deals = known.deals[known.deals["outcome"] == outcome]
    return None if len(deals) and deals["converted_minor"].isna().all() else value


def show_people(known: Organization) -> None:
    """Whom we know there; each row leads to the profile."""
    if known.people.empty:
        nothing_here(NO_PEOPLE, button="Import contacts", page="data", key="organization_people")
        return
    people = known.people.assign(value=_in_units(known.people["value_minor"], known.currency))
    columns: dict[str, Any] = {
        "name": "Name",
        "posts": COUNT("Posts", format="localized", help="In the period"),
        "net_sentiment": points_column("Net sentiment", help="In the period, -100 to 100"),
        "last_day": st.column_config.DateColumn("Last wrote", format="D MMM YYYY"),
        "value": money_column(
            f"Value to date, {known.currency}", known.currency, help="Orders less refunds, and deals won"
        ),
        "accounts": COUNT("Accounts", format="localized"),
    }
    shown = {name: title for name, title in columns.items() if people[name].notna().any()}
    show_people_list(people, shown, name="organization_people", alt="People of this organisation")
    st.caption("A deal that several of them take part in stands with each of them.")


def read_news(here: Here, known: Organization, filters: Filters) -> Signals:
    """What is new with it."""
    return ask(here, read_signals, known.organization_id, filters, scope=here.scope)


def show_signals(here: Here, known: Organization, signals: Signals) -> None:
    """Talk out of the usual, complaints, questions that wait, first visits, and topics."""
    if known.people.empty:
        nothing_here(
            f"What is new comes from its people. {NO_PEOPLE}", button="Import contacts", page="data", key="news"
        )
        return
    burst = signals.burst
    usual = f"{burst.usual:.1f} posts in a usual week of the {WEEKS_BEFORE} before"
    if burst.is_unusual:
        st.warning(f"They talk more than usual: {counted(burst.posts, 'post')} in the last 7 days; {usual}.")
    else:
        st.caption(
            f"Nothing unusual in how much they talk: {counted(burst.posts, 'post')} in the last 7 days; {usual}."
        )
    _show_negative(here, signals)
    st.subheader("Waits for an answer")
    if signals.waiting.turns.empty:
        st.caption("Nothing of theirs waits for an answer.")
    else:
        show_waiting_of(here, signals.waiting)
    _show_topics(signals)
    _show_visits(signals)


def _show_negative(here: Here, signals: Signals) -> None:
    st.subheader("Newest complaints")
    if signals.negative.empty:
        st.caption("No post of theirs in the period is negative.")
    for record in signals.negative.to_dict("records"):
        show_record(here, {str(name): value for name, value in record.items()}, key="o_negative")


def _show_topics(signals: Signals) -> None:
    st.subheader("What they write about")
    if signals.topics.empty:
        st.caption("None of their posts in the period is about a topic of Settings.")
        return
    columns: dict[str, Any] = {
        name: name.capitalize() for name in ("topic", "posts", "positive", "neutral", "negative")
    }
    show_table(signals.topics, name="organization_topics", alt="Topics of their posts by sentiment", columns=columns)


def _show_visits(signals: Signals) -> None:
    st.subheader("New on the website")
    if signals.visits.empty:
        st.caption("Nobody of theirs came to the website for the first time in the period.")
        return
    columns: dict[str, Any] = {
        "name": "Name",
        "first_at": st.column_config.DatetimeColumn("First visit", format="D MMM YYYY"),
        "visits": COUNT("Visits", format="localized"),
    }
    show_people_list(signals.visits, columns, name="organization_visits", alt="First visits in the period")


def show_orders(known: Organization, time_zone: str) -> None:
    """What it and its people ordered."""
    if known.orders.empty:
        nothing_here(
            "No order of it or of its people is known. Bring in orders that name the buyer or the organisation.",
            button="Import orders",
            page="data",
            key="organization_orders",
        )
        return
    total = money(known.ordered_minor, known.currency)
    st.caption(plain(f"{counted(len(known.orders), 'order')} and refunds, {total} to date."))
    names = dict(zip(known.people["person_id"], known.people["name"], strict=True))
    orders = known.orders.assign(
        buyer=known.orders["person_id"].map(names).astype(object),
        amount=[
            money(int(row.amount_minor), row.currency)
            for row in known.orders[["amount_minor", "currency"]].itertuples()
        ],
        ordered=known.orders["occurred_at"].dt.tz_convert(time_zone).dt.tz_localize(None),
    )
    columns: dict[str, Any] = {
        "ordered": st.column_config.DatetimeColumn("When", format="D MMM YYYY"),
        "product": "Product",
        "amount": "Amount",
        "is_refund": "Refund",
        "buyer": "Bought by",
    }
    shown = orders[[name for name in columns if orders[name].notna().any()]]
    row = show_table(shown, name="organization_orders", alt="Orders and refunds", columns=columns, select=True)
    person: Any = orders["person_id"].iloc[row] if row is not None else None
    if present(person):
        page_link("profile", f"Profile of {plain(str(orders['buyer'].iloc[row]), 60)}", person=str(int(person)))
