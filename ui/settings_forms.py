"""The forms of the Settings page: what is typed becomes one decision for each setting that changes."""

from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from data_access.importers.reading.money import DECIMALS
from data_access.settings import Rate, Settings, TeamMember
from jobs.decisions import INFLUENCE_SETTINGS, REBUILDING_SETTINGS, change_setting
from jobs.launch import start_job
from ui.actions import decide
from ui.guard import Here

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "JPY",
    "CNY",
    "INR",
    "BRL",
    "CAD",
    "AUD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "UAH",
)
TITLES = {
    "workspace_name": "The name",
    "time_zone": "The time zone",
    "currency": "The currency",
    "response_target_minutes": "The response target",
    "business_hours": "Business hours",
    "own_brands": "Our brands",
    "competitors": "The competitors",
    "team": "The team",
    "bots": "The bots",
    "rates": "The exchange rates",
    "influence_half_life_days": "The half-life of ties",
    "advocate_posts": "The posts of an advocate",
    "advocate_ratio": "The ratio of an advocate",
    "advocate_days": "The days of an advocate",
}


@cache
def _list_zones() -> list[str]:
    """The names of all time zones: they lie in a folder of hundreds of files."""
    return sorted(available_timezones())


def workspace_form(here: Here) -> None:
    """Name, time zone, currency, response target, brands."""
    now = here.settings
    brands = sorted({*here.scope.channels["brand"].dropna(), *now.own_brands, *now.competitors})
    zones = _list_zones()
    with st.form("workspace"):
        left, right = st.columns(2)
        changed: dict[str, Any] = {
            "workspace_name": left.text_input("Name of the workspace", now.workspace_name, max_chars=80),
            "time_zone": right.selectbox(
                "Time zone", zones, index=zones.index(now.time_zone), help="Days and hours of every number follow it."
            ),
            "currency": left.selectbox("Currency", sorted({*CURRENCIES, now.currency}), _currency_position(now)),
            "response_target_minutes": right.number_input(
                "Response target, minutes",
                1,
                100_000,
                now.response_target_minutes,
                help="How soon people should hear from us.",
            ),
            "own_brands": left.multiselect(
                "Our brands", brands, now.own_brands, accept_new_options=True, placeholder="Type a name"
            ),
            "competitors": right.multiselect(
                "Competitors", brands, now.competitors, accept_new_options=True, placeholder="Type a name"
            ),
        }
        if st.form_submit_button("Save", type="primary"):
            if changed["currency"] != now.currency and now.rates:
                changed["rates"] = []  # they said what money is worth in the currency of before
            save(here, changed)


def _currency_position(settings: Settings) -> int:
    return sorted({*CURRENCIES, settings.currency}).index(settings.currency)


def hours_form(here: Here) -> None:
    """Business hours, a row a weekday; without any, every hour counts."""
    hours = here.settings.business_hours or (None,) * 7
    table = pd.DataFrame(
        {
            "day": WEEKDAYS,
            "open": [value is not None for value in hours],
            "from": [value[0] if value else 9 for value in hours],
            "to": [value[1] if value else 17 for value in hours],
        }
    )
    st.caption("With no day open, every hour of the week counts.")
    with st.form("hours", border=False):
        columns = {
            "day": st.column_config.TextColumn("Day", disabled=True, width=90),
            "open": st.column_config.CheckboxColumn("Open", width=60),
            "from": st.column_config.NumberColumn("From", min_value=0, max_value=23, step=1, format="%d:00", width=70),
            "to": st.column_config.NumberColumn("To", min_value=1, max_value=24, step=1, format="%d:00", width=70),
        }
        edited = st.data_editor(table, key="hours_table", hide_index=True, column_config=columns, alt="Business hours")
        if st.form_submit_button("Save hours"):
            wrong = edited[edited["open"] & (edited["from"] >= edited["to"])]
            if wrong.empty:
                save(here, {"business_hours": hours_value(edited)})
            else:
                st.error(f"{', '.join(wrong['day'])}: the hour of closing has to come after that of opening.")


def hours_value(table: pd.DataFrame) -> list[list[int] | None]:
    """The setting that a table of hours stands for; empty where no day is open.

    >>> hours_value(pd.DataFrame({"open": [True, False], "from": [9, 9], "to": [17, 17]}))
    [[9, 17], None]
    """
    if not table["open"].any():
        return []
    return [[int(row[1]), int(row[2])] if row[0] else None for row in table[["open", "from", "to"]].to_numpy().tolist()]


def team_form(here: Here) -> None:
    """Who speaks for us, with their accounts, and which accounts are bots."""
    table = pd.DataFrame(
        {
            "name": pd.Series([member.name for member in here.settings.team], dtype=object),
            "accounts": pd.Series([", ".join(member.accounts) for member in here.settings.team], dtype=object),
        }
    )
    with st.form("team", border=False):
        columns = {
            "name": st.column_config.TextColumn("Name", required=True, max_chars=80),
            "accounts": st.column_config.TextColumn(
                "Accounts",
                help="Handles or ids, with commas between; network/handle where a name is common",
                width="large",
            ),
        }
        edited = st.data_editor(
            table,
            key="team_table",
            num_rows="dynamic",
            hide_index=True,
            column_config=columns,
            alt="The team and its accounts",
        )
        bots = st.text_area("Bots", "\n".join(here.settings.bots), help="One handle or id a line. They count nowhere.")
        if st.form_submit_button("Save team"):
            save(
                here, {"team": team_value(edited), "bots": [line.strip() for line in bots.splitlines() if line.strip()]}
            )


def team_value(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The setting that a table of names and accounts stands for.

    >>> team_value(pd.DataFrame({"name": ["Ana", None], "accounts": ["@ana, ana.b", "x"]}))
    [{'name': 'Ana', 'accounts': ['ana', 'ana.b']}]
    """
    members = []
    for name, accounts in table[["name", "accounts"]].to_numpy().tolist():
        if isinstance(name, str) and name.strip():
            handles = accounts.split(",") if isinstance(accounts, str) else []
            cleaned = [handle.strip().lstrip("@") for handle in handles if handle.strip()]
            members.append({"name": name.strip(), "accounts": cleaned})
    return members


def rates_form(here: Here) -> None:
    """What other currencies are worth in the workspace's, from a day on."""
    own = here.settings.currency
    table = pd.DataFrame(
        {
            "currency": pd.Series([rate.currency for rate in here.settings.rates], dtype=object),
            "rate": pd.Series([float(rate.rate) for rate in here.settings.rates], dtype="Float64"),
            "since": pd.Series([rate.since for rate in here.settings.rates], dtype=object),
        }
    )
    st.caption(
        f"Amounts in other currencies are added to those in {own} by the rates that you enter here, and stand apart"
        " without one. Nothing is looked up for you."
    )
    with st.form("rates", border=False):
        columns = {
            "currency": st.column_config.SelectboxColumn(
                "One unit of", options=[code for code in sorted(DECIMALS) if code != own], required=True
            ),
            "rate": st.column_config.NumberColumn(f"is worth, in {own}", format="%.6g", required=True),
            "since": st.column_config.DateColumn("from this day on", format="D MMM YYYY", required=True),
        }
        edited = st.data_editor(
            table,
            key=f"rates_table_{own}",
            num_rows="dynamic",
            hide_index=True,
            column_config=columns,
            alt=f"What other currencies are worth in {own}",
        )
        if st.form_submit_button("Save rates"):
            try:
                save(here, {"rates": rates_value(edited)})
            except WrongRate as error:
                st.error(str(error))


def influence_form(here: Here) -> None:
    """How fast ties between people fade, and who is an advocate or a detractor."""
    now = here.settings
    with st.form("influence", border=False):
        left, right = st.columns(2)
        changed: dict[str, Any] = {
            "influence_half_life_days": left.number_input(
                "Half-life of a tie, days",
                1,
                3_650,
                _within(now.influence_half_life_days, 3_650),
                help="After so many days a reply, a mention or a share counts half. A short one favours who is talked "
                "with now.",
            ),
            "advocate_posts": right.number_input(
                "Advocates: positive posts, at least",
                1,
                1_000,
                _within(now.advocate_posts, 1_000),
                help="How often somebody has to praise us to be an advocate; for detractors, how often to blame us.",
            ),
            "advocate_ratio": left.number_input(
                "Advocates: times as many positive as negative",
                1,
                100,
                _within(now.advocate_ratio, 100),
                help="Who praises and blames us about as often is neither. For detractors the other way round.",
            ),
            "advocate_days": right.number_input(
                "Advocates: within days",
                1,
                3_650,
                _within(now.advocate_days, 3_650),
                help="Only posts of so many days, up to the last with a post, count for both.",
            ),
        }
        if st.form_submit_button("Save influence"):
            save(here, changed)


def _within(value: int, most: int) -> int:
    return min(max(int(value), 1), most)


class WrongRate(ValueError):
    """A row of the table of rates that cannot be used."""


def rates_value(table: pd.DataFrame) -> list[dict[str, str]]:
    """The setting that a table of rates stands for, by currency and day. Empty rows are left out. Raises ``WrongRate``.

    >>> rates_value(pd.DataFrame({"currency": ["USD"], "rate": [0.92], "since": ["2026-01-01"]}))
    [{'currency': 'USD', 'rate': '0.92', 'from': '2026-01-01'}]
    """
    rates: dict[tuple[str, str], str] = {}
    for cells in table[["currency", "rate", "since"]].to_numpy().tolist():
        missing = [bool(pd.isna(cell)) for cell in cells]
        if all(missing):
            continue
        currency, rate, since = cells
        if any(missing):
            raise WrongRate("Each rate needs a currency, what it is worth, and a day: fill in the row or remove it.")
        if rate <= 0:
            raise WrongRate(f"{currency}: what it is worth has to be above 0.")
        key = (str(currency), str(pd.Timestamp(since).date()))
        if key in rates:
            raise WrongRate(f"{currency} has two rates from {key[1]} on: keep one.")
        rates[key] = f"{Decimal(repr(float(rate))):f}"
    return [{"currency": key[0], "rate": rate, "from": key[1]} for key, rate in sorted(rates.items())]


def save(here: Here, values: dict[str, Any]) -> None:
    """Decide on each setting whose value differs from the one that stands, and draw the page again."""
    changed = {key: value for key, value in values.items() if _plain(value) != _plain(getattr(here.settings, key))}
    for key, value in changed.items():
        decide(
            f"{TITLES[key]} changed.", "setting", change_setting, here.engine, key=key, value=value, decided_by=here.who
        )
    if REBUILDING_SETTINGS & changed.keys():
        start_job(here.engine, "refresh", {})
    if INFLUENCE_SETTINGS & changed.keys():
        start_job(here.engine, "influence", {})
    if changed:
        st.rerun()
    st.toast("Nothing changed.")


def _plain(value: Any) -> Any:
    if isinstance(value, TeamMember):
        return {"name": value.name, "accounts": list(value.accounts)}
    if isinstance(value, Rate):
        return {"currency": value.currency, "rate": str(value.rate), "from": value.since.isoformat()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
