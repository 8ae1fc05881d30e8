"""Share of voice and the words of brands: every number leads to posts, what is missing has its button."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.brands import BrandWords, list_brands
from data_access.store import reading
from jobs.brands import decide_brand, derive_brands
from jobs.decisions import change_setting
from jobs.progress import Silence
from jobs.text_rules import BRANDS, TOPICS, are_rules_due, derive_rules
from jobs.topics import decide_topic
from tests.kept_stores import filled_once
from tests.pages.conftest import open_directly, shown_text
from ui.markup import plain


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that pages start, which do not run here."""
    kinds: list[str] = []
    for module in ("ui.text_rules", "ui.actions", "ui.settings_forms"):
        monkeypatch.setattr(f"{module}.start_job", lambda engine, kind, arguments: kinds.append(kind))
    return kinds


@filled_once
def _fill_market(engine: Engine) -> None:
    """Of four posts one names us (product, loved), one the competitor (parcel) and one both (terrible)."""
    change_setting(engine, key="competitors", value=["Rival"], decided_by="Ana")
    decide_brand(engine, brand="Ours", pattern="product, terrible", decided_by="Ana")
    decide_brand(engine, brand="Rival", pattern="parcel, terrible", exclusions="manual", decided_by="Ana")
    decide_topic(engine, topic="Anger", pattern="angry", decided_by="Ana")
    decide_topic(engine, topic="Love", pattern="love", decided_by="Ana")
    derive_brands(engine, Silence())
    derive_rules(engine, TOPICS, Silence())


@pytest.fixture
def market(small_store: Engine) -> Engine:
    _fill_market(small_store)
    return small_store


def _brands(engine: Engine) -> dict[str, BrandWords]:
    with reading(engine) as session:
        return {brand.name: brand for brand in list_brands(session)}


def _table(app: AppTest, column: str) -> object:
    return next(frame.value for frame in app.dataframe if column in frame.value)


def _charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def _choose_row(app: AppTest, key: str, row: int = 0) -> AppTest:
    app.session_state[key] = {"selection": {"rows": [row], "columns": []}}
    return app.run()


def test_page_shows_each_brand_with_its_share(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All")
    assert not app.exception
    table = _table(app, "mentions_share")
    assert table["brand"].tolist() == ["Ours", "Rival"]  # type: ignore[index]
    assert table["mentions"].tolist() == [60, 60]  # type: ignore[index]
    assert table["mentions_share"].tolist() == [50.0, 50.0]  # type: ignore[index]
    assert any(metric.label == "Share of voice" and metric.value == "50 %" for metric in app.metric)
    assert max(len(metric.label) for metric in app.metric) <= 18, "four stand side by side on a laptop's screen"


def test_brand_leads_to_the_posts_that_mention_it(market: Engine) -> None:
    app = _choose_row(open_directly("share_of_voice", f_period="All"), "table_share_of_voice", 1)
    assert not app.exception
    assert "Posts that mention Rival" in shown_text(app)
    posts = [text.value for text in app.text if "terrible" in text.value or "parcel" in text.value]
    assert len(posts) == 8


def test_point_of_the_line_leads_to_the_posts_of_its_time(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All")
    ours = _brands(market)["Ours"].brand_id
    app.session_state["v_lines_mentions_day"] = {"selection": {"points": [{"x": "2026-03-02", "customdata": ours}]}}
    app.run()
    assert not app.exception
    assert "Posts that mention Ours, 2 Mar 2026" in shown_text(app)


@pytest.mark.parametrize("tab", ["Over time", "By topic", "Praised and blamed", "Spikes"])
def test_names_are_no_markup_when_a_brand_and_a_topic_hold_some(small_store: Engine, tab: str) -> None:
    brand, topic = "Foe [win](https://evil.example) <b>b</b>", "Love [x](https://evil.example) <i>i</i>"
    change_setting(small_store, key="competitors", value=[brand], decided_by="Ana")
    decide_brand(small_store, brand="Ours", pattern="product, terrible", decided_by="Ana")
    decide_brand(small_store, brand=brand, pattern="product, parcel", decided_by="Ana")
    decide_topic(small_store, topic=topic, pattern="love", decided_by="Ana")
    derive_brands(small_store, Silence())
    derive_rules(small_store, TOPICS, Silence())
    app = open_directly("share_of_voice", f_period="All", v_tab=tab)
    assert not app.exception
    assert "](https" not in shown_text(app)
    traces = [trace for chart in _charts(app) for trace in chart["data"]]
    drawn = [name for trace in traces for name in [trace.get("name"), *trace["y"]] if isinstance(name, str)]
    assert any("&lt;b&gt;" in name for name in drawn)
    assert not [name for name in drawn if "<" in name]
    if tab == "By topic":
        assert any(plain(brand) in caption.value and plain(topic) in caption.value for caption in app.caption)


def _click(app: AppTest, key: str, customdata: object) -> AppTest:
    app.session_state[key] = {"selection": {"points": [{"customdata": customdata}]}}
    return app.run()


def test_bar_wins_when_it_is_chosen_after_a_row_and_a_row_after_a_bar(market: Engine) -> None:
    app = _choose_row(open_directly("share_of_voice", f_period="All"), "table_share_of_voice", 1)
    assert "Posts that mention Rival" in shown_text(app)
    app = _click(app, "v_bars_mentions", _brands(market)["Ours"].brand_id)
    assert not app.exception
    assert "Posts that mention Ours" in shown_text(app)
    assert "Posts that mention Rival" not in shown_text(app)
    app = _choose_row(app, "table_share_of_voice_1", 1)
    assert "Posts that mention Rival" in shown_text(app)
    assert "Posts that mention Ours" not in shown_text(app)
    assert "Posts that mention Rival" in shown_text(app.run())


def test_sign_wins_when_it_is_chosen_after_a_row(market: Engine) -> None:
    app = _choose_row(open_directly("share_of_voice", f_period="All", v_tab="By topic"), "table_voice_topics")
    rival = _brands(market)["Rival"].brand_id
    for topic in ("Anger", "Love"):
        app = _click(app, "v_topics", [rival, topic])
        assert not app.exception
        assert f"Posts that mention Rival and are about {topic}" in shown_text(app)


def test_newest_of_praise_and_blame_wins(market: Engine) -> None:
    decide_brand(market, brand="Both", pattern="product, terrible", decided_by="Ana")
    derive_brands(market, Silence())
    both = _brands(market)["Both"].brand_id
    app = open_directly("share_of_voice", f_period="All", v_tab="Praised and blamed", v_praise="Both")
    app = _choose_row(app, f"voice_positive_{both}")
    assert "Positive posts that mention Both" in shown_text(app)
    app = _choose_row(app, f"voice_negative_{both}")
    assert not app.exception
    assert "Negative posts that mention Both" in shown_text(app)
    assert "Positive posts that mention Both" not in shown_text(app)


def test_weeks_are_marked_when_only_a_part_of_them_is_in_the_period(market: Engine) -> None:
    # Monday 2 March to Friday 10 April: the sixth week lacks its weekend
    app = open_directly("share_of_voice", f_period="All", v_by="Week")
    assert not app.exception
    assert "Hollow marks: a week of which only a part is in the period" in shown_text(app)
    symbols = [chart["data"][0]["marker"].get("symbol") for chart in _charts(app)]
    assert ["circle"] * 5 + ["circle-open"] in symbols
    app = open_directly("share_of_voice", f_period="All", v_by="Day")
    assert "Hollow marks" not in shown_text(app)


def test_share_over_time_is_said_in_percent(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All", v_by="Week", v_share="true")
    assert not app.exception
    said = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert any(alt.startswith("Share of mentions of Ours went from ") and "%" in alt for alt in said)


def test_measure_and_steps_come_from_the_address(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All", v_measure="Reach", v_by="Week")
    assert not app.exception
    assert "Views are reported for 120 of 120 mentions" in shown_text(app)
    assert "period" in _table(app, "period")  # type: ignore[operator]


def test_topics_and_praise_lead_to_their_posts(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All", v_tab="By topic")
    app = _choose_row(app, "table_voice_topics")
    assert not app.exception
    assert "and are about" in shown_text(app)
    app = open_directly("share_of_voice", f_period="All", v_tab="Praised and blamed", v_praise="Rival")
    assert not app.exception
    assert "Blamed for" in shown_text(app)
    brand = _brands(market)["Rival"].brand_id
    app = _choose_row(app, f"voice_negative_{brand}")
    assert "Negative posts that mention Rival and are about Anger" in shown_text(app)


def test_spikes_say_so_when_there_is_none(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All", v_tab="Spikes")
    assert not app.exception
    assert "On no day of this period" in shown_text(app)


def test_page_leads_to_settings_when_nobody_is_a_competitor(small_store: Engine) -> None:
    decide_brand(small_store, brand="Ours", pattern="product", decided_by="Ana")
    derive_brands(small_store, Silence())
    app = open_directly("share_of_voice", f_period="All")
    assert not app.exception
    assert "Name your competitors" in [button.label for button in app.button]
    assert _table(app, "mentions_share")["mentions"].tolist() == [30]  # type: ignore[index]


def test_page_asks_which_brands_are_ours_when_nobody_said_whose_they_are(
    small_store: Engine, started: list[str]
) -> None:
    for brand, pattern in (("One", "product"), ("Two", "parcel"), ("Three", "terrible")):
        decide_brand(small_store, brand=brand, pattern=pattern, decided_by="Ana")
    derive_brands(small_store, Silence())
    app = open_directly("share_of_voice", f_period="All")
    assert not app.exception
    assert "3 of these 4 brands count as ours" in shown_text(app)
    assert app.multiselect("v_ours").value == ["Ours"], "a file says so"
    app.multiselect("v_ours").set_value([]).run()
    assert app.button("v_ours_save").disabled
    app.multiselect("v_ours").set_value(["Ours", "Two"]).run()
    app.button("v_ours_save").click().run()
    assert not app.exception
    assert {name for name, brand in _brands(small_store).items() if brand.is_competitor} == {"One", "Three"}
    assert started == ["refresh"]
    assert "The competitors changed." in shown_text(app)
    assert set(_table(app, "mentions_share")["brand"].tolist()[:2]) == {"Ours", "Two"}  # type: ignore[index]
    assert "v_ours_save" not in [button.key for button in app.button]


def test_page_says_at_the_bars_which_brands_are_looked_for_by_name_alone(market: Engine) -> None:
    alone = "Looked for by name and handles alone"
    assert alone not in shown_text(open_directly("share_of_voice", f_period="All"))
    change_setting(market, key="competitors", value=["Rival", "Third"], decided_by="Ana")
    captions = [caption.value for caption in open_directly("share_of_voice", f_period="All").caption]
    (place,) = [place for place, words in enumerate(captions) if words.startswith(alone)]
    assert "other words: Third. Posts that call them otherwise are not counted" in captions[place]
    assert "A post that mentions two brands counts for both" in captions[place - 1]


def test_page_asks_nothing_when_settings_say_that_all_brands_are_ours(small_store: Engine) -> None:
    for brand, pattern in (("One", "product"), ("Two", "parcel")):
        decide_brand(small_store, brand=brand, pattern=pattern, decided_by="Ana")
    derive_brands(small_store, Silence())
    change_setting(small_store, key="own_brands", value=["one", "Two"], decided_by="Ana")
    app = open_directly("share_of_voice", f_period="All")
    assert "Name your competitors" in [button.label for button in app.button]
    assert "v_ours_save" not in [button.key for button in app.button]


def test_page_says_when_no_post_mentions_a_brand(small_store: Engine) -> None:
    app = open_directly("share_of_voice")
    assert not app.exception
    assert "Look at all days" in [button.label for button in app.button]
    assert not app.dataframe


def test_page_offers_to_read_posts_when_words_have_changed(market: Engine, started: list[str]) -> None:
    decide_brand(market, brand="Ours", pattern="manual", decided_by="Ana")
    app = open_directly("share_of_voice", f_period="All")
    next(button for button in app.button if button.label == "Read them now").click().run()
    assert started == ["brands"]


def _chosen(brand: str) -> AppTest:
    app = open_directly("settings", me="Ana")
    return app.selectbox(key="brand_chosen").set_value(brand).run()


def _area(app: AppTest, label: str, key: str) -> object:
    return next(area for area in app.text_area if area.label == label and str(area.key).startswith(key))


def test_settings_show_what_the_words_of_a_brand_find_and_what_rules_posts_out(market: Engine) -> None:
    app = _chosen("Rival")
    assert _area(app, "Words", "brand").value == "parcel, terrible"  # type: ignore[attr-defined]
    app = _area(app, "Not where a post also says", "brand").set_value("angry").run()  # type: ignore[attr-defined]
    assert not app.exception
    text = shown_text(app)
    assert "30 of the newest 120 posts" in text
    assert [tab.label for tab in app.tabs if tab.label.startswith("Ruled out")] == ["Ruled out (30)"]
    assert _brands(market)["Rival"].exclusions == "manual"


def test_settings_save_and_retire_a_brand_and_start_reading_posts(market: Engine, started: list[str]) -> None:
    app = _area(_chosen("Ours"), "Words", "brand").set_value("manual").run()  # type: ignore[attr-defined]
    app.button(key="brand_save").click().run()
    assert not app.exception
    assert _brands(market)["Ours"].pattern == "manual"
    with reading(market) as session:
        assert are_rules_due(session, BRANDS)
    app.button(key="undo_last").click().run()
    assert _brands(market)["Ours"].pattern == "product, terrible"
    app.selectbox(key="brand_chosen").set_value("Ours").run()
    app.button(key="brand_retire").click().run()
    assert not _brands(market)["Ours"].is_active
    assert started == ["brands", "brands", "brands"]


def test_settings_say_how_a_brand_is_looked_for_when_nobody_chose_words(small_store: Engine) -> None:
    text = shown_text(_chosen("Ours"))
    assert "it is looked for by its name, by the account of that name, and by the handles of its channels" in text


def test_competitor_that_no_file_names_is_added_in_settings(small_store: Engine, started: list[str]) -> None:
    app = open_directly("settings", me="Ana")
    next(box for box in app.multiselect if box.label == "Competitors").set_value(["Nadir"])
    next(button for button in app.button if button.label == "Save").click().run()
    assert not app.exception
    assert _brands(small_store)["Nadir"].is_competitor
    assert started == ["refresh"]


def test_settings_say_where_brands_are_named_when_there_is_none(empty_store: str) -> None:
    app = open_directly("settings")
    assert not app.exception
    assert "No brand is known yet" in shown_text(app)


def test_filter_says_that_all_channels_count_and_keeps_what_was_chosen(market: Engine) -> None:
    app = open_directly("share_of_voice", f_period="All")
    box = next(box for box in app.multiselect if box.label == "Channel")
    assert box.proto.placeholder == "Every channel"
    box.set_value([box.options[0]]).run()
    assert not app.exception
    assert "In the networks and channels that you chose" in shown_text(app)
