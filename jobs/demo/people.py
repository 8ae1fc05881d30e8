"""The people of the demo: who they are, where they have accounts, what they are like, which of them are planted."""

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp
from random import Random

from jobs.demo import names
from jobs.demo.calendar import DAYS
from jobs.demo.company import BOTS, HOMES, NETWORKS, PUBLIC, RIVAL_ACCOUNTS, TEAM

BASE_PEOPLE = 2_000
BASE_POSTS = 40_000
POSTS_PER_EXTRA_PERSON = 20
INFLUENCERS = 10
BROKERS = 3
SAME_PERSON_PLANTED = 250
COMMUNITIES = len(HOMES)
#: Communities whose people buy for an organisation: classrooms and offices.
BUSINESS = (3, 4)
EVIDENCE = ("email", "link", "handle", "name_and_place", "name_only")
_EVIDENCE_SHARES = (38, 66, 86, 97, 100)


@dataclass(slots=True)
class Account:
    """One account of a person: on which network, its id and handle there."""

    network: str
    native_id: str
    handle: str


@dataclass(slots=True)
class Person:
    """Somebody of the community. ``segment`` and ``is_attended`` are what the planted effect goes by."""

    index: int
    first: str
    last: str
    community: int
    town: int
    style: int
    activity: float
    attention: float
    join_day: int
    leave_day: int
    language: str = "en"
    accounts: list[Account] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    is_planted: bool = False
    contact: str | None = None
    visitor: str | None = None
    organization: int | None = None
    customer_day: int = 0
    order_rate: float = 0.0
    segment: str | None = None
    is_attended: bool = True
    role: str | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        host = names.MAIL_HOSTS[self.index % len(names.MAIL_HOSTS)]
        return f"{self.first}.{self.last}.{self.index}@{host}".lower()

    def account_on(self, network: str) -> Account | None:
        """Their account there, if they have one."""
        for account in self.accounts:
            if account.network == network:
                return account
        return None


def count_people(posts: int) -> int:
    """How many people a community of ``posts`` has: 2,000, and one for each 20 posts above 40,000.

    >>> count_people(3_000), count_people(40_000), count_people(1_000_000)
    (2000, 2000, 50000)
    """
    return BASE_PEOPLE + max(0, posts - BASE_POSTS) // POSTS_PER_EXTRA_PERSON


def make_people(posts: int, seed: int, *, styles: int) -> list[Person]:
    """Everybody, by index."""
    rng = Random(f"{seed}:people")
    count = count_people(posts)
    town_weights = list(accumulate(town[3] for town in names.TOWNS))
    people = [_make_person(index, rng, town_weights, styles) for index in range(count)]
    _plant_roles(people, rng)
    planted = _choose_planted(people, rng)
    handles = {network: _taken_handles(network) for network in NETWORKS}
    for person in people:
        _give_accounts(person, rng, handles, is_planted=person.index in planted)
        _give_customer_side(person, rng)
    return people


def _taken_handles(network: str) -> set[str]:
    staff = [account for member in TEAM for account in member.accounts]
    return {account.handle for account in (*staff, *RIVAL_ACCOUNTS, *BOTS) if account.network == network}


def _make_person(index: int, rng: Random, town_weights: list[int], styles: int) -> Person:
    town = bisect(town_weights, rng.random() * town_weights[-1])
    country, culture = names.TOWNS[town][1:3]
    if rng.random() < 0.12:
        culture = rng.choice(list(names.FIRST_NAMES))
    join = 0 if rng.random() < 0.55 else int(rng.random() * (DAYS - 20))
    stays = DAYS if rng.random() < 0.7 else join + 30 + int(rng.expovariate(1 / 140))
    tongue = names.TONGUES_OF.get(country)
    return Person(
        index=index,
        first=rng.choice(names.FIRST_NAMES[culture].split()),
        last=rng.choice(names.SURNAMES[culture].split()),
        community=index % COMMUNITIES,
        town=town,
        style=int(rng.random() * styles),
        activity=min(exp(rng.gauss(0, 0.85)), 6.0),
        attention=min(max(exp(rng.gauss(0, 0.28)), 0.5), 1.5),
        join_day=join,
        leave_day=min(stays, DAYS),
        language=tongue if tongue and rng.random() < 0.65 else "en",
    )


def _plant_roles(people: list[Person], rng: Random) -> None:
    """Ten influencers, spread over the communities, and three brokers; both stay from the first day to the last."""
    chosen = rng.sample(people[: BASE_PEOPLE - BASE_PEOPLE % COMMUNITIES], 400)
    planted: list[Person] = []
    for place in range(INFLUENCERS + BROKERS):
        person = next(one for one in chosen if one.community == place % COMMUNITIES and one not in planted)
        planted.append(person)
        person.role = "influencer" if place < INFLUENCERS else "broker"
        person.join_day, person.leave_day, person.language = 0, DAYS, "en"
        person.activity, person.attention = 4.0, 1.0


def _choose_planted(people: list[Person], rng: Random) -> set[int]:
    """Who has accounts on several networks on purpose: the brokers, and others at random."""
    brokers = [person.index for person in people if person.role == "broker"]
    others = [person.index for person in people[:BASE_PEOPLE] if person.role is None]
    return set(brokers + rng.sample(others, SAME_PERSON_PLANTED - BROKERS))


def _give_accounts(person: Person, rng: Random, handles: dict[str, set[str]], *, is_planted: bool) -> None:
    """Accounts and, for each but the first, what shows that it is the same person's."""
    home = HOMES[person.community]
    person.is_planted = is_planted
    if person.role == "broker":
        chosen = ["discourse", *(network.name for network in PUBLIC)]
    elif is_planted:
        others = [name for name in ("discourse", *(network.name for network in PUBLIC)) if name != home]
        first = "discourse" if rng.random() < 0.8 else rng.choice(others)
        rest = [name for name in others if name != first]
        chosen = [home, first, *rng.sample(rest, rng.choice((0, 0, 1, 1, 2)))]
    elif person.role == "influencer":
        chosen = [home, "discourse"]
    else:
        draw = rng.random()
        chosen = [home] if draw < 0.36 else ["discourse"] if draw < 0.58 else [home, "discourse"]
    base = _base_handle(person, rng)
    if any(base in handles[network] for network in chosen):
        base += str(person.index)
    for network in chosen:
        kind = _evidence_kind(rng) if person.accounts and is_planted else "email" if rng.random() < 0.5 else "link"
        handle = base if not person.accounts or kind == "handle" else _base_handle(person, rng)
        handle = _unique(handle, person.index, handles[network])
        person.accounts.append(Account(network, _native_id(network, person.index), handle))
        if len(person.accounts) > 1:
            person.evidence.append(kind)


def _evidence_kind(rng: Random) -> str:
    return EVIDENCE[bisect(_EVIDENCE_SHARES, rng.random() * 100)]


def _base_handle(person: Person, rng: Random) -> str:
    first, last = person.first.lower(), person.last.lower()
    word, noun = rng.choice(names.HANDLE_WORDS), rng.choice(names.HANDLE_NOUNS)
    forms = (
        f"{first}_{last}",
        f"{first}{last[0]}",
        f"{word}_{first}",
        f"{first}s_{noun}",
        f"{word}{noun}",
        f"{last}.{first}",
    )
    return rng.choice(forms).replace(".", "_") + (str(10 + int(rng.random() * 90)) if rng.random() < 0.3 else "")


def _unique(handle: str, index: int, taken: set[str]) -> str:
    if handle in taken:
        handle = f"{handle}{index}"
    taken.add(handle)
    return handle


def _native_id(network: str, index: int) -> str:
    number = 100_003 + index * 7
    forms = {"twitter": f"{2_000_000_000 + number}", "mastodon": f"11{number}", "reddit": f"t2_{number:x}"}
    return forms.get(network, f"did:plc:{number:08x}" if network == "bluesky" else str(1_000 + index))


def _give_customer_side(person: Person, rng: Random) -> None:
    """Whether they are in the CRM, for whom they buy, how often, and whether the team attends to them.

    Whether a customer is attended to is drawn at random given two things that anybody can see: where they mostly write
    and how much. Those two also go with how often they order, so that a comparison without matching is biased.
    """
    has_discourse = person.account_on("discourse") is not None
    if rng.random() < (0.35 if has_discourse else 0.65):
        person.visitor = f"v-{50_000 + person.index}"
    if rng.random() > (0.75 if has_discourse else 0.5):
        return
    is_heavy = person.activity > 1.3
    person.contact = f"C-{10_000 + person.index}"
    person.segment = "no_effect" if person.community in BUSINESS else "effect"
    person.is_attended = rng.random() < attended_share(has_discourse=has_discourse, is_heavy=is_heavy)
    person.order_rate = rng.gammavariate(2.5, 0.26 / 2.5) * (1.35 if is_heavy else 1.0)
    joined_before = rng.random() < 0.7
    person.customer_day = 0 if joined_before else min(person.join_day + int(rng.lognormvariate(3.3, 0.8)), DAYS)


def attended_share(*, has_discourse: bool, is_heavy: bool) -> float:
    """How likely the team attends to a customer's questions at all."""
    return 0.57 + (0.08 if has_discourse else 0) + (0.12 if is_heavy else 0)
