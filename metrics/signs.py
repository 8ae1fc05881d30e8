"""How a number below nothing is written, wherever it stands in words."""

MINUS = "−"


def with_minus(number: str) -> str:
    """A number as Python writes it, with the sign for less than nothing; what is rounded to nothing has none.

    >>> with_minus("-1.5"), with_minus("-0.0")
    ('−1.5', '0.0')
    """
    return number.replace("-", MINUS if any(digit in number for digit in "123456789") else "")
