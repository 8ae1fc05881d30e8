"""From a chart to the posts behind it, to their authors, and to a corrected sentiment."""

from typing import Any

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.decisions import list_standing_relabels
from data_access.store import reading
from tests.pages.conftest import ROOT, shown_text


def _page(page: str, chosen: dict[str, dict[str, Any]], **params: str) -> AppTest:
    """The page with points chosen on its charts: a browser sends them so."""
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    for key, point in chosen.items():
        app.session_state[key] = {"selection": {"points": [point], "point_indices": [], "box": [], "lasso": []}}
    return app.run()


def _titles(app: AppTest) -> list[str]:
    return [element.value for element in app.subheader]


def test_engagement_lists_the_posts_of_a_day_when_it_is_chosen(small_store: Engine) -> None:
    app = _page("engagement", {"e_volume": {"x": "2026-04-01"}})
    assert not app.exception
    assert "Posts of 1 Apr 2026" in _titles(app)
    assert sum("1 Apr 2026" in caption.value for caption in app.caption) == 3


def test_engagement_lists_the_posts_of_an_hour_when_it_is_chosen(small_store: Engine) -> None:
    app = _page("engagement", {"e_heatmap": {"x": "13", "y": "Wed", "customdata": [2, 13]}}, e_tab="When")
    assert not app.exception
    assert "Posts on Wed, 13:00 to 14:00" in _titles(app)
    assert "13:00" in shown_text(app)


def test_engagement_lists_the_posts_of_a_channel_when_its_bar_is_chosen(small_store: Engine) -> None:
    app = _page("engagement", {"e_channel": {"y": "Help", "customdata": "Help"}}, e_tab="Where")
    assert not app.exception
    assert "Posts in Help" in _titles(app)


def test_every_tab_of_engagement_and_sentiment_opens(small_store: Engine) -> None:
    tabs = {
        "engagement": (
            "e_tab",
            ["Where", "When", "How fast we answer", "Who comes back", "Who writes most", "What stands out"],
        ),
        "sentiment": (
            "s_tab",
            ["Where", "What people like and dislike", "Read and correct", "Day by day", "How right the scorer is"],
        ),
    }
    for page, (key, names) in tabs.items():
        for name in names:
            app = _page(page, {}, **{key: name})
            assert not app.exception, (page, name)


def test_records_go_on_where_the_page_before_ended(small_store: Engine) -> None:
    app = _page("sentiment", {}, s_tab="Read and correct", s_label="All")
    first = [text.value for text in app.text]
    app.button(key="older_s_posts").click().run()
    assert not app.exception
    assert [text.value for text in app.text] != first
    app.button(key="newer_s_posts").click().run()
    assert [text.value for text in app.text] == first


def test_sentiment_follows_when_a_post_is_relabelled_and_goes_back_when_undone(small_store: Engine) -> None:
    app = _page("sentiment", {}, s_tab="Read and correct", s_label="Negative", me="Ana")
    before = [metric.value for metric in app.metric]
    control = next(widget for widget in app.segmented_control if str(widget.key).startswith("label_s_posts"))
    control.set_value("positive").run()
    assert not app.exception
    assert [metric.value for metric in app.metric] != before
    with reading(small_store) as session:
        assert list(list_standing_relabels(session).values()) == ["positive"]
    app.button(key="undo_last").click().run()
    assert [metric.value for metric in app.metric] == before


def test_sentiment_says_how_right_the_scorer_is_when_posts_were_labelled(small_store: Engine) -> None:
    app = _page("sentiment", {}, s_tab="Read and correct", s_label="Negative")
    control = next(widget for widget in app.segmented_control if str(widget.key).startswith("label_s_posts"))
    control.set_value("neutral").run()
    app = _page("sentiment", {}, s_tab="How right the scorer is")
    assert "Of 1 post that people labelled, the scorer had 0 % right" in shown_text(app)
