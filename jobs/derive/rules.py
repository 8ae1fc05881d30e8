"""All that derived rows follow from, beside the facts: settings, standing decisions, current models."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session

from data_access.brands import list_brands
from data_access.decisions import (
    StandingMatches,
    list_standing_matches,
    list_standing_mutes,
    list_standing_relabels,
    list_standing_watches,
)
from data_access.models.derived import MatchPair, Model, Role
from data_access.settings import Settings, read_settings
from data_access.topics import list_topic_rules
from data_access.upsert import Key, table
from jobs.derive.said import Sought
from metrics.influence_kinds import KindRules
from metrics.sentiment import SENTIMENT_NAME, SENTIMENT_VERSION
from metrics.topics import TopicMatcher, read_rule


@dataclass(frozen=True)
class Rules:
    """What holds while one run derives rows."""

    settings: Settings
    zone: ZoneInfo
    relabels: dict[Key, str]
    muted: frozenset[Key]
    team: dict[str, str]
    bots: frozenset[str]
    sentiment_model_id: int
    topics: TopicMatcher
    brands: TopicMatcher  #: by the brand's id, as text
    sought: Sought  #: zone, topics and brands once more, as a second process takes them
    matches: StandingMatches = field(default_factory=StandingMatches)
    has_pairs: bool = False
    watches: dict[Key, datetime | None] = field(default_factory=dict)

    def role(self, key: Key, handle_key: str | None, is_team: bool | None, is_bot: bool | None) -> str | None:
        """Whose account it is: team, bot, muted, or None for one of the public. Settings beat the file."""
        names = _names(key, handle_key)
        if not names.isdisjoint(self.team):
            return str(Role.TEAM)
        if not names.isdisjoint(self.bots):
            return str(Role.BOT)
        if is_team or is_bot:
            return str(Role.TEAM if is_team else Role.BOT)
        return str(Role.MUTED) if key in self.muted else None

    def member(self, key: Key, handle_key: str | None) -> str | None:
        """The name of the member of the team who holds the account, where Settings says so."""
        return next((self.team[name] for name in sorted(_names(key, handle_key)) if name in self.team), None)


def _names(key: Key, handle_key: str | None) -> set[str]:
    """What Settings may call an account: its handle or id, alone or behind its network and a slash."""
    names = {key[2].lower().lstrip("@"), *([handle_key] if handle_key else [])}
    return names | {f"{key[0]}/{name}" for name in names}


def load_rules(session: Session) -> Rules:
    """Read what stands now. Makes the row of the current sentiment model where it is missing."""
    settings = read_settings(session)
    brands = [brand for brand in list_brands(session) if brand.is_active]
    sought = Sought(
        settings.time_zone,
        tuple(list_topic_rules(session).items()),
        tuple((str(one.brand_id), read_rule(one.pattern, one.exclusions)) for one in brands),
    )
    return Rules(
        settings=settings,
        zone=ZoneInfo(settings.time_zone),
        relabels=list_standing_relabels(session),
        muted=frozenset(mute.key for mute in list_standing_mutes(session) if mute.key is not None),
        team={_named(account): m.name for m in settings.team for account in m.accounts},
        bots=frozenset(_named(account) for account in settings.bots),
        sentiment_model_id=_current_model(session),
        topics=sought.topic_matcher,
        brands=sought.brand_matcher,
        sought=sought,
        matches=list_standing_matches(session),
        watches=list_standing_watches(session),
        has_pairs=session.execute(select(table(MatchPair).c.left_id).limit(1)).first() is not None,
    )


def kind_rules(settings: Settings) -> KindRules:
    """What Settings says of kinds of people."""
    return KindRules(
        advocate_posts=settings.advocate_posts,
        advocate_ratio=settings.advocate_ratio,
        advocate_days=settings.advocate_days,
    )


def _named(account: str) -> str:
    """An account as Settings has it, without the sign before a handle: "Twitter/@Ann" is twitter/ann."""
    return account.strip().lower().replace("/@", "/").lstrip("@")


def _current_model(session: Session) -> int:
    found = session.execute(
        select(Model.id).where(Model.name == SENTIMENT_NAME, Model.version == SENTIMENT_VERSION)  # type: ignore[call-overload]
    ).scalar()
    if found is not None:
        return int(found)
    row = Model(name=SENTIMENT_NAME, version=SENTIMENT_VERSION, is_current=True, fitted_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id
