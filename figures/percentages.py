"""How a share is written, wherever it stands in words."""

from metrics.signs import with_minus

NOTHING = "–"


def percent(share: float | None, digits: int = 1) -> str:
    """A share of one as a percentage.

    >>> percent(0.0512), percent(1.0), percent(0.418, 0), percent(-0.0001), percent(None)
    ('5.1 %', '100 %', '42 %', '0 %', '–')
    """
    if share is None or share != share:
        return NOTHING
    written = f"{share * 100:.{digits}f}".removesuffix("." + "0" * digits if digits else "")
    return f"{'0' if written in ('-0', '0') else with_minus(written)} %"
