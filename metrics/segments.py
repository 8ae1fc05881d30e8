"""RFM: how recently, how often and for how much customers bought, in fifths, and a name for each kind of customer."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns

#: Segments from the best to those who are probably gone, with who they are.
SEGMENTS = {
    "best": "bought lately, often, and for much",
    "loyal": "bought more than once, and not long ago",
    "new": "bought lately, but hardly ever before",
    "fading": "bought little, some time ago",
    "at risk": "bought often or for much, but not lately",
    "lapsed": "bought little, long ago",
}
PARTS = ("recency_days", "orders", "revenue_minor")
FEWEST_CUSTOMERS = 20
_LEVELS = (0.2, 0.4, 0.6, 0.8)

Edges = dict[str, list[float]]


def quintile_edges(customers: pd.DataFrame) -> Edges:
    """Where the fifths of customers divide. Columns: ``recency_days`` (days since the last order), ``orders`` (count),
    ``revenue_minor`` (minor units), a row a customer. Returns four rising numbers for each of the three; an empty dict
    below 20 customers, of whom fifths say nothing.
    """
    require_columns(customers, "quintile_edges", *PARTS)
    if len(customers) < FEWEST_CUSTOMERS:
        return {}
    return {name: [float(edge) for edge in np.quantile(customers[name], _LEVELS)] for name in PARTS}


def rfm_quintiles(customers: pd.DataFrame, edges: Mapping[str, list[float]]) -> pd.DataFrame:
    """Each customer's fifth, 1 to 5, 5 the best: ``recency``, ``frequency``, ``monetary`` (int64).

    Columns as for ``quintile_edges``. Who has the same number is in the same fifth, so that fifths are not equally
    large where many have bought once.

    >>> people = pd.DataFrame({"recency_days": range(20), "orders": [1] * 16 + [2] * 4, "revenue_minor": range(20)})
    >>> rfm_quintiles(people, quintile_edges(people)).iloc[[0, 19]].to_numpy().tolist()
    [[5, 1, 1], [1, 5, 5]]
    """
    require_columns(customers, "rfm_quintiles", *PARTS)
    recency = 5 - np.searchsorted(edges["recency_days"], customers["recency_days"], side="left")
    frequency = 1 + np.searchsorted(edges["orders"], customers["orders"], side="left")
    monetary = 1 + np.searchsorted(edges["revenue_minor"], customers["revenue_minor"], side="left")
    parts = {"recency": recency, "frequency": frequency, "monetary": monetary}
    return pd.DataFrame({name: values.astype("int64") for name, values in parts.items()}, index=customers.index)


def name_segments(quintiles: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The segment of each customer, a key of ``SEGMENTS``. Columns: ``recency``, ``frequency``, ``monetary`` (1 to 5).

    >>> name_segments(pd.DataFrame({"recency": [5, 1], "frequency": [5, 1], "monetary": [5, 1]})).tolist()
    ['best', 'lapsed']
    """
    require_columns(quintiles, "name_segments", "recency", "frequency", "monetary")
    recent, often, much = (quintiles[name].to_numpy() for name in ("recency", "frequency", "monetary"))
    names = np.select(
        [
            (recent >= 4) & (often >= 4) & (much >= 4),
            (recent >= 3) & (often >= 3),
            recent >= 4,
            recent == 3,
            (often >= 3) | (much >= 4),
        ],
        ["best", "loyal", "new", "fading", "at risk"],
        default="lapsed",
    )
    return names.astype(object)
