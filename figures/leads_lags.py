"""Which of two series moves first: how their changes go together some weeks apart."""

import pandas as pd
import plotly.graph_objects as go

from figures.template import BAND, BLUE, GREY, HATCHED, Trace, bar_trace, styled_figure
from metrics.signs import with_minus

_BAR_WEEKS = 0.8


def leads_lags_figure(frame: pd.DataFrame, *, first: str, second: str) -> go.Figure:
    """A bar for each distance in weeks; inside the grey band a correlation is what unrelated series show.

    ``frame``: ``lag`` (weeks; above 0 ``first`` is the earlier), ``correlation``, ``limit``.
    """
    is_outside = frame["correlation"].abs() > frame["limit"]
    traces = [
        _bars(frame[~is_outside], "as unrelated series have", GREY, {}),
        _bars(frame[is_outside], "outside the band", BLUE, HATCHED),
    ]
    figure = styled_figure(
        [trace for trace in traces if len(trace["x"])],
        x_title=f"{first}: weeks ahead of {second}",
        y_title="correlation of changes",
        barmode="overlay",
        x_axis={"dtick": 1, "range": [frame["lag"].min() - 0.5, frame["lag"].max() + 0.5] if len(frame) else None},
        y_axis={"range": [-1, 1]},
    )
    limit = float(frame["limit"].max()) if len(frame) else 0.0
    figure.add_hrect(y0=-limit, y1=limit, fillcolor=BAND, line={"width": 0}, layer="below")
    return figure


def _bars(frame: pd.DataFrame, name: str, colour: str, pattern: dict[str, object]) -> Trace:
    marker = {"color": colour, "pattern": pattern}
    # said, as is the range above: Plotly goes by the least distance between two bars of the same name
    return bar_trace(
        x=frame["lag"].tolist(), y=frame["correlation"].tolist(), width=_BAR_WEEKS, name=name, marker=marker
    )


def leads_lags_takeaway(frame: pd.DataFrame, *, first: str, second: str) -> str:
    """How many distances lie outside the band, how many would by chance, and which goes together most."""
    known = frame.dropna(subset=["correlation"])
    if known.empty:
        return f"Changes of {first} and {second}: too few to compare."
    outside = int((known["correlation"].abs() > known["limit"]).sum())
    top = known.loc[known["correlation"].abs().idxmax()]
    correlation = with_minus(f"{top['correlation']:+.2f}")
    lag = int(top["lag"])
    weeks = f"{abs(lag)} week" + ("s" if abs(lag) != 1 else "")
    when = "in the same week" if lag == 0 else f"with {first} {weeks} {'ahead' if lag > 0 else 'behind'}"
    return (
        f"Changes of {first} and {second}: {outside} of {len(known)} distances lie outside the band, as about "
        f"{len(known) / 20:.0f} would by chance; the largest correlation is {correlation}, {when}."
    )
