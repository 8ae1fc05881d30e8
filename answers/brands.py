"""Whose voice is compared with whose, and in which channels."""

from dataclasses import dataclass

from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope
from data_access.brands import BrandWords, list_brands


@dataclass(frozen=True)
class Voices:
    """The brands that share of voice is about: ``ours`` (or those that the filters name) and ``rivals``."""

    ours: tuple[BrandWords, ...]
    rivals: tuple[BrandWords, ...]

    @property
    def all(self) -> tuple[BrandWords, ...]:
        """Ours first, each by name."""
        return (*self.ours, *self.rivals)

    @property
    def our_ids(self) -> tuple[int, ...]:
        return tuple(brand.brand_id for brand in self.ours)

    @property
    def rival_ids(self) -> tuple[int, ...]:
        return tuple(brand.brand_id for brand in self.rivals)


def read_voices(session: Session, filters: Filters) -> Voices:
    """Our brands against the competitors'; where the filters name brands, those against the competitors', and where a
    competitor is among them, against all others."""
    brands = [brand for brand in list_brands(session) if brand.is_active]
    if filters.brands:
        chosen = tuple(brand for brand in brands if brand.name in filters.brands)
    else:
        chosen = tuple(brand for brand in brands if not brand.is_competitor)
    others = [brand for brand in brands if brand not in chosen]
    if not any(brand.is_competitor for brand in chosen):
        others = [brand for brand in others if brand.is_competitor]
    return Voices(chosen, tuple(others))


def voice_channel_ids(scope: Scope, filters: Filters) -> tuple[int, ...]:
    """Where mentions of brands are looked for: in all channels, the competitors' too, or in those that ``filters``
    names. A brand in ``filters`` says whose voice is meant, not where."""
    rows = scope.channels
    if filters.networks:
        rows = rows[rows["network"].isin(filters.networks)]
    if filters.channels:
        rows = rows[rows["id"].isin(filters.channels)]
    return tuple(sorted(int(value) for value in rows["id"]))
