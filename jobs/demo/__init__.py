"""The demo community: a believable company and its people, made up from a seed, with known things planted in it."""

from jobs.demo.generate import DemoCommunity


def generate(*, posts: int = 40_000, seed: int = 1) -> DemoCommunity:
    """A community of exactly ``posts`` posts; the same ``seed`` gives the same records, whatever the clock says."""
    return DemoCommunity(posts=posts, seed=seed)


__all__ = ["DemoCommunity", "generate"]
