"""Sillgrove, the invented company of the demo: what it sells, where it talks, who works there, who competes.

Sillgrove of Cork makes lit planters for windowsills and walls, with a pump, sensors and an app, and sells seed pods
for them by the piece and as a subscription, the Grove Club. No name here is meant to be anybody's.
"""

from dataclasses import dataclass
from typing import Any

BRAND = "Sillgrove"
RIVALS = ("Leafstead", "Hydronook", "Growbeck")
TIME_ZONE = "Europe/Dublin"
CURRENCY = "EUR"
CAMPAIGN_TAG = "#SillToTable"
RESPONSE_TARGET_MINUTES = 120
#: Monday to Sunday, (open, close) in whole local hours.
BUSINESS_HOURS: tuple[tuple[int, int] | None, ...] = ((8, 18),) * 5 + ((10, 14), None)


@dataclass(frozen=True, slots=True)
class Product:
    """Something in the price list; ``weight`` is how often private customers buy it."""

    name: str
    short: str
    price_minor: int
    weight: int


PRODUCTS = (
    Product("Sillgrove Mini", "Mini", 79_00, 9),
    Product("Sillgrove Duo", "Duo", 139_00, 7),
    Product("Sillgrove Wall", "Wall", 449_00, 1),
    Product("Lumen Bar", "Lumen Bar", 49_00, 5),
    Product("Root Sensor", "Root Sensor", 29_00, 5),
    Product("Herb pods", "herb pack", 14_90, 22),
    Product("Chilli pods", "chilli pack", 16_90, 12),
    Product("Berry pods", "berry pack", 19_90, 9),
    Product("Salad pods", "salad pack", 14_90, 14),
    Product("Grove Club, one quarter", "Club", 38_70, 16),
)
#: What people call the garden that they own, the common ones more often.
GARDENS = ("Mini", "Mini", "Duo", "Duo", "Duo", "Wall", "Sillgrove Mini", "Sillgrove Duo", "Sillgrove Duo")
SCHOOL_SET = Product("Grove for Schools", "class set", 690_00, 0)
WORK_PLAN = Product("Grove for Work, one year", "Grove for Work", 2_400_00, 0)


@dataclass(frozen=True, slots=True)
class Network:
    """One place on the net: what its posts may hold, and which counts it reports."""

    name: str
    source: str
    longest_text: int
    reports: frozenset[str]
    reply_kind: str = "reply"
    has_language: bool = False
    has_titles: bool = False
    has_tags: bool = False


TWITTER = Network(
    "twitter",
    "tweets.example",
    280,
    frozenset({"likes", "shares", "replies", "views"}),
    has_language=True,
    has_tags=True,
)
MASTODON = Network(
    "mastodon",
    "gardens.example",
    500,
    frozenset({"likes", "shares", "replies"}),
    has_language=True,
    has_tags=True,
)
BLUESKY = Network(
    "bluesky",
    "sky.example",
    300,
    frozenset({"likes", "shares", "replies"}),
    has_language=True,
    has_tags=True,
)
REDDIT = Network(
    "reddit", "reddit.example", 600, frozenset({"likes", "replies"}), reply_kind="comment", has_titles=True
)
DISCOURSE = Network(
    "discourse",
    "community.sillgrove.example",
    600,
    frozenset({"likes", "replies", "views"}),
    has_titles=True,
)
WEB = Network("web", "www.sillgrove.example", 600, frozenset({"likes"}), reply_kind="comment", has_titles=True)
CRM_SOURCE = "crm.sillgrove.example"
NETWORKS = {network.name: network for network in (TWITTER, MASTODON, BLUESKY, REDDIT, DISCOURSE, WEB)}
PUBLIC = (TWITTER, MASTODON, BLUESKY, REDDIT)


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """An account that speaks for us (or, with ``brand``, for a competitor)."""

    network: str
    native_id: str
    handle: str
    display_name: str
    bio: str | None = None
    brand: str = BRAND
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team of six, what they know best, and the accounts that they run."""

    key: str
    name: str
    knows: tuple[str, ...]
    accounts: tuple[StaffAccount, ...]


def _staff(name: str, discourse_id: str, handle: str, role: str, *others: StaffAccount) -> tuple[StaffAccount, ...]:
    inside = StaffAccount("discourse", discourse_id, handle, name, f"{role} at Sillgrove.")
    return (inside, *others)


MAIN_TWITTER = StaffAccount(
    "twitter", "700001", "sillgrove", "Sillgrove", "Indoor gardens from Cork. Help: @sillgrovehelp", followers=18_400
)
MAIN_BLUESKY = StaffAccount(
    "bluesky", "did:plc:sg700001", "sillgrove", "Sillgrove", "Indoor gardens from Cork.", followers=5_100
)
NIAMH_TWITTER = StaffAccount(
    "twitter",
    "700003",
    "niamh_grows",
    "Niamh Farrell",
    "Plants, pans, people. Marketing at Sillgrove.",
    followers=2_300,
)
HELP_TWITTER = StaffAccount(
    "twitter", "700002", "sillgrovehelp", "Sillgrove Help", "We answer from eight to six, Dublin time.", followers=3_900
)
CARE_BLUESKY = StaffAccount(
    "bluesky", "did:plc:sg700002", "sillgrovecare", "Sillgrove Care", "Questions welcome.", followers=1_250
)
MAIN_MASTODON = StaffAccount(
    "mastodon", "1097001", "sillgrove", "Sillgrove", "Indoor gardens from Cork. People answer here.", followers=4_200
)
PRIYA_MASTODON = StaffAccount(
    "mastodon", "1097002", "priya_builds", "Priya Raman", "Firmware at Sillgrove. Opinions mine.", followers=1_900
)
TOMASZ_BLUESKY = StaffAccount(
    "bluesky",
    "did:plc:sg700003",
    "tomekgarden",
    "Tomasz Zielinski",
    "Allotment, bikes, too many chillies.",
    followers=840,
)
TOMASZ_REDDIT = StaffAccount("reddit", "t2_sg0001", "tomasz_sillgrove", "tomasz_sillgrove", "Community at Sillgrove.")
DECLAN_TWITTER = StaffAccount(
    "twitter", "700004", "declan_ob", "Declan Boyle", "Offices, schools, hurling. I sell gardens.", followers=960
)
SITE = StaffAccount("web", "staff-1", "sillgrove-team", "Sillgrove team")

TEAM = (
    Member(
        "niamh",
        "Niamh Farrell",
        ("news",),
        _staff("Niamh Farrell", "11", "niamh", "Marketing", NIAMH_TWITTER, MAIN_TWITTER, MAIN_BLUESKY),
    ),
    Member("declan", "Declan Boyle", ("offices",), _staff("Declan Boyle", "12", "declan", "Sales", DECLAN_TWITTER)),
    Member("priya", "Priya Raman", ("app",), _staff("Priya Raman", "13", "priya", "Firmware", PRIYA_MASTODON)),
    Member(
        "tomasz",
        "Tomasz Zielinski",
        ("growing", "pods"),
        _staff("Tomasz Zielinski", "14", "tomasz", "Community", TOMASZ_BLUESKY, TOMASZ_REDDIT, MAIN_MASTODON, SITE),
    ),
    Member(
        "aoife",
        "Aoife Keane",
        ("delivery", "billing"),
        _staff("Aoife Keane", "15", "aoife", "Support", HELP_TWITTER, CARE_BLUESKY),
    ),
    Member("jonas", "Jonas Weber", ("hardware",), _staff("Jonas Weber", "16", "jonas_w", "Support, Berlin")),
)
RIVAL_ACCOUNTS = (
    StaffAccount("twitter", "810001", "leafstead", "Leafstead", "Grow kits.", brand="Leafstead", followers=41_000),
    StaffAccount("bluesky", "did:plc:hn810001", "hydronook", "Hydronook", brand="Hydronook", followers=7_700),
    StaffAccount(
        "mastodon", "1098001", "growbeck", "Growbeck", "Shelves that grow.", brand="Growbeck", followers=2_900
    ),
)
BOTS = (
    StaffAccount("mastodon", "1099001", "plantfacts_bot", "Plant facts", "A bot. One fact at a time.", followers=610),
    StaffAccount("twitter", "820001", "gardenpricewatch", "Garden price watch", "Automated.", followers=1_480),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of the demo: where it is, what for, whose voice, who owns it."""

    network: str
    native_id: str
    name: str
    purpose: str
    brand: str | None = None
    kind: str = "public"
    voice: str | None = None
    owner: StaffAccount | None = None


def _profile(account: StaffAccount, purpose: str, voice: str | None = "corporate") -> Place:
    name = "@" + account.handle
    return Place(account.network, account.handle, name, purpose, account.brand, voice=voice, owner=account)


def _category(native_id: str, name: str, purpose: str = "community") -> Place:
    return Place("discourse", native_id, name, purpose, BRAND, kind="private")


def _page(native_id: str, name: str, purpose: str) -> Place:
    return Place("web", native_id, name, purpose, BRAND, kind="hub")


CHANNELS = (
    _profile(MAIN_TWITTER, "marketing"),
    _profile(HELP_TWITTER, "support"),
    _profile(NIAMH_TWITTER, "marketing", "hybrid"),
    _profile(DECLAN_TWITTER, "sales", "personal"),
    Place("twitter", "windowsill-search", "Search: windowsill garden", "community"),
    _profile(MAIN_MASTODON, "community"),
    _profile(PRIYA_MASTODON, "product", "hybrid"),
    Place("mastodon", "indoorgardening", "#indoorgardening", "community"),
    _profile(MAIN_BLUESKY, "marketing"),
    _profile(CARE_BLUESKY, "support"),
    _profile(TOMASZ_BLUESKY, "community", "personal"),
    Place("bluesky", "small-gardens", "Feed: small gardens", "community"),
    Place("reddit", "r/sillgrove", "r/sillgrove", "community", BRAND),
    Place("reddit", "r/windowsillfruit", "r/windowsillfruit", "community"),
    _profile(RIVAL_ACCOUNTS[0], "marketing", None),
    _profile(RIVAL_ACCOUNTS[1], "marketing", None),
    _profile(RIVAL_ACCOUNTS[2], "marketing", None),
    Place("reddit", "r/leafstead", "r/leafstead", "community", "Leafstead"),
    _page("site", "www.sillgrove.example", "sales"),
    _page("reviews", "Shop reviews", "product"),
    _page("journal", "Journal", "marketing"),
    _category("help", "Getting help", "support"),
    _category("herbs", "Herbs and kitchen"),
    _category("fruit", "Tomatoes, chillies and berries"),
    _category("tinker", "Tinkering and API", "product"),
    _category("school", "Classrooms"),
    _category("work", "Offices", "sales"),
    _category("small", "Small spaces"),
    _category("house", "Houseplants"),
    _category("ideas", "Ideas", "product"),
    _category("news", "Announcements", "marketing"),
    _category("lounge", "Lounge"),
)

#: Where each of the seven communities is at home in public, in the order of ``phrases.more_topics.TOPICS``.
HOMES = ("bluesky", "reddit", "mastodon", "twitter", "twitter", "bluesky", "mastodon")
#: The public place of our own for a question, by network; and where news goes, which is the wrong place for one.
QUESTION_CHANNELS = {
    "twitter": "sillgrovehelp",
    "mastodon": "sillgrove",
    "bluesky": "sillgrovecare",
    "reddit": "r/sillgrove",
    "discourse": "help",
}
NEWS_CHANNELS = {"twitter": "sillgrove", "bluesky": "sillgrove", "mastodon": "sillgrove", "discourse": "news"}
TIMELINES = {
    "twitter": "windowsill-search",
    "mastodon": "indoorgardening",
    "bluesky": "small-gardens",
    "reddit": "r/windowsillfruit",
}
RIVAL_CHANNELS = {
    "twitter": ("leafstead", "Leafstead"),
    "bluesky": ("hydronook", "Hydronook"),
    "mastodon": ("growbeck", "Growbeck"),
    "reddit": ("r/leafstead", "Leafstead"),
}


def settings() -> list[tuple[str, Any]]:
    """The workspace's settings, as (key, value) for ``data_access/settings.py``."""
    team = [
        {"name": member.name, "accounts": [f"{account.network}/{account.handle}" for account in member.accounts]}
        for member in TEAM
    ]
    return [
        ("workspace_name", "Sillgrove (demo)"),
        ("time_zone", TIME_ZONE),
        ("currency", CURRENCY),
        ("own_brands", [BRAND]),
        ("competitors", list(RIVALS)),
        ("team", team),
        ("business_hours", [None if hours is None else list(hours) for hours in BUSINESS_HOURS]),
        ("response_target_minutes", RESPONSE_TARGET_MINUTES),
    ]
