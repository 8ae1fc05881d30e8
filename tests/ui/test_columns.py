"""Numbers in tables stand as they are written elsewhere."""

import pandas as pd
import pytest

from ui.columns import (
    MOST_ROWS_WITH_MINUS,
    POINTS_FORMAT,
    SHARE_FORMAT,
    change_column,
    count_column,
    growth_column,
    money_column,
    points_column,
    share_column,
    written,
)


def test_written_shows_shares_as_percentages_and_changes_with_their_sign_but_nothing_without_one() -> None:
    frame = pd.DataFrame({"share": [0.0415, None], "change": [0.2, -3.0], "posts": [1200, 7]}, index=[5, 9])
    columns = {"share": share_column("Share"), "change": change_column("Change"), "posts": count_column("Posts")}
    shown, config = written(frame, columns)
    assert shown.data["share"].tolist()[0] == pytest.approx(4.2)
    assert config["share"]["type_config"]["format"] == SHARE_FORMAT
    assert config["change"]["type_config"]["format"] is None, "the words of the table stand"
    page = shown.to_html()
    assert ">0</td>" in page
    assert ">−3</td>" in page
    assert frame["share"].tolist()[0] == 0.0415


def test_written_gives_growth_in_percent_its_sign_and_counts_their_thousands() -> None:
    frame = pd.DataFrame({"growth": [0.204, -0.05, -0.002, None], "posts": [1200, 2, 3, 4]})
    shown, config = written(frame, {"growth": growth_column("Growth"), "posts": "Posts"})
    page = shown.to_html()
    assert all(f">{words}</td>" in page for words in ("+20 %", "−5 %", "0 %", ""))
    assert (config["posts"]["label"], config["posts"]["type_config"]["format"]) == ("Posts", "localized")


def test_written_gives_what_rounds_to_nothing_no_sign() -> None:
    frame = pd.DataFrame({"share": [-0.0001, 1.0], "points": [-0.3, 12.4]})
    shown, _ = written(frame, {"share": share_column("Share"), "points": points_column()})
    assert [str(value) for column in ("share", "points") for value in shown[column]] == ["0.0", "100.0", "0.0", "12.0"]


def test_written_gives_points_and_amounts_below_nothing_a_minus() -> None:
    frame = pd.DataFrame({"points": [-12.4, -0.3, None], "paid": [-1234.5, 20.0, -0.001], "share": [0.5, 0.1, None]})
    columns = {"points": points_column(), "paid": money_column("Paid", "EUR"), "share": share_column("Share")}
    shown, config = written(frame, columns)
    page = shown.to_html()
    assert all(f">{words}</td>" in page for words in ("−12", "0", "", "−1,234.50", "20.00", "0.00"))
    assert shown.data["points"].tolist()[:2] == [-12.0, 0.0], "the column is still put in order by its numbers"
    assert config["share"]["type_config"]["format"] == SHARE_FORMAT


def test_written_leaves_a_long_table_to_the_browser() -> None:
    frame = pd.DataFrame({"points": [-12.0] * (MOST_ROWS_WITH_MINUS + 1)})
    shown, config = written(frame, {"points": points_column()})
    assert isinstance(shown, pd.DataFrame)
    assert config["points"]["type_config"]["format"] == POINTS_FORMAT


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert money_column("Won", "EUR")["type_config"]["format"] == "%,.2f"
    assert money_column("Won", "JPY")["type_config"]["format"] == "%,.0f"
