"""The model of customer value is one of what was bought."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from jobs.fitting import fit_parameters


def test_fit_is_the_same_however_people_are_numbered() -> None:
    """What number somebody has hangs on the order of imports, and on where one was killed."""
    chance = np.random.default_rng(4)
    orders = pd.DataFrame(
        {
            "person_id": chance.integers(0, 80, 250),
            "currency": "EUR",
            "network": "shop",
            "source": "file",
            "native_id": [str(number) for number in range(250)],
            "refund_of_native_id": None,
            "amount_minor": chance.integers(100, 10_000, 250),
            "occurred_at": pd.Timestamp("2026-01-01", tz="UTC")
            + pd.to_timedelta(np.sort(chance.integers(0, 180, 250)), unit="D"),
        }
    )
    others = dict(enumerate(chance.permutation(80)))
    renumbered = orders.assign(person_id=orders["person_id"].map(others))
    assert fit_parameters(renumbered, ZoneInfo("UTC")) == fit_parameters(orders, ZoneInfo("UTC"))
