"""Each figure that a test draws is looked through by Plotly, which on a page would take longer than the figure."""

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from figures import template


def _said(figure: go.Figure) -> Any:
    whole = json.loads(figure.to_json())
    return whole["data"], {name: held for name, held in whole["layout"].items() if name != "template"}


@pytest.fixture(autouse=True)
def _drawn_as_plotly_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plotly knows every property, and would keep each as it is."""
    draw = template.draw

    def draw_checked(traces: list[template.Trace], layout: dict[str, Any]) -> go.Figure:
        figure = draw(traces, layout)
        assert _said(figure) == _said(go.Figure(traces, layout))
        return figure

    monkeypatch.setattr(template, "draw", draw_checked)
