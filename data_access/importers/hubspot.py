"""HubSpot: CSV exports of contacts, companies and deals, or the tables that a connector copies from its API.

Both name the same properties: "Deal Name" and ``property_dealname``. Contacts that were merged are one, under the id
that remained; deleted and merged records are counted and passed over. An address that a CRM writes to counts as
verified.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.money import decimal_comma_of, describe_no_currency, minor_units, read_currency
from data_access.importers.reading.options import Format, ImportOptions, Part
from data_access.importers.reading.outcomes import outcome_named
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.several_tables import (
    Read,
    Row,
    find_folders,
    first_of,
    header_of,
    kind_of,
    plain_name,
    plain_rows,
    read_tables,
    table_kind,
    text_of,
)
from data_access.importers.reading.values import (
    EARLIEST,
    TimeReader,
    read_count,
    read_email,
    read_flag,
    read_id,
    required,
)
from data_access.records import DealRecord, IdentityRecord, Note, OrganizationRecord, Record, Refusal, VisitRecord

NETWORK, SOURCE = "crm", "hubspot"
_ASSOCIATED = "associatedcompany associatedcompanyids associatedcontact associatedcontactids associateddealids"
#: In the order in which they are read: what others look up comes first.
_KINDS = (
    table_kind("owners", "ownerid email firstname lastname"),
    table_kind("stages", "stageid label pipelineid", "closedwon isclosed", "ticketstate"),
    table_kind("stage_history", "dealid value dateentered"),
    table_kind("merged_deals", "dealid mergeddealid"),
    table_kind(
        "contacts",
        "email firstname lastname",
        f"fivetransynced contactowner hubspotownerid lifecyclestage leadstatus {_ASSOCIATED}",
        "ownerid subject activeuserid dealname primaryteamid roleid accountid accountname mailingcity",
    ),
    table_kind("deals", "dealname", "dealstage dealpipelinestageid dealowner dealid pipeline"),
    table_kind("companies", "companyname", "companyowner companydomainname lifecyclestage industry", "email dealname"),
    table_kind("companies", "id name fivetransynced", "industry domain annualrevenue", "dealname subject label email"),
    table_kind("deal_contacts", "contactid dealid", "", "engagementid"),
    table_kind("deal_companies", "companyid dealid", "", "engagementid"),
    table_kind("contact_companies", "contactid companyid", "", "engagementid"),
    table_kind("form_visits", "contactid formid pageurl timestamp"),
)
_ORDER = tuple(dict.fromkeys(kind.name for kind in _KINDS))
_ALONE = ("contacts", "companies", "deals", "stage_history", "deal_contacts", "deal_companies", "form_visits")
#: What says nothing by itself.
_PARTS = {
    "owners": "the owners of its contacts and deals",
    "stages": "the stages of its deals",
    "merged_deals": "which of its deals were merged",
    "contact_companies": "which contact is of which company",
}
_COPIED = "fivetransynced"
_RECORD_IDS = frozenset(("recordid", "hsobjectid", "contactid", "companyid", "dealid", "vid"))
_ENTERED = re.compile(r'(?:date|time) entered "?(.+?)(?: \([^()]*\))?"?(?: \([^()]*\))?', re.IGNORECASE)
_STAGE_DATES = re.compile(r"hs(?:v2)?dateentered(.+)")


class _Stage(NamedTuple):
    label: str
    is_won: bool | None


class _Crm:
    """How the rows become records, with what the tables read first say: owners, stages, merged records."""

    def __init__(self, options: ImportOptions, progress: Progress) -> None:
        self._times = TimeReader(options.zone)
        self._currency = options.currency_code
        self._progress = progress
        self._decimal_comma: bool | None = None
        self._owners: dict[str, str] = {}
        self._stages: dict[str, _Stage] = {}
        self._history: dict[str, list[tuple[datetime, str]]] = {}
        self._merged: dict[str, str] = {}
        self._merged_deals: set[str] = set()
        self._stage_columns: dict[str, str] = {}

    def look(self, kind: str, sample: Sample) -> None:
        """Look at a table before it is read: which contacts were merged, where amounts have their decimals."""
        if kind == "deals":
            amounts = (row.get(c) for row in sample.rows for c in sample.columns if plain_name(c) == "amount")
            self._decimal_comma = decimal_comma_of(amounts)
            named = {plain_name(column): _ENTERED.fullmatch(column) for column in sample.columns}
            self._stage_columns |= {column: match[1] for column, match in named.items() if match is not None}
        if kind == "contacts" and any(plain_name(column) == "hsmergedobjectids" for column in sample.columns):
            for item in plain_rows(sample, aside=True):
                if not isinstance(item, Refusal):
                    merged = _ids(item[1].get("hsmergedobjectids"))
                    self._merged |= dict.fromkeys(merged, _record_id(item[1], "contactid", "vid") or "")

    # tables that others look up

    def owner(self, row: Row) -> Iterator[Record]:
        """Remembers one of the team by name; nothing to store."""
        name = " ".join(filter(None, (text_of(row, "firstname"), text_of(row, "lastname"))))
        self._owners[required(read_id(row["ownerid"]), "owner_id")] = name or text_of(row, "email") or ""
        self._progress.skipped["an owner, whom contacts and deals name"] += 1
        yield from ()

    def stage(self, row: Row) -> Iterator[Record]:
        """Remembers a stage of deals; nothing to store."""
        is_won = read_flag(row.get("closedwon"))
        ended = is_won or read_flag(row.get("isclosed"))
        label = text_of(row, "label") or row["stageid"]
        self._stages[str(row["stageid"])] = _Stage(label, is_won if ended else None)
        self._progress.skipped["a stage, which deals name"] += 1
        yield from ()

    def entered(self, row: Row) -> Iterator[Record]:
        """Remembers when a deal entered a stage."""
        deal = required(read_id(row.get("dealid")), "deal_id")
        moment = required(self._times.read(row.get("dateentered")), "date_entered")
        self._history.setdefault(deal, []).append((moment, self._stage_named(str(row["value"])).label))
        yield from ()

    def merged_deal(self, row: Row) -> Iterator[Record]:
        """Remembers a deal that became part of another."""
        self._merged_deals.add(required(read_id(row.get("mergeddealid")), "merged_deal_id"))
        yield from ()

    # records

    def contact(self, row: Row) -> Iterator[Record]:
        """A contact, unless it was deleted or merged into another."""
        native_id = required(_record_id(row, "contactid", "vid"), "record id")
        if self._is_gone(row, "contact") or self._is_merged(native_id):
            return
        titles = (text_of(row, "jobtitle"), text_of(row, "lifecyclestage"))
        yield IdentityRecord(
            NETWORK,
            SOURCE,
            native_id,
            display_name=" ".join(filter(None, (text_of(row, "firstname"), text_of(row, "lastname")))) or None,
            email=(email := read_email(row.get("email"))),
            email_verified=True if email else None,
            bio=" · ".join(filter(None, titles)) or None,
            url=text_of(row, "websiteurl", "website"),
            location=", ".join(filter(None, (text_of(row, "city"), text_of(row, "country", "countryregion")))) or None,
            organization=text_of(row, "companyname", "company", "associatedcompany", "primarycompany"),
            organization_native_id=_first_id(row, "associatedcompanyids", "associatedcompanyid", "primarycompanyid"),
            owner=self._owner_of(row, "contactowner"),
            observed_at=self._observed(row),
        )

    def company(self, row: Row) -> Iterator[Record]:
        """A company, unless it was deleted."""
        if self._is_gone(row, "company"):
            return
        native_id = required(_record_id(row, "companyid"), "record id")
        yield OrganizationRecord(
            NETWORK,
            SOURCE,
            native_id,
            name=text_of(row, "companyname", "name") or native_id,
            domain=text_of(row, "companydomainname", "domain"),
            sector=text_of(row, "industry"),
            country=text_of(row, "countryregion", "country"),
            employees=read_count(first_of(row, "numberofemployees", "numberofemployees")),
            observed_at=self._observed(row),
        )

    def deal(self, row: Row) -> Iterator[Record | Note]:
        """A deal, unless it was deleted or merged into another."""
        native_id = required(_record_id(row, "dealid"), "record id")
        if self._is_gone(row, "deal"):
            return
        if native_id in self._merged_deals:
            self._progress.skipped["a deal merged into another"] += 1
            return
        stages = self._stages_of(native_id, row)
        current = _without_pipeline(text_of(row, "dealstage", "dealpipelinestageid"))
        stage = self._stage_named(current or (stages[-1]["stage"] if stages else ""))
        is_won = _is_won(row, stage)
        stated = read_currency(text_of(row, "currency", "dealcurrencycode"))
        currency = stated or self._currency
        amount = minor_units(row.get("amount"), currency, decimal_comma=self._decimal_comma)
        if amount is not None and stated is None:
            yield Note(describe_no_currency(currency))
        closed_at = None if is_won is None else self._times.read(row.get("closedate"))
        yield DealRecord(
            NETWORK,
            SOURCE,
            native_id,
            name=text_of(row, "dealname"),
            organization=_first_id(row, "associatedcompanyids", "primaryassociatedcompanyid", "associatedcompanyid"),
            owner=self._owner_of(row, "dealowner"),
            stage=stage.label or None,
            stages=stages,
            is_won=is_won,
            amount_minor=amount,
            currency=None if amount is None else currency,
            contacts=tuple(self._merged.get(one, one) for one in _ids(first_of(row, "associatedcontactids"))),
            created_at=self._times.read(first_of(row, "createdate", "createdat")),
            closed_at=closed_at,
            observed_at=self._deal_observed(row, stages, closed_at),
        )

    def deal_contact(self, row: Row) -> Iterator[Record]:
        """A contact that takes part in a deal."""
        contact = required(read_id(row.get("contactid")), "contact_id")
        deal = required(read_id(row.get("dealid")), "deal_id")
        if deal not in self._merged_deals:
            contacts = (self._merged.get(contact, contact),)
            yield DealRecord(NETWORK, SOURCE, deal, contacts=contacts, observed_at=EARLIEST)

    def deal_company(self, row: Row) -> Iterator[Record]:
        """The company of a deal."""
        deal = required(read_id(row.get("dealid")), "deal_id")
        if deal not in self._merged_deals:
            company = required(read_id(row.get("companyid")), "company_id")
            yield DealRecord(NETWORK, SOURCE, deal, organization=company, observed_at=EARLIEST)

    def contact_company(self, row: Row) -> Iterator[Record]:
        """The company of a contact."""
        contact = required(read_id(row.get("contactid")), "contact_id")
        company = required(read_id(row.get("companyid")), "company_id")
        native_id = self._merged.get(contact, contact)
        yield IdentityRecord(NETWORK, SOURCE, native_id, organization_native_id=company, observed_at=EARLIEST)

    def form_visit(self, row: Row) -> Iterator[Record]:
        """The page on which a contact sent a form."""
        contact = required(read_id(row.get("contactid")), "contact_id")
        form = f"{row['formid']}/{row.get('conversionid', row['timestamp'])}"
        moment = required(self._times.read(row.get("timestamp")), "timestamp")
        identity = self._merged.get(contact, contact)
        yield VisitRecord(NETWORK, SOURCE, f"{contact}/{form}", identity, moment, url=text_of(row, "pageurl"))

    def histories(self) -> Iterator[Record]:
        """The stages of deals that no table of deals described."""
        for deal in sorted(self._history):
            stages = self._stages_of(deal, {})
            last = stages[-1]
            yield DealRecord(
                NETWORK,
                SOURCE,
                deal,
                stage=last["stage"],
                stages=stages,
                is_won=_is_won({}, self._stage_named(last["stage"])),
                observed_at=datetime.fromisoformat(last["entered_at"]),
            )

    # values

    def _is_gone(self, row: Row, what: str) -> bool:
        is_gone = bool(read_flag(first_of(row, "isdeleted", "fivetrandeleted")))
        if is_gone:
            self._progress.skipped[f"a {what} deleted in HubSpot"] += 1
        return is_gone

    def _is_merged(self, contact: str) -> bool:
        if contact in self._merged:
            self._progress.skipped["a contact merged into another"] += 1
        return contact in self._merged

    def _owner_of(self, row: Row, name: str) -> str | None:
        owner = text_of(row, name, "hubspotownerid", "ownerid")
        return self._owners.get(owner, owner) if owner is not None else None

    def _observed(self, row: Row) -> datetime | None:
        """When the row last changed, else when it was copied or made."""
        columns = ("lastmodifieddate", "hslastmodifieddate", "updatedat", _COPIED, "createdate")
        return self._times.read(first_of(row, *columns))

    def _deal_observed(self, row: Row, stages: list[dict[str, str]], closed_at: datetime | None) -> datetime | None:
        """When the deal last changed: as the file says, else the latest of what it dates."""
        entered = [datetime.fromisoformat(stage["entered_at"]) for stage in stages]
        moments = [moment for moment in (self._observed(row), closed_at, *entered) if moment is not None]
        is_stated = any(column in row for column in ("lastmodifieddate", "hslastmodifieddate", "updatedat"))
        return self._observed(row) if is_stated else max(moments, default=None)

    def _stage_named(self, name: str) -> _Stage:
        found = self._stages.get(name)
        return found if found is not None else _Stage(name, outcome_named(name))

    def _stages_of(self, deal: str, row: Row) -> list[dict[str, str]]:
        """When a deal entered its stages: as the history has it, else the columns of the row."""
        entered = self._history.pop(deal, None) or self._stage_dates(row)
        return [{"stage": stage, "entered_at": moment.isoformat()} for moment, stage in sorted(set(entered))]

    def _stage_dates(self, row: Row) -> list[tuple[datetime, str]]:
        found = []
        for column, value in row.items():
            internal = _STAGE_DATES.fullmatch(column)
            stage = self._stage_columns.get(column) or (internal[1] if internal else None)
            moment = self._times.read(value) if stage is not None and stage != "current stage" else None
            if stage is not None and moment is not None:
                found.append((moment, self._stage_named(stage).label))
        return found


def _without_pipeline(stage: str | None) -> str | None:
    """A stage without the pipeline that an export names behind it: "Signed (Sales Pipeline)"."""
    return None if stage is None else re.sub(r" \([^()]*\)$", "", stage)


def _is_won(row: Row, stage: _Stage) -> bool | None:
    """Whether a deal was won: as its own columns say, else its stage."""
    if read_flag(first_of(row, "isclosedwon", "hsisclosedwon")):
        return True
    is_closed = read_flag(first_of(row, "isdealclosed", "isclosed", "hsisclosed"))
    if read_flag(first_of(row, "isclosedlost", "hsisclosedlost")) or (is_closed and stage.is_won is None):
        return False
    return stage.is_won


def _record_id(row: Row, *names: str) -> str | None:
    return read_id(first_of(row, "recordid", "hsobjectid", *names, "id"))


def _ids(value: Any) -> list[str]:
    """The ids in a cell that holds several."""
    return [part for part in re.split(r"[;,\s]+", str(value)) if part] if value is not None else []


def _first_id(row: Mapping[str, Any], *names: str) -> str | None:
    found = _ids(read_id(first_of(row, *names)))
    return found[0] if found else None


def _read_all(samples: Sequence[Sample], progress: Progress, options: ImportOptions, *, name_files: bool) -> Read:
    crm = _Crm(options, progress)
    makers = {
        "owners": crm.owner,
        "stages": crm.stage,
        "stage_history": crm.entered,
        "merged_deals": crm.merged_deal,
        "contacts": crm.contact,
        "companies": crm.company,
        "deals": crm.deal,
        "deal_contacts": crm.deal_contact,
        "deal_companies": crm.deal_company,
        "contact_companies": crm.contact_company,
        "form_visits": crm.form_visit,
    }
    by_kind: dict[str | None, list[Sample]] = {}
    for sample in samples:
        kind = kind_of(sample.columns, _KINDS)
        by_kind.setdefault(kind, []).append(sample)
        if kind is not None:
            crm.look(kind, sample)
    for kind in _ORDER:
        yield from read_tables(by_kind.get(kind, []), makers[kind], name_files=name_files)
    if None in by_kind:
        progress.skipped["tables of something else than contacts, companies and deals"] += len(by_kind[None])
    yield from crm.histories()


def _read(sample: Sample, options: ImportOptions) -> Read:
    return _read_all([sample], sample.content.progress, options, name_files=False)


def _read_bundle(bundle: Bundle, options: ImportOptions) -> Read:
    samples = [take_sample(content) for _path, content in sorted(bundle.files.items())]
    return _read_all(samples, bundle.progress, options, name_files=True)


def _is_copied(columns: Iterable[str]) -> bool:
    return any(plain_name(column) == _COPIED for column in columns)


def _matches(sample: Sample) -> bool:
    """Whether a table alone is HubSpot's: of a kind that says something by itself, with the record's id."""
    plain = {plain_name(column) for column in sample.columns}
    is_copied = _COPIED in plain or any(column.startswith("property_") for column in sample.columns)
    return kind_of(sample.columns, _KINDS) in _ALONE and bool(_RECORD_IDS & plain or (is_copied and "id" in plain))


def _takes(below: str, content: Content) -> bool:
    """Every table that a connector copied, so that what holds nothing for us is not taken for posts."""
    columns = () if "/" in below else header_of(content)
    return kind_of(columns, _KINDS) is not None or _is_copied(columns)


def _tell_part(sample: Sample) -> Part | None:
    """What a table is that says nothing by itself, or nothing at all."""
    kind = kind_of(sample.columns, _KINDS)
    if kind in _PARTS:
        return Part(_PARTS[kind])
    is_other = kind is None and _is_copied(sample.columns)
    return (
        Part("a table that a connector copied, but none of contacts, companies or deals", False) if is_other else None
    )


FORMAT = Format(
    name="hubspot",
    label="HubSpot",
    description="CSV exports of contacts, companies, deals; or the tables of HubSpot's API in a folder or zip.",
    matches=_matches,
    read=_read,
    find_bundles=lambda files: find_folders(files, _KINDS),
    read_bundle=_read_bundle,
    takes=_takes,
    tell_part=_tell_part,
)
