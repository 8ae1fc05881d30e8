"""A person's profile as somebody uses it, in a real Chromium, with waits on what they see."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from data_access.records import BrandRecord, ChannelRecord, IdentityRecord, OrderRecord, PostRecord, Record
from data_access.store import build_engine, migrate
from tests.browser.test_flows import heading, keep_picture, settled
from tests.jobs.stores import bring

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

NAME = "Anneliese Sorrelwood"
NET, CRM = ("net", "net.example"), ("crm", "shop")
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _records() -> Iterator[Record]:
    """Somebody who writes, and a contact of the same rare name who ordered; nothing but the name ties the two."""
    yield BrandRecord("Ours", is_competitor=False)
    yield ChannelRecord(*NET, "wall", "Wall", brand="Ours")
    yield IdentityRecord(*NET, "sorrel", handle="sorrel_grows", display_name=NAME)
    yield IdentityRecord(*NET, "ben", handle="ben", display_name="Ben Oakes")
    for number in range(12):
        author = "ben" if number % 3 == 0 else "sorrel"
        text = "I love the lamp" if number % 2 else "Where do I find the manual?"
        yield PostRecord(*NET, f"p{number}", "wall", FIRST + timedelta(days=number), author=author, text=text)
    yield IdentityRecord(*CRM, "c1", display_name=NAME)
    for number in range(2):
        moment = FIRST + timedelta(days=8 + number)
        yield OrderRecord(*CRM, f"o{number}", 12_345, currency="EUR", occurred_at=moment, identity="c1", product="Lamp")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[str], str]) -> str:
    """The address of the app on a store of these."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shop.db'}"
    engine = build_engine(url)
    migrate(engine)
    bring(engine, _records())
    engine.dispose()
    return serve(url)


def test_joining_a_suggested_account_brings_its_revenue_until_it_is_undone(page: Page, shop: str) -> None:
    page.goto(shop)
    expect(heading(page, "Today")).to_be_visible()
    settled(page)
    search = page.get_by_test_id("stSidebar").get_by_label("Find a person or an organisation")
    search.fill("sorrel_grows")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"/profile\?.*person=\d+"))
    expect(page.get_by_role("heading", name=NAME).first).to_be_visible()
    value = page.get_by_test_id("stMetric").filter(has_text="Value to date")
    expect(value).not_to_contain_text("EUR")
    page.get_by_role("tab", name="Accounts").click()
    expect(page.get_by_text("May be theirs")).to_be_visible()
    settled(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Join", exact=False).first.click()
    expect(value).to_contain_text("EUR 246.90")
    keep_picture(page, "profile-joined")
    page.get_by_role("tab", name="Timeline").click()
    expect(page.get_by_text(re.compile("Order · Lamp · EUR 123.45")).first).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    expect(value).not_to_contain_text("EUR")
    expect(page.get_by_text(re.compile("Order · Lamp"))).to_have_count(0)


def test_back_returns_to_the_part_that_was_open(page: Page, shop: str) -> None:
    page.goto(f"{shop}/profile?p_search=oakes")
    expect(heading(page, "Profile")).to_be_visible()
    settled(page)
    search = page.get_by_test_id("stSidebar").get_by_label("Find a person or an organisation")
    search.fill("sorrel_grows")
    search.press("Enter")
    expect(page.get_by_role("heading", name=NAME).first).to_be_visible()
    page.get_by_role("tab", name="Circle").click()
    expect(page).to_have_url(re.compile("p_tab=Circle"))
    settled(page)
    search.fill("ben")
    search.press("Enter")
    expect(page.get_by_role("heading", name="Ben Oakes").first).to_be_visible()
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    settled(page)
    page.go_back()
    expect(page.get_by_role("heading", name=NAME).first).to_be_visible()
    expect(page.get_by_role("tab", name="Circle")).to_have_attribute("aria-selected", "true")


def test_erased_person_is_gone_once_the_name_is_typed(page: Page, shop: str) -> None:
    page.goto(f"{shop}/profile")
    expect(heading(page, "Profile")).to_be_visible()
    settled(page)
    search = page.get_by_test_id("stSidebar").get_by_label("Find a person or an organisation")
    search.fill("ben")
    search.press("Enter")
    expect(page.get_by_role("heading", name="Ben Oakes").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Actions").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export everything held").click()
    assert "Ben Oakes" in download.value.path().read_text()
    page.get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("This cannot be undone")).to_be_visible()
    keep_picture(page, "profile-erase")
    for_good = dialog.get_by_role("button", name="Erase for good")
    expect(for_good).to_be_disabled()
    dialog.get_by_label("Type their name to confirm").fill("Ben Oakes")
    dialog.get_by_label("Type their name to confirm").press("Enter")
    expect(for_good).to_be_enabled()
    for_good.click()
    expect(page.get_by_text("They are erased")).to_be_visible()
    expect(page.get_by_text("Ben Oakes")).to_have_count(0)
