"""Where names stand in the drawing of influence: none on another, and as few as can be on dots."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

Floats: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"

#: The drawing in the narrowest window, within its margins: in a wider one all but the names lies further apart.
WIDTH_PIXELS, HEIGHT_PIXELS = 344.0, 480.0
LEFT_PIXELS, RIGHT_PIXELS = 14.0, 44.0
LINE_PIXELS, LETTER_PIXELS, AWAY_PIXELS = 15.0, 6.3, 5.0


class Box(NamedTuple):
    """A text in pixels from the middle of the drawing, y downwards: its middle and its width."""

    x: float
    y: float
    width: float

    def covers(self, other: "Box") -> bool:
        """Whether the two lie on each other."""
        is_beside = abs(self.x - other.x) >= (self.width + other.width) / 2
        return not is_beside and abs(self.y - other.y) < LINE_PIXELS


def text_width(text: str, most: float) -> float:
    """About how wide a text is, in pixels.

    >>> text_width("Ann", 120), text_width("A very long name of somebody", 120)
    (18.9, 120)
    """
    return round(min(len(text) * LETTER_PIXELS, most), 1)


def to_pixels(points: Floats) -> tuple[Floats, float]:
    """Points as the narrowest drawing has them, around its middle, and how many pixels a unit has."""
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, 1e-9)
    unit = min(WIDTH_PIXELS / wide, HEIGHT_PIXELS / tall)
    return np.asarray((points - (low + high) / 2) * unit), float(unit)


def sides_of(x: float, y: float, radius: float, width: float) -> dict[str, Box]:
    """Where the name of a dot may stand, the best first, by ECharts' names for it."""
    beside, above = radius + AWAY_PIXELS + width / 2, radius + AWAY_PIXELS + LINE_PIXELS / 2
    return {
        "right": Box(x + beside, y, width),
        "left": Box(x - beside, y, width),
        "top": Box(x, y - above, width),
        "bottom": Box(x, y + above, width),
    }


def choose_box(
    boxes: Sequence[Box], taken: Sequence[Box], dots: Floats, radii: Floats, *, most_dots: int | None = None
) -> int | None:
    """Which of ``boxes`` covers fewest dots, the first of several; of those that lie on none of ``taken`` and within
    the drawing. None where there is none, or each covers more than
    ``most_dots``."""
    fewest, chosen = (len(dots) if most_dots is None else most_dots) + 1, None
    for place, box in enumerate(boxes):
        if not _is_within(box) or any(box.covers(other) for other in taken):
            continue
        covered = _count_covered(box, dots, radii)
        if covered < fewest:
            fewest, chosen = covered, place
    return chosen


def _is_within(box: Box) -> bool:
    half = WIDTH_PIXELS / 2
    return box.x - box.width / 2 >= -half - LEFT_PIXELS and box.x + box.width / 2 <= half + RIGHT_PIXELS


def _count_covered(box: Box, dots: Floats, radii: Floats) -> int:
    is_beside = np.abs(dots[:, 0] - box.x) >= radii + box.width / 2
    is_above = np.abs(dots[:, 1] - box.y) >= radii + LINE_PIXELS / 2
    return int((~(is_beside | is_above)).sum())
