"""The keys that credit goes to, and how they are called; journeys with their keys."""

from collections.abc import Collection

import pandas as pd
from sqlmodel import Session

from answers.scope import Scope
from data_access.queries.credit import list_person_names
from data_access.queries.touches import list_touches
from metrics.touch_journeys import DAY_MICROS, LONGEST_LOOKBACK, NO_KEY, journeys_before, with_keys

#: The key of what no touch reaches.
UNREACHED = ""
#: The key of the channels or networks that the filters leave out.
OTHERS = "(others)"
PEOPLE = ("member", "host")
LAYERS = {"public": "Public networks", "hub": "Website", "private": "Private community"}
_WITHOUT = {
    "channel": "No channel known",
    "campaign": "No campaign",
    "member": "Nobody of the team",
    "host": "Nobody else's conversation",
}
_REACH = LONGEST_LOOKBACK * DAY_MICROS
_NOBODY = 0


def label_keys(session: Session, scope: Scope, by: str, keys: Collection[str]) -> dict[str, str]:
    """How to call each key of a dimension."""
    labels = {key: key for key in keys} | _named(session, scope, by, keys)
    labels |= {NO_KEY: _WITHOUT.get(by, "None"), UNREACHED: "No touch", OTHERS: f"Other {by}s"}
    return {key: labels[key] for key in keys}


def _named(session: Session, scope: Scope, by: str, keys: Collection[str]) -> dict[str, str]:
    if by == "layer":
        return LAYERS
    numbers = [int(key) for key in keys if key.isdigit()]
    if by == "channel":
        return label_channels(scope, numbers)
    if by in PEOPLE:
        return {str(number): name for number, name in list_person_names(session, numbers).items()}
    return {}


def label_channels(scope: Scope, channels: Collection[int]) -> dict[str, str]:
    """The names of channels by id as text; with the network behind it where two have one name."""
    rows = scope.channels
    repeated = rows["name"].duplicated(keep=False)
    names = rows["name"].where(~repeated, rows["name"] + " (" + rows["network"] + ")")
    known = dict(zip(rows["id"].astype(int), names, strict=True))
    return {str(number): known.get(number, f"Channel {number}") for number in channels}


def read_journeys(session: Session, participants: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sales and the touches before them. ``participants``: as ``data_access.queries.sales`` reads them.

    Returns the sales, one row each, numbered in ``sale``; and as ``metrics.touch_journeys.journeys_before`` the touches
    within the longest lookback, whose ``journey`` is that number.
    """
    numbered = participants.assign(sale=participants.groupby(["sale_kind", "fact_id"]).ngroup())
    sales = numbered.drop_duplicates("sale").sort_values("sale", ignore_index=True)
    dated = numbered[numbered["journey_at"].notna() & (numbered["person_id"] != _NOBODY)]
    dated = dated.astype({"journey_at": "int64"})
    since, until = (dated["journey_at"].min() - _REACH, dated["journey_at"].max()) if len(dated) else (0, 0)
    touches = list_touches(session, set(dated["person_id"]), since=int(since), until=int(until))
    return sales, journeys_before(dated, with_keys(touches))
