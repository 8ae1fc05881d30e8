"""The organisations that buy from Sillgrove, and who of the people buys for which."""

from dataclasses import dataclass
from random import Random

from jobs.demo import names
from jobs.demo.people import Person

PEOPLE_PER_ORGANIZATION = 4


@dataclass(frozen=True, slots=True)
class Buyer:
    """An organisation in the CRM."""

    native_id: str
    name: str
    domain: str
    sector: str
    country: str
    employees: int


def make_organizations(people: list[Person], seed: int) -> list[Buyer]:
    """One for about every four customers of the school and office communities, who are told for whom they buy."""
    rng = Random(f"{seed}:organizations")
    buyers: list[Buyer] = []
    taken: set[str] = set()
    for community, is_school in ((3, True), (4, False)):
        members = [one for one in people if one.community == community and one.contact]
        count = max(1, len(members) // PEOPLE_PER_ORGANIZATION)
        first = len(buyers)
        buyers += [_make_buyer(first + place, rng, taken, is_school=is_school) for place in range(count)]
        for person in members:
            person.organization = first + int(rng.random() * count)
    return buyers


def _make_buyer(index: int, rng: Random, taken: set[str], *, is_school: bool) -> Buyer:
    town, country = names.TOWNS[int(rng.random() * len(names.TOWNS))][:2]
    first = rng.choice(names.ORGANIZATION_FIRST)
    kind, sector = (rng.choice(names.SCHOOL_KINDS), "education") if is_school else rng.choice(names.WORK_KINDS)
    name = f"{first} {kind}"
    name = name if name not in taken else f"{name} {town}"
    name = name if name not in taken else f"{name} {index}"
    taken.add(name)
    domain = name.lower().replace(" ", "-") + ".example"
    employees = int(rng.lognormvariate(3.6, 0.9)) + 5
    return Buyer(f"O-{500 + index}", name, domain, sector, country, employees)
