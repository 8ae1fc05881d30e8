"""The accounts as records: what each shows of the person behind it, and what ties two of them together."""

from collections.abc import Iterator
from random import Random

from data_access.records import IdentityRecord
from jobs.demo import names
from jobs.demo.calendar import OBSERVED_AT
from jobs.demo.company import BOTS, BRAND, CRM_SOURCE, NETWORKS, RIVAL_ACCOUNTS, TEAM, StaffAccount
from jobs.demo.grammar import say
from jobs.demo.organizations import Buyer
from jobs.demo.people import Account, Person
from jobs.demo.words import draw_words

#: People with many followers whom hardly anybody answers: followers alone say little.
LOUD = 6
#: Groups of people who share an address such as info@, and are not one person.
SHARED_MAILBOXES = 4
ANONYMOUS_VISITORS_SHARE = 0.3
PROFILE_URLS = {
    "twitter": "https://tweets.example/{handle}",
    "mastodon": "https://gardens.example/@{handle}",
    "bluesky": "https://sky.example/profile/{handle}",
    "reddit": "https://reddit.example/u/{handle}",
    "discourse": "https://community.sillgrove.example/u/{handle}",
}


def key(account: Account) -> list[str]:
    """An account's natural key."""
    return [account.network, NETWORKS[account.network].source, account.native_id]


def contact_key(person: Person) -> list[str]:
    """The natural key of a person's contact in the CRM."""
    assert person.contact is not None
    return ["crm", CRM_SOURCE, person.contact]


def visitor_key(person: Person) -> list[str]:
    """The natural key of a person as a visitor of the website."""
    assert person.visitor is not None
    return ["web", NETWORKS["web"].source, person.visitor]


def is_logged_in(person: Person) -> bool:
    """Whether the website knows the visitor's address."""
    return person.visitor is not None and (person.contact is not None or person.account_on("discourse") is not None)


def contact_evidence(person: Person) -> str:
    """What ties a person's contact in the CRM to their first account."""
    if any(account.network == "discourse" for account in person.accounts) or "email" in person.evidence:
        return "email"
    return "link" if person.index % 10 < 7 else "name_and_place"


def choose_loud(people: list[Person]) -> list[Person]:
    """The people with many followers and no more replies than others."""
    counted = ("twitter", "mastodon", "bluesky")
    return [one for one in people[200:] if one.role is None and one.accounts[0].network in counted][: LOUD * 9 : 9]


def choose_shared_mailboxes(people: list[Person]) -> dict[str, list[Person]]:
    """Addresses that several people use, with these people."""
    members = [one for one in people if one.account_on("discourse") and not one.contact and not one.is_planted]
    hosts = ("ashfield-allotments", "tenants-of-mill-row", "staffroom-west", "kitchen-collective")
    return {f"info@{hosts[place]}.example": members[place * 3 : place * 3 + 3] for place in range(SHARED_MAILBOXES)}


def company_identities() -> Iterator[IdentityRecord]:
    """The accounts of the team, the competitors and the bots."""
    for member in TEAM:
        for account in member.accounts:
            yield _company_identity(account, organization=BRAND, is_team=True)
    for account in RIVAL_ACCOUNTS:
        yield _company_identity(account, organization=account.brand, is_team=None)
    for account in BOTS:
        record = _company_identity(account, organization=None, is_team=None)
        record.is_bot = True
        yield record


def _company_identity(account: StaffAccount, *, organization: str | None, is_team: bool | None) -> IdentityRecord:
    url = PROFILE_URLS.get(account.network, "https://www.sillgrove.example/about").format(handle=account.handle)
    record = _identity(account.network, account.native_id, account.handle, account.display_name, url)
    record.bio, record.organization, record.is_team = account.bio, organization, is_team
    record.followers = account.followers
    if account.network == "discourse":
        record.email, record.email_verified = f"{account.handle}@sillgrove.example", True
    return record


def _identity(network: str, native_id: str, handle: str | None, name: str | None, url: str | None) -> IdentityRecord:
    source = CRM_SOURCE if network == "crm" else NETWORKS[network].source
    return IdentityRecord(network, source, native_id, handle, name, url=url, observed_at=OBSERVED_AT)


class Accounts:
    """Writes the people's accounts as records."""

    def __init__(self, people: list[Person], buyers: list[Buyer], seed: int) -> None:
        self.people = people
        self.buyers = buyers
        self.rng = Random(f"{seed}:accounts")
        self.loud = {person.index for person in choose_loud(people)}
        self.mailbox = {
            person.index: address for address, group in choose_shared_mailboxes(people).items() for person in group
        }

    def records(self) -> Iterator[IdentityRecord]:
        """Every account, person by person, then the visitors whom nobody knows."""
        for person in self.people:
            for place, account in enumerate(person.accounts):
                yield self._account(person, account, person.evidence[place - 1] if place else "")
            if person.contact is not None:
                yield self._contact(person)
            if person.visitor is not None:
                yield self._visitor(person)
        for number in range(count_anonymous(self.people)):
            yield _identity("web", f"a-{number}", None, None, None)

    def _account(self, person: Person, account: Account, evidence: str) -> IdentityRecord:
        draw = self.rng.random
        url = PROFILE_URLS[account.network].format(handle=account.handle)
        record = _identity(account.network, account.native_id, account.handle, person.name, url)
        needs_name = evidence.startswith("name") or any(kind.startswith("name") for kind in person.evidence)
        if not needs_name and account.network != "discourse" and draw() < 0.4:
            record.display_name = person.first if draw() < 0.6 else account.handle.replace("_", " ")
        if evidence == "name_only":
            record.display_name = f"{person.first} {person.last[0]}."
        if evidence != "name_only" and (draw() < 0.5 or evidence or "name_and_place" in person.evidence):
            record.location = self._location(person, account.network)
        if account.network in ("discourse",) or evidence == "email" or (not evidence and "email" in person.evidence):
            record.email, record.email_verified = self.mailbox.get(person.index, person.email), True
        if account.network not in ("discourse", "reddit"):
            record.followers = self._followers(person)
        record.bio = self._bio(person) if draw() < 0.55 else None
        if evidence == "link":
            self._link(record, person.accounts[0])
        return record

    def _link(self, record: IdentityRecord, first: Account) -> None:
        """Point to the person's first account: as the profile's own link, or in the bio."""
        target = PROFILE_URLS[first.network].format(handle=first.handle)
        if record.network == "discourse" or self.rng.random() < 0.5:
            record.url = target
        else:
            record.bio = f"{record.bio}. Also {target}" if record.bio else f"Also {target}"

    def _location(self, person: Person, network: str) -> str:
        town, country = names.TOWNS[person.town][:2]
        return town if network == "twitter" and self.rng.random() < 0.4 else f"{town}, {country}"

    def _followers(self, person: Person) -> int:
        if person.index in self.loud:
            return int(self.rng.uniform(24_000, 90_000))
        middle = 7.6 if person.role == "influencer" else 4.4
        return int(self.rng.lognormvariate(middle, 1.0 if person.role is None else 0.5))

    def _bio(self, person: Person) -> str:
        words = draw_words(person.community, self.rng)
        words["city"] = names.TOWNS[person.town][0]
        words.setdefault("topic", words.topic.name.lower())
        bits = self.rng.sample(names.BIO_BITS, 2)
        text = ", ".join(say(bit, words, self.rng.random) for bit in bits)
        return text[0].upper() + text[1:]

    def _contact(self, person: Person) -> IdentityRecord:
        assert person.contact is not None
        record = _identity("crm", person.contact, None, person.name, None)
        record.email, record.email_verified = person.email, True
        record.location = "{}, {}".format(*names.TOWNS[person.town][:2])
        if contact_evidence(person) == "link":
            first = person.accounts[0]
            record.url = PROFILE_URLS[first.network].format(handle=first.handle)
        if person.organization is not None:
            buyer = self.buyers[person.organization]
            record.organization, record.organization_native_id = buyer.name, buyer.native_id
        return record

    def _visitor(self, person: Person) -> IdentityRecord:
        assert person.visitor is not None
        record = _identity("web", person.visitor, None, None, None)
        if is_logged_in(person):
            record.email, record.email_verified = person.email, True
        else:
            record.display_name = person.first
        return record


def count_anonymous(people: list[Person]) -> int:
    """How many visitors of the website nobody knows."""
    return int(len(people) * ANONYMOUS_VISITORS_SHARE)
