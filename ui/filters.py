"""The one place for filters: period, network, channel, brand, in the sidebar and in the address."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from answers.filters import Filters
from answers.scope import Scope
from ui.guard import Here
from ui.navigation import CUSTOM_PERIOD, DEFAULT_PERIOD
from ui.numbers import counted, day, day_range

PRESETS = {"7 days": 7, "28 days": 28, "90 days": 90, "365 days": 365}
ALL, CUSTOM = "All", CUSTOM_PERIOD
DEFAULT = DEFAULT_PERIOD


def channel_labels(scope: Scope) -> dict[str, tuple[int, str]]:
    """The id and network of each channel by its label: name and network, numbered where two are the same."""
    labels: dict[str, tuple[int, str]] = {}
    columns = (scope.channels[name].tolist() for name in ("id", "name", "network"))
    for number, name, network in zip(*columns, strict=True):
        label = f"{name} · {network}"
        labels[f"{label} ({number})" if label in labels else label] = (int(number), str(network))
    return labels


def choose_filters(here: Here, *, channels_by_default: str = "Every channel of ours") -> Filters:
    """Draw the filters and return what is chosen, a half-open range of days within the data. They live in the address,
    so a view can be sent to a colleague, and stay when the page changes. ``channels_by_default``: which channels the
    page looks at where none is chosen, in words."""
    scope = here.scope
    last = scope.last_day or date.today()
    first = scope.first_day or last
    channels = channel_labels(scope)
    brands = sorted(scope.channels["brand"].dropna().unique())
    with here.filters or st.sidebar:
        start, end = _choose_period(first, last)
        chosen_networks = _choose_many(
            "Network", sorted(scope.channels["network"].unique()), "f_network", "Every network"
        )
        labels = [
            label for label, (_, network) in channels.items() if not chosen_networks or network in chosen_networks
        ]
        chosen_channels = _choose_many("Channel", labels, "f_channel", channels_by_default)
        chosen_brands = _choose_many("Brand", brands, "f_brand", "Our brands") if len(brands) > 1 else []
        if scope.is_empty:
            st.caption("No data has come in yet.")
        else:
            st.caption(f"{day_range(start, end)}. {_describe_end(scope, last)}{_describe_ahead(scope, last)}")
    ids = tuple(sorted(channels[label][0] for label in chosen_channels))
    return Filters(start, end, tuple(chosen_networks), ids, tuple(chosen_brands))


def choose_all_days() -> None:
    """Set the period to all days: what a button of an empty state calls."""
    st.session_state["f_period"] = ALL


def choose_days(start: date, end: date) -> None:
    """Set the period to the days [start, end): what a button calls."""
    days = (start, end - timedelta(days=1))
    if st.session_state.get("f_period") != CUSTOM:  # until they are drawn, they do not name themselves in the address
        st.query_params["f_days"] = [str(value) for value in days]
    st.session_state["f_period"], st.session_state["f_days"] = CUSTOM, days


def _describe_end(scope: Scope, last: date) -> str:
    """On which day the data ends: the page's, and the rest where that reaches further."""
    if scope.newest_day is None or scope.newest_day <= last:
        return f"Data ends on {day(last)}."
    return f"{scope.about.capitalize()} end on {day(last)}, other data on {day(scope.newest_day)}."


def _describe_ahead(scope: Scope, last: date) -> str:
    """How many posts are dated after today, and where to look; nothing where the page's days go on as well."""
    if scope.ahead_day is None or last > datetime.now(ZoneInfo(scope.time_zone)).date():
        return ""
    are = "is" if scope.ahead == 1 else "are"
    until = f"after today, up to {day(scope.ahead_day)}"
    return f" {counted(scope.ahead, 'post')} {are} dated {until}, and left out of these days: see the sources on Data."


def _choose_period(first: date, last: date) -> tuple[date, date]:
    names = [*PRESETS, ALL, CUSTOM]
    period = st.selectbox(
        "Period", names, index=names.index(DEFAULT), key="f_period", bind="query-params", persist_state="session"
    )
    if period == CUSTOM:
        return _choose_days(first, last)
    end = last + timedelta(days=1)
    if period == ALL:
        return first, end
    return end - timedelta(days=PRESETS.get(period or DEFAULT, PRESETS[DEFAULT])), end


def _choose_days(first: date, last: date) -> tuple[date, date]:
    default = (max(first, last - timedelta(days=27)), last)
    chosen = st.date_input(
        "From and to",
        value=default,
        min_value=first,
        max_value=last,
        key="f_days",
        bind="query-params",
        persist_state="session",
        format="YYYY-MM-DD",
    )
    days = [value for value in chosen if value] if isinstance(chosen, tuple) else [chosen]
    if len(days) < 2:  # the second day is still to be picked
        return (days[0], days[0] + timedelta(days=1)) if days else (default[0], default[1] + timedelta(days=1))
    start, end = sorted(min(max(value, first), last) for value in days)
    return start, end + timedelta(days=1)


def _choose_many(label: str, options: list[str], key: str, placeholder: str) -> list[str]:
    """Several of ``options``; none means all. What the address names and the data lacks is left out."""
    chosen = st.session_state.get(key, [])
    kept = [value for value in chosen if value in options]
    if kept != list(chosen):
        st.session_state[key] = kept
    return st.multiselect(
        label,
        options,
        key=key,
        bind="query-params",
        persist_state="session",
        placeholder=placeholder,
        disabled=not options,
    )
