"""Deals with organisations: their stages over time, who of the organisation takes part, who of us holds them."""

from collections.abc import Iterator
from math import exp
from random import Random

from data_access.records import DealRecord, OrganizationRecord
from jobs.demo.calendar import DAYS, END, OBSERVED_AT, day_start, to_datetime
from jobs.demo.company import CRM_SOURCE, CURRENCY, SCHOOL_SET, WORK_PLAN
from jobs.demo.organizations import Buyer
from jobs.demo.people import Person

STAGES = ("lead", "opportunity", "proposal")
WON_SHARE = 0.46
VALUABLE_AMOUNT_MINOR = 18_400_00
_HOLDERS = ("Declan Boyle", "Declan Boyle", "Declan Boyle", "Niamh Farrell", "Tomasz Zielinski")


def organization_records(buyers: list[Buyer]) -> Iterator[OrganizationRecord]:
    """The organisations as records."""
    for buyer in buyers:
        yield OrganizationRecord(
            "crm",
            CRM_SOURCE,
            buyer.native_id,
            buyer.name,
            buyer.domain,
            buyer.sector,
            buyer.country,
            buyer.employees,
            observed_at=OBSERVED_AT,
        )


def deal_records(buyers: list[Buyer], people: list[Person], valuable: Person | None, seed: int) -> Iterator[DealRecord]:
    """Every deal as it stands at the end; the valuable person's one is open, and large."""
    rng = Random(f"{seed}:deals")
    members: dict[int, list[Person]] = {}
    for person in people:
        if person.organization is not None:
            members.setdefault(person.organization, []).append(person)
    number = 0
    for index, buyer in enumerate(buyers):
        contacts = members.get(index, [])
        for _ in range(rng.choice((1, 1, 2, 3)) if contacts else 0):
            number += 1
            yield _deal(number, buyer, contacts, rng)
    if valuable is not None and valuable.organization is not None:
        yield _open_deal(number + 1, buyers[valuable.organization], valuable)


def _deal(number: int, buyer: Buyer, contacts: list[Person], rng: Random) -> DealRecord:
    moment = day_start(int(rng.random() * (DAYS - 8))) + int(rng.uniform(9, 17) * 3600)
    stages: list[dict[str, str]] = []
    lost_at = len(STAGES) if rng.random() < WON_SHARE else 1 + int(rng.random() * len(STAGES))
    is_won: bool | None = None
    closed_at = None
    created = moment
    for stage in (*STAGES[:lost_at], "closed"):
        if moment >= END:
            break
        if stage == "closed":
            is_won = lost_at == len(STAGES) and rng.random() < 0.9
            stage, closed_at = ("won" if is_won else "lost"), to_datetime(moment)
        stages.append({"stage": stage, "entered_at": to_datetime(moment).isoformat()})
        moment += int(86_400 * 11 * exp(rng.gauss(0, 0.7)))
    product = SCHOOL_SET if buyer.sector == "education" else WORK_PLAN
    return DealRecord(
        "crm",
        CRM_SOURCE,
        f"D-{9_000 + number}",
        name=f"{buyer.name}: {product.name}",
        organization=buyer.native_id,
        owner=rng.choice(_HOLDERS),
        product=product.name,
        stage=stages[-1]["stage"],
        stages=stages,
        is_won=is_won,
        amount_minor=product.price_minor * (1 + int(rng.expovariate(0.5))),
        currency=CURRENCY,
        contacts=tuple(str(one.contact) for one in rng.sample(contacts, min(len(contacts), rng.choice((1, 1, 2, 3))))),
        created_at=to_datetime(created),
        closed_at=closed_at,
        observed_at=OBSERVED_AT,
    )


def _open_deal(number: int, buyer: Buyer, valuable: Person) -> DealRecord:
    moments = [day_start(DAYS - 40) + 36_000, day_start(DAYS - 22) + 40_000, day_start(DAYS - 6) + 50_000]
    stages = [
        {"stage": stage, "entered_at": to_datetime(moment).isoformat()}
        for stage, moment in zip(STAGES, moments, strict=True)
    ]
    return DealRecord(
        "crm",
        CRM_SOURCE,
        f"D-{9_000 + number}",
        name=f"{buyer.name}: second site",
        organization=buyer.native_id,
        owner="Declan Boyle",
        product=WORK_PLAN.name,
        stage=STAGES[-1],
        stages=stages,
        amount_minor=VALUABLE_AMOUNT_MINOR,
        currency=CURRENCY,
        contacts=(str(valuable.contact),),
        created_at=to_datetime(moments[0]),
        observed_at=OBSERVED_AT,
    )
