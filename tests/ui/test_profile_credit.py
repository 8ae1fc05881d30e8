"""Which of a person's sales their credit opens on."""

import pandas as pd
import pytest

from ui.profile_credit import _first_shown

REFUND, ORDER, TOUCHED = ("order", -500, 2), ("order", 500, 0), ("order", 700, 1)


@pytest.mark.parametrize(
    ("sales", "first"),
    [([REFUND, ORDER, TOUCHED], 2), ([REFUND, ORDER], 1), ([REFUND], 0), ([("deal", None, 0)], 0)],
)
def test_credit_opens_on_no_refund_when_there_is_a_sale(sales: list[tuple[str, int | None, int]], first: int) -> None:
    assert _first_shown(pd.DataFrame(sales, columns=["sale_kind", "amount_minor", "touches"])) == first
