"""The week by hour."""

import pandas as pd

from figures.heatmap import heatmap_figure, heatmap_takeaway

FRAME = pd.DataFrame({"weekday": [0, 0, 6], "hour": [9, 10, 23], "value": [3, 8, 1]})


def test_heatmap_figure_has_a_cell_for_each_hour_of_the_week() -> None:
    heatmap = heatmap_figure(FRAME).data[0]
    assert (len(heatmap.z), len(heatmap.z[0])) == (7, 24)
    assert heatmap.z[0][10] == 8
    assert heatmap.z[6][23] == 1
    assert sum(map(sum, heatmap.z)) == 12
    assert (heatmap.y[0], heatmap.x[0]) == ("Mon", "00")


def test_heatmap_takeaway_names_the_busiest_hour() -> None:
    assert heatmap_takeaway(FRAME) == "Busiest on Mon between 10:00 and 11:00."
    assert "no data" in heatmap_takeaway(FRAME.iloc[:0])
