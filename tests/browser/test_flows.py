"""Six flows as people walk them, in a real Chromium, with waits on what they see."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from answers.records import RecordFilters, read_records
from answers.scope import read_scope
from data_access.store import build_engine, reading
from tests.browser.conftest import PICTURES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

PATHS = ["", "engagement", "sentiment", "profile", "revenue", "data", "dictionary", "settings"]
HEADINGS = ["Today", "Engagement", "Sentiment", "Profile", "Revenue", "Data", "Dictionary", "Settings"]
LOADING_MILLISECONDS = 240_000


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True).first


def settled(page: Page) -> None:
    """Wait until the app has stopped running the script."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def keep_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def click_chart_point(page: Page, chart: Locator) -> None:
    """Click the last point of a trend: where its marker stands."""
    chart.scroll_into_view_if_needed()
    marker = chart.locator(".scatterlayer .point").last
    expect(marker).to_be_visible()
    shown = chart.locator(".hoverlayer text").first
    for _ in range(20):  # the chart moves while the page above it is still drawn
        box = marker.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x - 3, y - 3)
        page.mouse.move(x, y)
        try:
            expect(shown).to_be_visible(timeout=500)
        except AssertionError:
            continue
        page.mouse.click(x, y)
        return
    raise AssertionError("the last point of the chart does not answer to the pointer")


def test_first_run_leads_to_the_demo(page: Page, serve: Callable[[str], str], tmp_path: Path) -> None:
    page.goto(serve(f"sqlite:///{tmp_path / 'new.db'}"))
    expect(heading(page, "Welcome to Rapport")).to_be_visible()
    keep_picture(page, "welcome")
    page.get_by_role("button", name="Explore the demo community").click()
    expect(page.get_by_text("Loading the demo community").first).to_be_visible()
    expect(heading(page, "Today")).to_be_visible(timeout=LOADING_MILLISECONDS)
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    expect(heading(page, "Who waits for an answer")).to_be_visible()


def test_csv_with_an_odd_header_becomes_a_chart(page: Page, serve: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "Export (3).csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["Lfd. Nr.", "Wer", "Was gesagt wurde", "Gesagt am"])
        for number in range(60):
            said = ["I love the new lamp", "The lamp is broken, awful", "Where can I buy the lamp?"][number % 3]
            writer.writerow(
                [number, f"person{number % 7}", f"{said}, number {number}", f"2026-03-{1 + number // 3:02d} 10:15"]
            )
    base = serve(f"sqlite:///{tmp_path / 'own.db'}")
    page.goto(base)
    page.get_by_role("button", name="Import my data").click()
    expect(heading(page, "Data")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Which column holds what?")).to_be_visible()
    keep_picture(page, "mapping")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("region", name="Imports, newest first")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Engagement").click()
    expect(heading(page, "Engagement")).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("60", timeout=60_000)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()


def test_filter_is_kept_across_pages_and_after_a_reload(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/engagement")
    expect(heading(page, "Engagement")).to_be_visible()
    settled(page)
    for height in (720, 900):  # a list that opens below the window's edge closes again as it scrolls into view
        page.set_viewport_size({"width": 1280, "height": height})
        for name in ("Period", "Network", "Channel"):
            expect(page.get_by_role("combobox", name=re.compile(name))).to_be_in_viewport(ratio=1)
    page.get_by_role("combobox", name=re.compile("Period")).click()
    expect(page.get_by_role("option")).to_have_count(6)
    page.wait_for_function(
        "new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(() => shown(true))))"
    )
    expect(page.get_by_role("option", name="90 days")).to_be_in_viewport()
    page.get_by_role("option", name="90 days").click()
    expect(page).to_have_url(re.compile(r"f_period=90"))
    shown = page.get_by_test_id("stSidebar").get_by_text(re.compile(r"Data ends on"))
    expect(shown).to_contain_text("2 Apr 2026 to 30 Jun 2026")
    page.get_by_role("link", name="Sentiment").click()
    expect(heading(page, "Sentiment")).to_be_visible()
    expect(shown).to_contain_text("2 Apr 2026 to 30 Jun 2026")
    page.reload()
    expect(heading(page, "Sentiment")).to_be_visible()
    expect(shown).to_contain_text("2 Apr 2026 to 30 Jun 2026")


def test_back_from_another_page_finds_the_filters_as_they_were(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/engagement?f_period=90+days&f_network=reddit")
    expect(heading(page, "Engagement")).to_be_visible()
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Profile").click()
    expect(heading(page, "Profile")).to_be_visible()
    settled(page)
    page.go_back()
    expect(heading(page, "Engagement")).to_be_visible()
    settled(page)
    shown = page.get_by_test_id("stSidebar").get_by_text(re.compile(r"Data ends on"))
    expect(shown).to_contain_text("2 Apr 2026 to 30 Jun 2026")
    expect(page).to_have_url(re.compile(r"/engagement\?.*f_network=reddit"))


def test_filter_of_a_shared_address_is_kept_when_the_page_changes(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/engagement?f_period=90+days&f_network=nowhere")
    expect(heading(page, "Engagement")).to_be_visible()
    settled(page)
    link = page.get_by_test_id("stSidebar").get_by_role("link", name="Sentiment")
    expect(link).to_have_attribute("href", re.compile(r"sentiment\?f_period=90(\+|%20)days$"))
    link.click()
    expect(heading(page, "Sentiment")).to_be_visible()
    settled(page)
    expect(page).to_have_url(re.compile(r"/sentiment\?f_period=90(\+|%20)days$"))
    shown = page.get_by_test_id("stSidebar").get_by_text(re.compile(r"Data ends on"))
    expect(shown).to_contain_text("2 Apr 2026 to 30 Jun 2026")


def test_chart_leads_to_records_and_a_record_to_its_author(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/engagement")
    expect(heading(page, "Engagement")).to_be_visible()
    settled(page)
    click_chart_point(page, page.get_by_test_id("stPlotlyChart").first)
    expect(heading(page, "Posts of 30 Jun 2026")).to_be_visible()
    author = page.get_by_test_id("stMain").locator('a[href*="profile?person="]').first
    name = author.inner_text()
    author.click()
    expect(page).to_have_url(re.compile(r"/profile\?.*person=\d+"))
    expect(page.get_by_test_id("stMain").get_by_text(name, exact=True).first).to_be_visible()


def test_relabelled_post_moves_the_trend(page: Page, demo_app: str, demo_store: str) -> None:
    page.goto(f"{demo_app}/sentiment?s_tab=Read+and+correct")
    expect(heading(page, "Sentiment")).to_be_visible()
    settled(page)
    chart = page.get_by_test_id("stPlotlyChart").first
    before = _net_sentiment(page)
    click_chart_point(page, chart)
    expect(page.get_by_role("heading", name=re.compile("Posts of .* Jun 2026")).first).to_be_visible()
    wrong = page.get_by_test_id("stMain").get_by_role("radio", name=re.compile("negative")).first
    counts = _labels(demo_store)
    wrong.click()
    expect(page.get_by_text("Marked as negative.").first).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).not_to_contain_text(before)
    assert _labels(demo_store) != counts
    settled(page)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_test_id("stMetric").first).to_contain_text(before)
    assert _labels(demo_store) == counts


def test_totals_stay_when_the_credit_rule_and_the_lookback_change(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/revenue?f_period=90+days")
    expect(heading(page, "Revenue")).to_be_visible()
    settled(page)
    shared_out = page.get_by_test_id("stMain").get_by_text("Every rule shares out the same")
    said = shared_out.inner_text()
    total, reached, left = (float(amount.replace(",", "")) for amount in re.findall(r"EUR ([\d,.]+\d)", said))
    assert total == pytest.approx(reached + left)
    for rule in ("Markov", "Last touch"):
        choose(page, "Credit rule", rule)
        expect(page.get_by_text(re.compile(f"Credit by channel: under {rule}"))).to_be_visible()
        expect(shared_out).to_have_text(said)
    choose(page, "Touches within", "7 days")
    expect(shared_out).to_contain_text("in the 7 days before")
    expect(shared_out).to_contain_text(said.split("(")[0].strip())
    page.reload()
    expect(page).to_have_url(re.compile(r"r_lookback=7\+days.*r_rule=Last\+touch"))
    expect(shared_out).to_contain_text("in the 7 days before")
    expect(page.get_by_text(re.compile("under Last touch"))).to_be_visible()


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list by its label."""
    box = page.get_by_test_id("stMain").get_by_role("combobox", name=re.compile(label))
    box.evaluate("node => node.scrollIntoView({block: 'center'})")  # a list closes when its page scrolls below it
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def _net_sentiment(page: Page) -> str:
    return page.get_by_test_id("stMetricValue").first.inner_text()


def _labels(url: str) -> list[tuple[str, int]]:
    engine = build_engine(url)
    with reading(engine) as session:
        rows = read_records(session, RecordFilters(read_scope(session).last_days(7)), limit=500).rows
    engine.dispose()
    return sorted(rows["label"].value_counts().items())


@pytest.mark.parametrize(("path", "name"), list(zip(PATHS, HEADINGS, strict=True)))
def test_page_opens_and_is_pictured_in_light_and_dark(page: Page, demo_app: str, path: str, name: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 1500})
    page.emulate_media(color_scheme="light")
    page.goto(f"{demo_app}/{path}")
    expect(heading(page, name)).to_be_visible()
    _keep_whole_picture(page, f"{name.lower()}-light")
    light = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).not_to_have_css("background-color", light)
    _keep_whole_picture(page, f"{name.lower()}-dark")
    assert errors == []


def _keep_whole_picture(page: Page, name: str) -> None:
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    for chart in page.get_by_test_id("stMetricChart").all():
        expect(chart.locator("canvas, svg").first).to_be_visible()
    keep_picture(page, name)
