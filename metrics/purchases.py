"""Orders and their refunds, as purchases."""

import pandas as pd

from metrics.columns import require_columns

_ORDER = ["person_id", "currency", "network", "source", "native_id"]


def standing_purchases(orders: pd.DataFrame) -> pd.DataFrame:
    """The orders that were not wholly refunded, each with what its refunds left of it.

    Columns: ``person_id``, ``currency``, ``network``, ``source``, ``native_id``, ``refund_of_native_id`` (None: no
    refund), ``amount_minor`` (minor units; a refund's is negative), and any others, which are kept. Returns the rows of
    orders, ``amount_minor`` being what is left: more than 0, but for orders of nothing. A refund that names no order of
    the same person is nobody's here: it lowers revenue, not a purchase.

    >>> rows = {"person_id": 1, "currency": "EUR", "network": "shop", "source": "", "native_id": ["a", "b", "r"]}
    >>> orders = pd.DataFrame(rows | {"refund_of_native_id": [None, None, "b"], "amount_minor": [900, 500, -100]})
    >>> standing_purchases(orders)["amount_minor"].tolist()
    [900, 400]
    """
    require_columns(orders, "standing_purchases", *_ORDER, "refund_of_native_id", "amount_minor")
    is_refund = orders["refund_of_native_id"].notna() | (orders["amount_minor"] < 0)
    bought = orders[~is_refund]
    refunds = orders[is_refund & orders["refund_of_native_id"].notna()]
    named = refunds.assign(native_id=refunds["refund_of_native_id"])
    back = named.groupby(_ORDER, as_index=False)["amount_minor"].sum().rename(columns={"amount_minor": "back"})
    left = bought.merge(back, on=_ORDER, how="left")["back"].fillna(0).astype("int64").to_numpy()
    remaining = bought["amount_minor"].to_numpy() + left
    stands = (remaining > 0) | (bought["amount_minor"].to_numpy() == 0)
    return bought.assign(amount_minor=remaining)[stands].reset_index(drop=True)
