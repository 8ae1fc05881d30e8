"""Indicators of Altimeter Group and Web Analytics Demystified, *Social Marketing Analytics* (2010)."""

from metrics.ratios import ratio


def share_of_voice(ours: int, competitors: int) -> float:
    """Posts about our brands / posts about ours and the competitors'. 0 to 1; NaN where nobody is talked about.

    >>> share_of_voice(30, 90)
    0.25
    """
    return ratio(ours, ours + competitors)
