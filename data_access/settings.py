"""The workspace's settings: their names, defaults, and how they are read and changed. Each change is a decision."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlmodel import Session

from data_access.decisions import append_decision, list_standing
from data_access.models.decisions import Setting


@dataclass(frozen=True)
class TeamMember:
    """One of us, with the accounts that they speak through: handle or id, alone or as ``network/handle``."""

    name: str
    accounts: tuple[str, ...] = ()


class Rate(NamedTuple):
    """What one unit of a currency is worth in the workspace's, from a day on until the next rate of it."""

    currency: str
    rate: Decimal
    since: date


@dataclass(frozen=True)
class Settings:
    """What the workspace has decided about itself. ``business_hours``: for Monday to Sunday, (open, close) in whole
    local hours, or None for a day off; empty for "always". ``rates`` were entered by somebody, none is fetched.

    ``influence_half_life_days``: in which a reply, mention or share loses half of its weight in the graph of people.
    An advocate has at least ``advocate_posts`` positive posts about us in ``advocate_days``, and at least
    ``advocate_ratio`` times as many positive as negative ones; a detractor is the mirror image."""

    workspace_name: str = "My community"
    time_zone: str = "UTC"
    currency: str = "EUR"
    response_target_minutes: int = 60
    business_hours: tuple[tuple[int, int] | None, ...] = ()
    own_brands: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    team: tuple[TeamMember, ...] = ()
    bots: tuple[str, ...] = ()
    rates: tuple[Rate, ...] = ()
    influence_half_life_days: int = 90
    advocate_posts: int = 3
    advocate_ratio: int = 2
    advocate_days: int = 180


DEFAULTS = Settings()
#: Which posts of watched people were mailed. Nobody decides on it: it is in no audit trail.
MAILED_SETTING = "alerts_mailed"


def list_setting_rows(session: Session) -> dict[str, Any]:
    """The value that stands for each setting key that anyone decided."""
    return {row.key: row.value for row in list_standing(session, Setting)}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def read_settings(session: Session) -> Settings:
    """The settings that stand; defaults where nobody decided."""
    rows = list_setting_rows(session)
    values: dict[str, Any] = {
        f.name: _tuples(rows[f.name]) for f in fields(Settings) if f.name in rows and f.name not in ("team", "rates")
    }
    if "team" in rows:
        values["team"] = tuple(TeamMember(member["name"], tuple(member.get("accounts", ()))) for member in rows["team"])
    if "rates" in rows:
        values["rates"] = tuple(
            Rate(rate["currency"], Decimal(rate["rate"]), date.fromisoformat(rate["from"])) for rate in rows["rates"]
        )
    return Settings(**values)


def add_setting(session: Session, *, key: str, value: Any, decided_by: str) -> Setting:
    """Append a decision on one setting. ``value`` is plain JSON; team members are ``{"name", "accounts"}``,
    rates ``{"currency", "rate", "from"}`` (the rate as text, so that it stays exact, the day as YYYY-MM-DD)."""
    return append_decision(session, Setting, key=key, value=value, decided_by=decided_by)
