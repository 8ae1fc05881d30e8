"""Each source's days: with posts, without, and without where posts are usual."""

import pandas as pd
import plotly.graph_objects as go

from figures.template import BLUE, FAINT, OF_DAYS, RED, literal, scatter_trace, styled_figure

ROW_PIXELS, FRAME_PIXELS = 24, 80
#: Of fewer days Plotly would set its ticks at hours, though each mark is a whole day.
FEW_DAYS, DAY_MILLISECONDS = 7, 86_400_000
#: State -> its name, mark and colour: each differs in shape, so that no colour is needed to tell them apart.
_MARKS = {
    "posts": ("posts", "square", BLUE, 7),
    "missing": ("nothing, where posts are usual", "x", RED, 9),
    "quiet": ("nothing, as usual", "circle-open", FAINT, 4),
}


def source_days_figure(days: pd.DataFrame) -> go.Figure:
    """``days``: ``name``, ``day``, ``posts``, ``state`` (posts, missing, quiet); a row of marks a source, in the order
    of the frame, the first on top."""
    names = [literal(name) for name in days["name"].drop_duplicates()]
    traces = []
    for state, (label, symbol, colour, size) in _MARKS.items():
        rows = days[days["state"] == state]
        if rows.empty:
            continue
        traces.append(
            scatter_trace(
                x=rows["day"],
                y=[literal(name) for name in rows["name"]],
                mode="markers",
                name=label,
                marker={"symbol": symbol, "color": colour, "size": size, "line": {"width": 1, "color": colour}},
                customdata=rows["posts"],
                hovertemplate="%{y}, %{x|%a %-d %b %Y}: %{customdata:,} posts<extra></extra>",
            )
        )
    return styled_figure(
        traces,
        height=FRAME_PIXELS + ROW_PIXELS * len(names),
        hovermode="closest",
        y_axis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names,
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
        },
        x_axis=OF_DAYS | {"showgrid": False} | _ticks(days["day"]),
    )


def _ticks(day: pd.Series) -> dict[str, int]:
    """A tick a day, where there are few."""
    return {"dtick": DAY_MILLISECONDS} if day.nunique() <= FEW_DAYS else {}


def source_days_takeaway(days: pd.DataFrame) -> str:
    """How many days are missing, and of which sources."""
    missing = days[days["state"] == "missing"].groupby("name", sort=False).size()
    if missing.empty:
        return "No day is missing where posts are usual."
    listed = ", ".join(f"{name} {count} {'day' if count == 1 else 'days'}" for name, count in missing.head(5).items())
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return f"Days without posts where posts are usual: {listed}{more}."
