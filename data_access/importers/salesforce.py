"""Salesforce: CSV exports of Contact, Account, Opportunity, its histories and OpportunityContactRole; reports with ids.

Ids are kept in their long form of 18 characters, so that exports that write 15 name the same records. An address that
a CRM writes to counts as verified.
"""

import re
import string
from collections.abc import Iterator, Sequence
from datetime import datetime

from data_access.importers.reading.bundle import Bundle
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.money import (
    choose_currency,
    decimal_comma_of,
    describe_no_currency,
    minor_units,
    read_currency,
)
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.outcomes import outcome_named
from data_access.importers.reading.sample import Sample, take_sample
from data_access.importers.reading.several_tables import (
    Read,
    Row,
    find_folders,
    first_of,
    is_direct_table,
    kind_of,
    plain_name,
    read_tables,
    table_kind,
    text_of,
)
from data_access.importers.reading.values import EARLIEST, TimeReader, read_count, read_email, read_flag, required
from data_access.records import DealRecord, IdentityRecord, Note, OrganizationRecord, Record

NETWORK, SOURCE = "crm", "salesforce"
#: In the order in which they are read: what others look up comes first.
_KINDS = (
    table_kind("users", "id username email"),
    table_kind("field_history", "opportunityid field newvalue createddate"),
    table_kind("history", "opportunityid stagename createddate", without="name opportunityname"),
    table_kind("roles", "opportunityid contactid", without="stagename"),
    table_kind("opportunities", "id name stagename closedate"),
    table_kind("opportunities", "opportunityid opportunityname", "stage stagename"),
    table_kind("contacts", "id lastname email", "accountid ownerid mailingcity leadsource"),
    table_kind("contacts", "contactid lastname email"),
    table_kind(
        "accounts", "id name", "billingcountry billingcity numberofemployees annualrevenue parentid", "stagename"
    ),
    table_kind("accounts", "accountid accountname", without="opportunityid contactid"),
)
_ORDER = tuple(dict.fromkeys(kind.name for kind in _KINDS))
_HEAD_BYTES = 1 << 14
_MODIFIED = ("systemmodstamp", "lastmodifieddate", "createddate")
_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
#: Accounts, contacts, users, opportunities, and rows of history and roles.
_ID_IN_FILE = re.compile(rb"\b(?:001|003|005|006|008|00K|017)[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?\b")
_CHECK_LETTERS = string.ascii_uppercase + "012345"


def long_id(written: str) -> str:
    """An id of 15 or 18 characters in its form of 18. The three more say which of the others are capitals.

    >>> long_id("001D000000IqhSL")
    '001D000000IqhSLIAZ'
    """
    if not _ID.fullmatch(written):
        raise Damaged(f"{written[:40]!r} is no id of Salesforce, which has 15 or 18 letters and digits")
    short = written[:15]
    checks = (sum(short[start + place].isupper() << place for place in range(5)) for start in (0, 5, 10))
    return short + "".join(_CHECK_LETTERS[check] for check in checks) if len(written) == 15 else written


def _id(row: Row, *names: str) -> str | None:
    value = text_of(row, *names)
    return None if value is None or value.strip("0") == "" else long_id(value)


class _Crm:
    """How the rows become records, with what the tables read first say: users and the histories of stages."""

    def __init__(self, options: ImportOptions, progress: Progress) -> None:
        self._times = TimeReader(options.zone)
        self._currency = options.currency_code
        self._progress = progress
        self._decimal_comma: bool | None = None
        self._users: dict[str, str] = {}
        self._history: dict[str, list[tuple[datetime, str]]] = {}

    def look(self, kind: str | None, sample: Sample) -> None:
        """Look at a table before it is read: where amounts have their decimals."""
        if kind == "opportunities":
            amounts = (row.get(c) for row in sample.rows for c in sample.columns if plain_name(c) == "amount")
            self._decimal_comma = decimal_comma_of(amounts)

    def user(self, row: Row) -> Iterator[Record]:
        """Remembers one of the team by name; nothing to store."""
        names = (text_of(row, "firstname"), text_of(row, "lastname"))
        name = text_of(row, "name") or " ".join(filter(None, names)) or text_of(row, "email", "username")
        self._users[required(_id(row, "id"), "Id")] = name or ""
        self._progress.skipped["a user, whom contacts and opportunities name"] += 1
        yield from ()

    def history(self, row: Row) -> Iterator[Record]:
        """Remembers when an opportunity entered a stage."""
        self._enter(row, required(text_of(row, "stagename"), "StageName"))
        yield from ()

    def field_history(self, row: Row) -> Iterator[Record]:
        """The same, where the change of any field is a row."""
        if str(row["field"]).casefold() in ("stagename", "stage"):
            self._enter(row, required(text_of(row, "newvalue"), "NewValue"))
        else:
            self._progress.skipped["a change of another field than the stage"] += 1
        yield from ()

    def _enter(self, row: Row, stage: str) -> None:
        opportunity = required(_id(row, "opportunityid"), "OpportunityId")
        moment = required(self._times.read(row.get("createddate")), "CreatedDate")
        self._history.setdefault(opportunity, []).append((moment, stage))

    def role(self, row: Row) -> Iterator[Record]:
        """A contact that takes part in an opportunity."""
        if self._is_gone(row):
            return
        opportunity = required(_id(row, "opportunityid"), "OpportunityId")
        contact = required(_id(row, "contactid"), "ContactId")
        yield DealRecord(NETWORK, SOURCE, opportunity, contacts=(contact,), observed_at=EARLIEST)

    def contact(self, row: Row) -> Iterator[Record]:
        """A contact, unless it was deleted."""
        if self._is_gone(row):
            return
        name = text_of(row, "name") or " ".join(filter(None, (text_of(row, "firstname"), text_of(row, "lastname"))))
        place = (text_of(row, "mailingcity"), text_of(row, "mailingcountry"))
        email = read_email(row.get("email"))
        yield IdentityRecord(
            NETWORK,
            SOURCE,
            required(_id(row, "contactid", "id"), "Id"),
            display_name=name or None,
            email=email,
            email_verified=True if email else None,
            bio=text_of(row, "title"),
            location=", ".join(filter(None, place)) or None,
            organization=text_of(row, "accountname"),
            organization_native_id=_id(row, "accountid"),
            owner=self._owner(row, "contactowner"),
            observed_at=self._times.read(first_of(row, *_MODIFIED)),
        )

    def account(self, row: Row) -> Iterator[Record]:
        """An organisation, unless it was deleted."""
        if self._is_gone(row):
            return
        native_id = required(_id(row, "accountid", "id"), "Id")
        website = text_of(row, "website")
        yield OrganizationRecord(
            NETWORK,
            SOURCE,
            native_id,
            name=text_of(row, "accountname", "name") or native_id,
            domain=_domain(website) if website else None,
            sector=text_of(row, "industry"),
            country=text_of(row, "billingcountry"),
            employees=read_count(first_of(row, "numberofemployees", "employees")),
            observed_at=self._times.read(first_of(row, *_MODIFIED)),
        )

    def opportunity(self, row: Row) -> Iterator[Record | Note]:
        """A deal, unless it was deleted."""
        if self._is_gone(row):
            return
        native_id = required(_id(row, "opportunityid", "id"), "Id")
        stage = required(text_of(row, "stagename", "stage"), "StageName")
        is_won = _is_won(row, stage)
        stated = read_currency(text_of(row, "currencyisocode", "amountcurrency", "currency"))
        if stated is None:
            stated, note = choose_currency(text_of(row, "amount"), self._currency)
            if note is not None:
                yield Note(note)
        currency = stated or self._currency
        amount = minor_units(row.get("amount"), currency, decimal_comma=self._decimal_comma)
        if amount is not None and stated is None:
            yield Note(describe_no_currency(currency))
        contact = _id(row, "contactid")
        yield DealRecord(
            NETWORK,
            SOURCE,
            native_id,
            name=text_of(row, "opportunityname", "name"),
            organization=_id(row, "accountid"),
            owner=self._owner(row, "opportunityowner"),
            stage=stage,
            stages=self._stages_of(native_id),
            is_won=is_won,
            amount_minor=amount,
            currency=None if amount is None else currency,
            contacts=() if contact is None else (contact,),
            created_at=self._times.read(row.get("createddate")),
            closed_at=None if is_won is None else self._times.read(row.get("closedate")),
            observed_at=self._times.read(first_of(row, *_MODIFIED)),
        )

    def histories(self) -> Iterator[Record]:
        """The stages of opportunities that no table described. The last is the one that they are in."""
        for opportunity in sorted(self._history):
            stages = self._stages_of(opportunity)
            last = stages[-1]
            yield DealRecord(
                NETWORK,
                SOURCE,
                opportunity,
                stage=last["stage"],
                stages=stages,
                is_won=_is_won({}, last["stage"]),
                observed_at=datetime.fromisoformat(last["entered_at"]),
            )

    def _stages_of(self, opportunity: str) -> list[dict[str, str]]:
        """When it entered its stages; a row of history that changed something else repeats the stage."""
        stages: list[dict[str, str]] = []
        for moment, stage in sorted(self._history.pop(opportunity, [])):
            if not stages or stages[-1]["stage"] != stage:
                stages.append({"stage": stage, "entered_at": moment.isoformat()})
        return stages

    def _is_gone(self, row: Row) -> bool:
        is_gone = bool(read_flag(row.get("isdeleted")))
        if is_gone:
            self._progress.skipped["a record deleted in Salesforce"] += 1
        return is_gone

    def _owner(self, row: Row, name: str) -> str | None:
        named = text_of(row, name)
        owner = None if named is not None else _id(row, "ownerid")
        return named if owner is None else self._users.get(owner, owner)


def _domain(website: str) -> str | None:
    """The domain of an address: what stands between https://www. and the first slash."""
    return re.sub(r"^(?:\w+://)?(?:www\.)?", "", website.strip().casefold()).split("/")[0] or None


def _is_won(row: Row, stage: str) -> bool | None:
    """Whether an opportunity was won: as its columns say, else its stage's name."""
    is_won = read_flag(first_of(row, "iswon", "won"))
    is_closed = read_flag(first_of(row, "isclosed", "closed"))
    if is_won or is_closed is not None:
        return True if is_won else False if is_closed else None
    return outcome_named(stage)


def _read_all(samples: Sequence[Sample], progress: Progress, options: ImportOptions, *, name_files: bool) -> Read:
    crm = _Crm(options, progress)
    makers = {
        "users": crm.user,
        "field_history": crm.field_history,
        "history": crm.history,
        "roles": crm.role,
        "opportunities": crm.opportunity,
        "contacts": crm.contact,
        "accounts": crm.account,
    }
    kinds = [(kind_of(sample.columns, _KINDS), sample) for sample in samples]
    for kind, sample in kinds:
        crm.look(kind, sample)
    for name in _ORDER:
        yield from read_tables([sample for kind, sample in kinds if kind == name], makers[name], name_files=name_files)
    yield from crm.histories()


def _has_ids(content: Content) -> bool:
    """Whether a file begins with an id of Salesforce's kind: its first characters tell what it is an id of."""
    return _ID_IN_FILE.search(content.head(_HEAD_BYTES)) is not None


def _matches(sample: Sample) -> bool:
    if kind_of(sample.columns, _KINDS) in (None, "users"):
        return False
    values = (str(value) for row in sample.rows[:3] for value in row.values() if value)
    return any(_ID_IN_FILE.fullmatch(value.encode()) for value in values)


def _read(sample: Sample, options: ImportOptions) -> Read:
    return _read_all([sample], sample.content.progress, options, name_files=False)


def _read_bundle(bundle: Bundle, options: ImportOptions) -> Read:
    samples = [take_sample(content) for _path, content in sorted(bundle.files.items())]
    return _read_all(samples, bundle.progress, options, name_files=True)


def _takes(below: str, content: Content) -> bool:
    return is_direct_table(below, content, _KINDS)


FORMAT = Format(
    name="salesforce",
    label="Salesforce",
    description="CSV exports of Contact, Account, Opportunity, its histories and roles; alone, or in a folder or zip.",
    matches=_matches,
    read=_read,
    find_bundles=lambda files: find_folders(files, _KINDS, _has_ids),
    read_bundle=_read_bundle,
    takes=_takes,
)
