"""How a person feels over time, and what they bought on the same days."""

import pandas as pd
import streamlit as st

from answers.filters import Filters
from answers.profile import Profile, end_of_period, read_purchases
from answers.records import RecordFilters
from figures.purchases import purchases_figure, purchases_takeaway
from ui.cache import ask
from ui.charts import show_figure
from ui.empty import nothing_here
from ui.guard import Here
from ui.numbers import day_range, money
from ui.records import show_records


def show_sentiment(here: Here, profile: Profile) -> None:
    """Praise and complaints by week or month over what they bought; a click on a bar leads to its posts."""
    purchases = _purchases(here, profile)
    if not profile.scored and purchases.empty:
        nothing_here(_why_unscored(profile))
        return
    st.subheader(f"How they feel by {profile.unit}, and when they bought" if profile.scored else "When they bought")
    takeaway = purchases_takeaway(profile.sentiment, purchases, unit=profile.unit)
    figure = purchases_figure(profile.sentiment, purchases, unit=profile.unit)
    points = show_figure(figure, key=f"p_sentiment_{profile.person_id}", takeaway=takeaway, select=True)
    if not profile.scored:
        st.caption(_why_unscored(profile))
        return
    bought = "" if len(purchases) else " No purchase of theirs is known."
    st.caption(f"{takeaway}{bought} Choose a bar to read its posts.")
    period = _chosen(profile, points)
    if period is not None:
        _show_period(here, profile, period)


def _why_unscored(profile: Profile) -> str:
    if profile.role:
        return "Posts of the team, of bots and of muted accounts are not counted here."
    if not profile.posts:
        return "No post of theirs was brought in, so there is nothing to tell how they feel."
    return "None of their posts is scored: they are in another language than English."


def _purchases(here: Here, profile: Profile) -> pd.DataFrame:
    bought: pd.DataFrame = ask(here, read_purchases, profile.person_id)
    local = bought["occurred_at"].dt.tz_convert(here.time_zone).dt.tz_localize(None)
    amounts = [money(int(row.amount_minor), str(row.currency)) for row in bought.itertuples(index=False)]
    return bought.assign(moment=local, amount=pd.Series(amounts, index=bought.index, dtype="object"))


def _chosen(profile: Profile, points: list[dict[str, object]]) -> pd.Timestamp | None:
    """The first day of the period of the bar that was chosen; a mark of a purchase chooses none."""
    for point in points:
        number = point.get("point_index")
        is_purchase = int(str(point.get("curve_number", 0))) >= len(("positive", "negative", "scored"))
        if not is_purchase and isinstance(number, int) and number < len(profile.sentiment):
            return pd.Timestamp(profile.sentiment["period"].iloc[number])
    return None


def _show_period(here: Here, profile: Profile, period: pd.Timestamp) -> None:
    """What they wrote in one week or month, in any channel."""
    start = period.date()
    end = end_of_period(start, profile.unit)
    channels = tuple(sorted(int(channel) for channel in profile.channels["channel_id"]))
    wanted = RecordFilters(Filters(start, end, channels=channels), person=profile.person_id)
    show_records(here, wanted, title=f"Posts of {day_range(start, end)}", key=f"p_period_{profile.person_id}")
