"""Places for communities on a plane: none touches another, and those that talk much with each other lie close."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

#: So many are placed one by one where they fit best; the rest, small and many, go round the outside.
PLACED_WITH_CARE = 80
ANGLES = 48
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def pack_discs(radius: Numbers, pull: Numbers, *, gap: float) -> Numbers:
    """Centres of discs that keep ``gap`` between them: the first in the middle, each next as near as it can to its own.

    ``radius`` falls from the first to the last; ``pull``: how much each two draw each other, symmetric, for the first
    80 of them. Returns one row of x and y for each disc; their middle, by area, is 0, 0.

    >>> pack_discs(np.array([2.0, 1.0]), np.ones((2, 2)), gap=1.0).round(6).tolist()
    [[-0.8, 0.0], [3.2, 0.0]]
    """
    centres = np.zeros((len(radius), 2))
    careful = min(len(radius), PLACED_WITH_CARE)
    for disc in range(1, careful):
        centres[disc] = _best_place(centres[:disc], radius[: disc + 1], pull[disc, :disc], gap)
    if careful == 0:
        return centres
    middle = np.average(centres[:careful], axis=0, weights=radius[:careful] ** 2)
    centres -= middle
    centres[careful:] = _round_the_outside(centres[:careful], radius, gap)
    return centres


def _best_place(placed: Numbers, radius: Numbers, pull: Numbers, gap: float) -> Numbers:
    """Of the places that touch one disc and overlap none, the nearest to those that pull and to the middle."""
    others, own = radius[:-1], radius[-1]
    angles = np.arange(ANGLES) * (2 * np.pi / ANGLES)
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    places = (placed[:, None, :] + (others + own + gap)[:, None, None] * ring[None]).reshape(-1, 2)
    distance = np.hypot(places[:, None, 0] - placed[None, :, 0], places[:, None, 1] - placed[None, :, 1])
    free = np.all(distance >= (others + own + gap)[None] * (1 - 1e-9), axis=1)
    middle = np.average(placed, axis=0, weights=others**2)
    cost = np.hypot(*(places - middle).T)
    if pull.sum() > 0:
        cost = cost + distance @ (pull / pull.sum())
    best = np.flatnonzero(free)[np.argmin(np.round(cost[free], 9))]
    return np.asarray(places[best])


def _round_the_outside(placed: Numbers, radius: Numbers, gap: float) -> Numbers:
    """The rest as the seeds of a sunflower lie, from the edge of what is there outwards."""
    rest = radius[len(placed) :]
    edge = np.max(np.hypot(*placed.T) + radius[: len(placed)]) + gap
    area = np.cumsum((2 * rest + gap) ** 2)
    far = np.sqrt(edge**2 + area / np.pi * 1.3) + (rest[0] if len(rest) else 0.0)
    angle = np.arange(len(rest)) * GOLDEN_ANGLE
    return np.column_stack([far * np.cos(angle), far * np.sin(angle)])
