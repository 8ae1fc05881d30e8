"""What a reply, a mention or a share weighs between two people: by kind, fading with age."""

import numpy as np
import numpy.typing as npt

KIND_WEIGHTS = {"reply": 1.0, "mention": 1.0, "share": 2.0}


def faded(age_days: npt.ArrayLike, half_life_days: float) -> npt.NDArray[np.float64]:
    """What is left of a tie's weight after ``age_days``: half after each half-life; 1 for what lies ahead.

    >>> faded([0, 90, 180, -5], 90).tolist()
    [1.0, 0.5, 0.25, 1.0]
    """
    age = np.maximum(np.asarray(age_days, dtype=np.float64), 0.0)
    return np.asarray(np.exp2(-age / half_life_days), dtype=np.float64)
