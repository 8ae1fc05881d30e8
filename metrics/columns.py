"""What a metric needs of its frame, checked before it computes."""

import pandas as pd


class MissingColumns(ValueError):
    """A frame lacks columns that a metric needs."""

    def __init__(self, metric: str, missing: list[str], present: list[str]) -> None:
        self.metric = metric
        self.missing = missing
        super().__init__(
            f"{metric} needs the columns {', '.join(missing)}; the frame has {', '.join(present) or 'none'}."
        )


def require_columns(frame: pd.DataFrame, metric: str, *names: str) -> None:
    """Check that ``frame`` has the columns ``names``. Raises ``MissingColumns``, which says which are missing.

    >>> require_columns(pd.DataFrame({"posts": [1]}), "stickiness", "posts")
    """
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise MissingColumns(metric, missing, [str(column) for column in frame.columns])
