"""A generated community, sorted by table, with the look-ups that the tests share."""

from collections import Counter, defaultdict
from functools import cached_property
from typing import Any

from data_access.records import IdentityRecord, OrderRecord, PostRecord, Record
from jobs.demo import DemoCommunity, generate

Key = tuple[str, str, str]


def key_of(record: Any) -> Key:
    return record.network, record.source, record.native_id


class Loaded:
    """All records of one community in memory, and its truth."""

    def __init__(self, posts: int, seed: int = 1) -> None:
        self.community: DemoCommunity = generate(posts=posts, seed=seed)
        self.records: list[Record] = list(self.community.records())
        self.truth: dict[str, Any] = self.community.truth()
        self.by_type: dict[str, list[Any]] = defaultdict(list)
        for record in self.records:
            self.by_type[type(record).__name__].append(record)
        self.posts: list[PostRecord] = self.by_type["PostRecord"]
        self.post_by_key = {key_of(post): post for post in self.posts}

    @cached_property
    def identities(self) -> dict[Key, IdentityRecord]:
        return {key_of(one): one for one in self.by_type["IdentityRecord"]}

    @cached_property
    def team(self) -> set[Key]:
        return {key for key, identity in self.identities.items() if identity.is_team}

    @cached_property
    def person_of(self) -> dict[Key, str]:
        """Whose an account is, by the truth."""
        people = self.truth["people"]
        return {tuple(account): person for person, one in people.items() for account in one["accounts"]}

    def author(self, post: PostRecord) -> Key:
        return post.network, post.source, str(post.author)

    def parent(self, post: PostRecord) -> PostRecord | None:
        return self.post_by_key[post.network, post.source, post.parent] if post.parent is not None else None

    @cached_property
    def replies(self) -> Counter[tuple[str, str]]:
        """(who answered, whom) -> how often, between people: no team, no bots, no companies, nobody to themselves."""
        counts: Counter[tuple[str, str]] = Counter()
        for post in self.posts:
            parent = self.parent(post)
            if parent is None or post.kind == "share":
                continue
            left, right = self.person_of.get(self.author(post)), self.person_of.get(self.author(parent))
            if left and right and left != right:
                counts[left, right] += 1
        return counts

    @cached_property
    def team_answers(self) -> list[tuple[PostRecord, PostRecord]]:
        """(the team's reply, the person's post that it answers)."""
        pairs = []
        for post in self.posts:
            parent = self.parent(post)
            if parent is not None and self.author(post) in self.team and self.author(parent) in self.person_of:
                pairs.append((post, parent))
        return pairs

    @cached_property
    def orders(self) -> dict[str, list[OrderRecord]]:
        """Orders by contact, without refunds."""
        orders: dict[str, list[OrderRecord]] = defaultdict(list)
        for order in self.by_type["OrderRecord"]:
            if order.refund_of is None:
                orders[order.identity].append(order)
        return orders
