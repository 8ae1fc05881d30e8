"""The forms of the Settings page: what is typed becomes one decision for each setting that changes."""

from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from data_access.settings import Settings, TeamMember
from jobs.decisions import REBUILDING_SETTINGS, change_setting
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
}


def workspace_form(here: Here) -> None:
    """Name, time zone, currency, response target, brands."""
    now = here.settings
    brands = sorted({*here.scope.channels["brand"].dropna(), *now.own_brands, *now.competitors})
    zones = sorted(available_timezones())
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


def save(here: Here, values: dict[str, Any]) -> None:
    """Decide on each setting whose value differs from the one that stands, and draw the page again."""
    changed = {key: value for key, value in values.items() if _plain(value) != _plain(getattr(here.settings, key))}
    for key, value in changed.items():
        decide(
            f"{TITLES[key]} changed.", "setting", change_setting, here.engine, key=key, value=value, decided_by=here.who
        )
    if REBUILDING_SETTINGS & changed.keys():
        start_job(here.engine, "refresh", {})
    if changed:
        st.rerun()
    st.toast("Nothing changed.")


def _plain(value: Any) -> Any:
    if isinstance(value, TeamMember):
        return {"name": value.name, "accounts": list(value.accounts)}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
