"""The Sankey of steps, the time that a step takes, and months side by side."""

import pandas as pd

from figures.sankey import (
    cohort_shares_figure,
    cohort_shares_takeaway,
    lag_figure,
    lag_takeaway,
    sankey_figure,
    sankey_takeaway,
)

NAMES = {"public": "public network", "private": "private community", "customer": "customer"}
PLACES = pd.DataFrame(
    [(0, "public", 50, 6), (1, "private", 4, 1), (1, "customer", 2, 0), (2, "customer", 1, 0)],
    columns=["place", "stage", "people", "moved_on"],
)
FLOWS = pd.DataFrame(
    [(0, "public", "private", 4), (0, "public", "customer", 2), (1, "private", "customer", 1)],
    columns=["from_place", "from_stage", "to_stage", "people"],
)
COHORTS = pd.DataFrame(
    {
        "month": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]),
        "share": [0.5, 0.4, 0.1],
        "share_within": [0.2, 0.3, float("nan")],
        "is_whole": [True, True, False],
    }
)


def test_sankey_figure_leads_from_each_stage_to_the_same_stage_at_the_next_place() -> None:
    (sankey,) = sankey_figure(PLACES, FLOWS, NAMES).data
    ends = list(zip(sankey.link.source, sankey.link.target, sankey.link.value, strict=True))
    assert ends == [(0, 1, 4), (0, 2, 2), (1, 3, 1)]
    # of the first stage only those who went on are drawn, and counted
    assert list(sankey.node.label) == ["Public network: 6", "Private community: 4", "Customer: 2", "Customer: 1"]
    assert list(sankey.node.x) == [0.001, 0.5, 0.5, 0.999]
    assert all(0 < y < 1 for y in sankey.node.y)


def test_sankey_takeaway_names_the_commonest_step() -> None:
    assert sankey_takeaway(FLOWS, NAMES, people=50, moved_on=6) == (
        "Of 50 people, 6 (12 %) came to a second stage. The commonest step is from public network to private "
        "community: 4 people."
    )
    assert "none has come to a second stage" in sankey_takeaway(FLOWS.iloc[:0], NAMES, people=50, moved_on=0)


def test_lag_figure_keeps_the_steps_in_their_order_and_says_the_commonest() -> None:
    spread = pd.DataFrame({"name": ["same day", "1 to 7 days"], "people": [1, 3], "share": [0.25, 0.75]})
    (bars,) = lag_figure(spread).data
    assert list(bars.text) == ["25 %", "75 %"]
    assert lag_takeaway(spread, step="from a to b") == (
        "4 people went from a to b; most often it took 1 to 7 days (75 %)."
    )
    assert lag_takeaway(spread.assign(people=0), step="from a to b") == "Nobody went from a to b yet."


def test_cohorts_are_compared_within_the_same_time() -> None:
    so_far, within = cohort_shares_figure(COHORTS, within_days=30).data
    assert (so_far.name, within.name) == ("so far", "within 30 days")
    assert list(within.y)[:2] == [20, 30]  # percent
    assert list(within.marker.symbol) == ["circle", "circle", "circle-open"]
    assert cohort_shares_takeaway(COHORTS, within_days=30) == (
        "Within 30 days, 30 % of those first seen in Feb 2026 came to a second stage, the most of any month; of those "
        "of Jan 2026 20 %, the least."
    )
    assert "No whole month" in cohort_shares_takeaway(COHORTS.iloc[2:], within_days=30)
