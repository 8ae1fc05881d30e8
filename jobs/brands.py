"""Brands: which words name one, decided and taken back, and the rows of those that only Settings names.

``jobs.text_rules`` reads all posts anew when the words of a brand change.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, delete, func, select
from sqlmodel import Session

from data_access import rollups
from data_access.brands import list_brands, list_named_brands, list_own_brands
from data_access.bulk import insert_rows
from data_access.decisions import append_decision
from data_access.models import facts
from data_access.models.decisions import BrandRule
from data_access.store import reading, writing
from data_access.upsert import chunks, table
from jobs.derive.due import note_influence
from jobs.derive.posts import BRAND_MENTION
from jobs.progress import Progress
from jobs.text_rules import BRANDS, derive_rules, noting_changes
from metrics.topics import parse_rule

BRAND = table(facts.Brand)
LONGEST_NAME = 80


class BadBrand(ValueError):
    """A brand needs a name that can be read."""


class NoSuchBrand(LookupError):
    """Neither a file nor Settings names a brand so."""


def decide_brand(engine: Engine, *, brand: str, pattern: str, exclusions: str = "", decided_by: str) -> int:
    """Say which words name a brand, and which rule that out; then start the job ``brands``. Returns its id.

    Raises ``BadBrand``, and ``metrics.topics.BadPattern`` for words that say nothing.
    """
    name = " ".join(brand.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadBrand(f"A brand needs a name of 1 to {LONGEST_NAME} letters.")
    parse_rule(pattern, exclusions)
    values = {"brand": name, "pattern": pattern.strip(), "exclusions": exclusions.strip() or None}
    return _decide(engine, decided_by, **values)


def retire_brand(engine: Engine, *, brand: str, decided_by: str) -> int:
    """Say that a brand is no longer looked for; then start the job ``brands``. Raises ``NoSuchBrand``."""
    with reading(engine) as session:
        known = {row.name.casefold(): row for row in list_brands(session) if row.is_active}
    if brand.casefold() not in known:
        raise NoSuchBrand(f"There is no brand {brand!r} that is looked for.")
    now = known[brand.casefold()]
    values = {"brand": now.name, "pattern": now.pattern, "exclusions": now.exclusions or None, "is_active": False}
    return _decide(engine, decided_by, **values)


def _decide(engine: Engine, decided_by: str, **values: str | bool | None) -> int:
    with writing(engine) as session, noting_brands(session):
        row = append_decision(session, BrandRule, decided_by=decided_by, **values)
    assert row.id is not None
    return row.id


@contextmanager
def noting_brands(session: Session) -> Iterator[None]:
    """Note that posts are to be read anew, if what happens in between changes which brands are looked for or how, and
    the scores of people, if it changes which are ours; what Settings names by then has a row to be counted under."""
    session.flush()
    before = list_own_brands(session)
    with noting_changes(session, BRANDS):
        yield
        make_named_brands(session)
    if list_own_brands(session) != before:
        note_influence(session)


def make_named_brands(session: Session) -> None:
    """A row for each brand that Settings names and no file brought: no fact but its name."""
    session.flush()
    fresh = _list_missing(session)
    if fresh:
        # as imports number them: PostgreSQL's own numbers would run into theirs
        first = (session.execute(select(func.max(BRAND.c.id))).scalar() or 0) + 1
        insert_rows(session, BRAND, [{"id": first + number, "name": name} for number, name in enumerate(fresh)])


def _list_missing(session: Session) -> list[str]:
    known = {name.casefold() for name in session.scalars(select(BRAND.c.name))}
    return [name for name in list_named_brands(session) if name.casefold() not in known]


def derive_brands(engine: Engine, progress: Progress) -> None:
    """Find the brands that all posts name anew, where that is due."""
    make_brands(engine)
    derive_rules(engine, BRANDS, progress)


def make_brands(engine: Engine) -> None:
    """Make the rows of brands that Settings named before there were any."""
    with reading(engine) as session:
        missing = _list_missing(session)
    if missing:
        with writing(engine) as session, noting_brands(session):
            pass


def keep_named_brands(session: Session, ids: Collection[int]) -> set[int]:
    """Those of these brands that Settings names: they stay when the import that brought them is undone."""
    named = {name.casefold() for name in list_named_brands(session)}
    rows = session.execute(select(BRAND.c.id, BRAND.c.name).where(BRAND.c.id.in_(ids)))
    return {row.id for row in rows if row.name.casefold() in named}


def forget_brands(session: Session, ids: Collection[int]) -> None:
    """Drop which posts name these brands, before the brands go."""
    for target in (BRAND_MENTION, rollups.BRAND_DAY, rollups.BRAND_TOPIC_DAY):
        for part in chunks(sorted(ids)):
            session.connection().execute(delete(target).where(target.c.brand_id.in_(part)))
