"""A sales pipeline with its accounts, products and teams: four tables that name each other, or the pipeline alone.

Accounts are organisations by their names. Deals have no contacts, one amount that names no currency, and two dates:
engaged and closed. Products are written in several ways; they are matched to the table of products, and the run says
how.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.money import describe_no_currency, minor_units
from data_access.importers.reading.options import Format, ImportOptions, Part
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.several_tables import (
    Read,
    Row,
    find_folders,
    is_direct_table,
    kind_of,
    plain_rows,
    read_tables,
    table_kind,
    text_of,
)
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.records import DealRecord, Note, OrganizationRecord, Record, Refusal

NETWORK, SOURCE = "crm", "maven"
_ACCOUNTS, _PRODUCTS, _TEAMS, _PIPELINE = "accounts", "products", "teams", "pipeline"
_KINDS = (
    table_kind(_PIPELINE, "opportunityid salesagent product account dealstage engagedate closedate closevalue"),
    table_kind(_ACCOUNTS, "account sector yearestablished revenue employees officelocation"),
    table_kind(_PRODUCTS, "product series salesprice"),
    table_kind(_TEAMS, "salesagent manager regionaloffice"),
)
_ALONE = (_PIPELINE, _ACCOUNTS)
_PARTS = {_PRODUCTS: "the products that its deals name", _TEAMS: "its sales teams"}
_OUTCOMES = {"won": True, "lost": False}
_ALIKE = 0.85


def plain_product(name: str) -> str:
    """A product's name without case, blanks and marks: "GTX Pro" and "GTXPro" are one."""
    return re.sub(r"[\W_]+", "", name.casefold())


class _Pipeline:
    """How the rows become records. Products and sectors are looked at before."""

    def __init__(self, options: ImportOptions, progress: Progress) -> None:
        self._times = TimeReader(options.zone)
        self._currency = options.currency_code
        self._progress = progress
        self._products: dict[str, str] = {}
        self._sectors: Counter[str] = Counter()

    def learn(self, kind: str, samples: Sequence[Sample]) -> None:
        """Look at the products or accounts, without counting their rows."""
        for sample in samples:
            for item in plain_rows(sample, aside=True):
                if isinstance(item, Refusal):
                    continue
                name = text_of(item[1], "product" if kind == _PRODUCTS else "sector")
                if name is not None and kind == _PRODUCTS:
                    self._products.setdefault(plain_product(name), name)
                elif name is not None:
                    self._sectors[name] += 1

    def product(self, _row: Row) -> Iterator[Record | Note]:
        """Nothing: deals name their products."""
        self._progress.skipped["a product, to which deals are matched"] += 1
        yield from ()

    def team(self, _row: Row) -> Iterator[Record | Note]:
        """Nothing: deals name who holds them."""
        self._progress.skipped["a sales agent, whom deals name"] += 1
        yield from ()

    def account(self, row: Row) -> Iterator[Record | Note]:
        """An organisation."""
        name = required(text_of(row, "account"), "account")
        sector = text_of(row, "sector")
        meant = self._sector_meant(sector)
        if meant != sector:
            yield Note(f"The sector {sector!r} is read as {meant!r}")
        yield OrganizationRecord(
            NETWORK,
            SOURCE,
            name,
            name,
            sector=meant,
            country=text_of(row, "officelocation"),
            employees=read_count(row.get("employees")),
        )

    def _sector_meant(self, sector: str | None) -> str | None:
        """The commoner sector that is written almost like this one, else this one."""
        if sector is None:
            return None
        commoner = [name for name, rows in self._sectors.items() if rows > self._sectors[sector]]
        return next(iter(get_close_matches(sector, commoner, n=1, cutoff=_ALIKE)), sector)

    def deal(self, row: Row) -> Iterator[Record | Note]:
        """A deal, with what had to be read as something else."""
        product = text_of(row, "product")
        known = self._products.get(plain_product(product)) if product else None
        account = text_of(row, "account")
        stage = required(text_of(row, "dealstage"), "deal_stage")
        engaged, closed = self._times.read(row.get("engagedate")), self._times.read(row.get("closedate"))
        deal = DealRecord(
            NETWORK,
            SOURCE,
            required(read_id(row.get("opportunityid")), "opportunity_id"),
            organization=account,
            owner=text_of(row, "salesagent"),
            product=known or product,
            stage=stage,
            stages=_stages(stage, engaged, closed),
            is_won=_OUTCOMES.get(stage.casefold()),
            amount_minor=minor_units(row.get("closevalue"), self._currency),
            currency=self._currency,
            created_at=engaged,
            closed_at=closed,
            observed_at=closed or engaged,
        )
        if known is not None and known != product:
            yield Note(f"The product {product!r} is read as {known!r}")
        if known is None and product is not None and self._products:
            yield Note(f"The product {product!r} is none of the table of products")
        if account is None:
            yield Note("A deal names no account")
        if deal.amount_minor is not None:
            yield Note(describe_no_currency(self._currency))
        yield deal


def _stages(stage: str, engaged: datetime | None, closed: datetime | None) -> list[dict[str, str]]:
    """When a deal entered its stages, as far as the dates say."""
    entered = [("Engaging", engaged), (stage, closed)]
    return [{"stage": name, "entered_at": moment.isoformat()} for name, moment in entered if moment is not None]


def _read_all(samples: Sequence[Sample], progress: Progress, options: ImportOptions, *, name_files: bool) -> Read:
    pipeline = _Pipeline(options, progress)
    makers = {
        _PRODUCTS: pipeline.product,
        _TEAMS: pipeline.team,
        _ACCOUNTS: pipeline.account,
        _PIPELINE: pipeline.deal,
    }
    by_kind = {kind: [s for s in samples if kind_of(s.columns, _KINDS) == kind] for kind in makers}
    for kind in (_PRODUCTS, _ACCOUNTS):
        pipeline.learn(kind, by_kind[kind])
    for kind, make in makers.items():
        yield from read_tables(by_kind[kind], make, name_files=name_files)


def _read(sample: Sample, options: ImportOptions) -> Read:
    return _read_all([sample], sample.content.progress, options, name_files=False)


def _read_bundle(bundle: Bundle, options: ImportOptions) -> Read:
    samples = [take_sample(content) for _path, content in sorted(bundle.files.items())]
    return _read_all(samples, bundle.progress, options, name_files=True)


def _takes(below: str, content: Content) -> bool:
    return is_direct_table(below, content, _KINDS)


def _tell_part(sample: Sample) -> Part | None:
    kind = kind_of(sample.columns, _KINDS)
    return Part(_PARTS[kind]) if kind in _PARTS else None


FORMAT = Format(
    name="maven_crm",
    label="Sales pipeline with accounts and products",
    description="sales_pipeline, accounts, products, sales_teams as CSV in one folder or zip; or the pipeline alone.",
    matches=lambda sample: kind_of(sample.columns, _KINDS) in _ALONE,
    read=_read,
    find_bundles=lambda files: find_folders(files, _KINDS),
    read_bundle=_read_bundle,
    takes=_takes,
    tell_part=_tell_part,
)
