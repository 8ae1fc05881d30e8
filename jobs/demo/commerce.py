"""Orders with refunds, visits, deals; and the planted effect of being answered on later orders."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from math import pi, sin
from random import Random

import numpy as np

from data_access.records import OrderRecord, VisitRecord
from jobs.demo.calendar import CAMPAIGN_DAY, CAMPAIGN_DAYS, DAYS, END, OBSERVED_AT, day_of, moment_of_day, to_datetime
from jobs.demo.company import CRM_SOURCE, CURRENCY, PRODUCTS, SCHOOL_SET, WEB, Product
from jobs.demo.identities import count_anonymous
from jobs.demo.organizations import Buyer
from jobs.demo.people import Person

#: The planted effect: what being answered adds to a customer's orders, by segment, over ``EFFECT_DAYS`` days.
EXTRA_ORDERS = {"effect": 0.3, "no_effect": 0.0}
EFFECT_DAYS = 60
REFUND_SHARE = 0.045
VISITS_PER_POST = 0.2
VALUABLE_ORDER_RATE = 3.5
_PRODUCT_WEIGHTS = tuple(accumulate(product.weight for product in PRODUCTS))
_SOURCES = (
    ("newsletter", "email"),
    ("search", "organic"),
    ("search", "cpc"),
    ("community", "referral"),
    ("twitter", "social"),
    ("mastodon", "social"),
    ("bluesky", "social"),
    ("reddit", "social"),
    (None, None),
)
_CAMPAIGNS = ("pods-of-the-month", "club-launch", "gift-guide", "spring-sowing")
_PAGES = ("shop", "shop/duo", "shop/mini", "shop/pods", "club", "journal", "help", "schools", "work")


class Commerce:
    """What people buy and look at, day by day. Effect orders are scheduled as the team's answers come by."""

    def __init__(self, people: list[Person], buyers: list[Buyer], seed: int) -> None:
        self.people = people
        self.buyers = buyers
        self.rng = Random(f"{seed}:commerce")
        self.numpy_rng = np.random.default_rng([seed, 60])
        self.customers = [person for person in people if person.contact is not None]
        self.rates = list(accumulate(person.order_rate for person in self.customers))
        self.visitors = [person for person in people if person.visitor is not None]
        self.anonymous = count_anonymous(people)
        self.covered_until: dict[int, int] = {}
        self.due: dict[int, list[tuple[int, Person]]] = defaultdict(list)
        self.refunds: dict[int, list[OrderRecord]] = defaultdict(list)
        self.orders = self.visits = 0

    def answered(self, person: Person, second: int) -> None:
        """The team answered a customer: for ``EFFECT_DAYS`` days they order more, by the planted amount.

        Days that an earlier answer covers already are not counted twice, so after any answer it is exactly that.
        """
        extra = EXTRA_ORDERS.get(person.segment or "", 0.0)
        if not extra:
            return
        until = second + EFFECT_DAYS * 86_400
        since = max(second, self.covered_until.get(person.index, 0))
        self.covered_until[person.index] = until
        expected = extra * (until - since) / (EFFECT_DAYS * 86_400)
        for _ in range(int(self.numpy_rng.poisson(expected))):
            moment = since + int(self.rng.random() * (until - since))
            if moment < END:
                self.due[day_of(moment)].append((moment, person))

    def day_records(self, day: int, posts_today: int) -> Iterator[OrderRecord | VisitRecord]:
        """The orders, refunds and visits of a day."""
        moments = self.due.pop(day, [])
        wanted = int(self.numpy_rng.poisson(self.rates[-1] / 60 * _season(day))) if self.customers else 0
        for _ in range(wanted):
            person = self.customers[bisect(self.rates, self.rng.random() * self.rates[-1])]
            if person.customer_day <= day:
                moments.append((moment_of_day(day, self.rng), person))
        moments.sort(key=lambda pair: (pair[0], pair[1].index))
        for moment, person in moments:
            if moment < END:
                yield from self._order(person, moment)
        yield from self.refunds.pop(day, ())
        for _ in range(int(self.numpy_rng.poisson(posts_today * VISITS_PER_POST))):
            yield self._visit(self._draw_visitor(day), moment_of_day(day, self.rng))

    def _order(self, person: Person, moment: int) -> Iterator[OrderRecord | VisitRecord]:
        if person.visitor is not None:
            for _ in range(int(self.rng.random() * 3)):
                earlier = moment - 3600 - int(self.rng.random() * 6 * 86_400)
                yield self._visit(person.visitor, earlier)
            yield self._visit(person.visitor, moment - 240 - int(self.rng.random() * 2_400))
        product, quantity = self._draw_product(person)
        self.orders += 1
        order = OrderRecord(
            "crm",
            CRM_SOURCE,
            f"S-{100_000 + self.orders}",
            product.price_minor * quantity,
            CURRENCY,
            to_datetime(moment),
            identity=person.contact,
            organization=self.buyers[person.organization].native_id if person.organization is not None else None,
            product=product.name,
            quantity=quantity,
            observed_at=OBSERVED_AT,
        )
        yield order
        if self.rng.random() < REFUND_SHARE:
            self._schedule_refund(order, moment)

    def _draw_product(self, person: Person) -> tuple[Product, int]:
        draw = self.rng.random
        product = PRODUCTS[bisect(_PRODUCT_WEIGHTS, draw() * _PRODUCT_WEIGHTS[-1])]
        if person.organization is None:
            return product, 1 if draw() < 0.72 or product.price_minor > 10_000 else 2 + int(draw() * 2)
        if person.community == 3 and draw() < 0.05:
            return SCHOOL_SET, 1
        return product, 1 + int(draw() * 4)

    def _schedule_refund(self, order: OrderRecord, moment: int) -> None:
        later = moment + int((3 + self.rng.random() * 17) * 86_400)
        if later >= END:
            return
        refund = OrderRecord(
            "crm",
            CRM_SOURCE,
            f"R-{order.native_id[2:]}",
            -order.amount_minor,
            CURRENCY,
            to_datetime(later),
            identity=order.identity,
            organization=order.organization,
            refund_of=order.native_id,
            product=order.product,
            quantity=order.quantity,
            observed_at=OBSERVED_AT,
        )
        self.refunds[day_of(later)].append(refund)

    def _draw_visitor(self, day: int) -> str:
        if self.visitors and self.rng.random() < 0.7:
            for _ in range(4):
                person = self.visitors[int(self.rng.random() * len(self.visitors))]
                if person.join_day <= day and person.visitor is not None:
                    return person.visitor
        return f"a-{int(self.rng.random() * self.anonymous)}"

    def _visit(self, visitor: str, moment: int) -> VisitRecord:
        draw = self.rng.random
        self.visits += 1
        page = _PAGES[int(draw() * len(_PAGES))]
        source, medium = _SOURCES[int(draw() * len(_SOURCES))]
        campaign = None
        if medium in ("email", "cpc", "social") and draw() < 0.6:
            in_campaign = CAMPAIGN_DAY <= day_of(moment) < CAMPAIGN_DAY + CAMPAIGN_DAYS
            campaign = "sill-to-table" if in_campaign and draw() < 0.6 else _CAMPAIGNS[int(draw() * len(_CAMPAIGNS))]
        return VisitRecord(
            "web",
            WEB.source,
            f"visit-{self.visits}",
            visitor,
            to_datetime(max(moment, _FIRST_SECOND)),
            channel="journal" if page == "journal" else "site",
            url=f"https://www.sillgrove.example/{page}",
            utm_source=source,
            utm_medium=medium,
            utm_campaign=campaign,
            observed_at=OBSERVED_AT,
        )


def _season(day: int) -> float:
    """How much more than on average is bought on a day: spring and the weeks before Christmas."""
    share = ((day + 147) % 365) / 365
    return 1 + 0.18 * sin(2 * pi * (share - 0.08)) + (0.35 if 0.9 < share < 0.98 else 0.0)


_FIRST_SECOND = END - DAYS * 86_400 + 7_200
