"""Reading what a test wrote: all records of a file, sorted by kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from data_access.importers import ImportOptions, Input, UnrecognisedInput, find_inputs
from data_access.records import (
    BrandRecord,
    ChannelDayRecord,
    ChannelRecord,
    DealRecord,
    FeedbackRecord,
    IdentityRecord,
    InteractionRecord,
    Note,
    OrderRecord,
    OrganizationRecord,
    PostRecord,
    Refusal,
    VisitRecord,
)

REAL_DATA = Path(__file__).parents[2] / "../shared/data"


@dataclass
class Imported:
    """What came of a path."""

    inputs: list[Input] = field(default_factory=list)
    unrecognised: list[UnrecognisedInput] = field(default_factory=list)
    brands: list[BrandRecord] = field(default_factory=list)
    channels: list[ChannelRecord] = field(default_factory=list)
    organizations: list[OrganizationRecord] = field(default_factory=list)
    identities: list[IdentityRecord] = field(default_factory=list)
    posts: list[PostRecord] = field(default_factory=list)
    interactions: list[InteractionRecord] = field(default_factory=list)
    visits: list[VisitRecord] = field(default_factory=list)
    deals: list[DealRecord] = field(default_factory=list)
    orders: list[OrderRecord] = field(default_factory=list)
    feedback: list[FeedbackRecord] = field(default_factory=list)
    channel_days: list[ChannelDayRecord] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def format(self) -> str:
        return self.inputs[0].format

    def identity(self, native_id: str) -> IdentityRecord:
        """The last that was said of an account."""
        return [identity for identity in self.identities if identity.native_id == native_id][-1]

    def post(self, native_id: str) -> PostRecord:
        return next(post for post in self.posts if post.native_id == native_id)

    def deal(self, native_id: str) -> DealRecord:
        return next(deal for deal in self.deals if deal.native_id == native_id)

    def organization(self, native_id: str) -> OrganizationRecord:
        return next(found for found in self.organizations if found.native_id == native_id)


def import_path(path: Path, **options: Any) -> Imported:
    """Read everything in a path."""
    imported = Imported()
    kinds = {
        BrandRecord: imported.brands,
        ChannelRecord: imported.channels,
        OrganizationRecord: imported.organizations,
        IdentityRecord: imported.identities,
        PostRecord: imported.posts,
        InteractionRecord: imported.interactions,
        VisitRecord: imported.visits,
        DealRecord: imported.deals,
        OrderRecord: imported.orders,
        FeedbackRecord: imported.feedback,
        ChannelDayRecord: imported.channel_days,
        Refusal: imported.refusals,
        Note: imported.notes,
    }
    for found in find_inputs([path], ImportOptions(**options)):
        if isinstance(found, UnrecognisedInput):
            imported.unrecognised.append(found)
        else:
            imported.inputs.append(found)
            for record in found.read():
                kinds[type(record)].append(record)  # type: ignore[attr-defined]
    return imported


@pytest.fixture
def importing() -> Callable[..., Imported]:
    return import_path


@pytest.fixture
def real_data() -> Path:
    if not REAL_DATA.is_dir():
        pytest.skip("the folder of real exports is not here")
    return REAL_DATA.resolve()
