"""Whatever a record names exists, and came before it where it must."""

from datetime import timedelta

from jobs.demo.calendar import OBSERVED_AT
from jobs.demo.company import CRM_SOURCE
from tests.demo.loaded import Loaded, key_of


def test_every_post_has_an_author_and_a_channel_that_exist(full: Loaded) -> None:
    channels = {key_of(channel) for channel in full.by_type["ChannelRecord"]}
    for post in full.posts:
        assert full.author(post) in full.identities
        assert (post.network, post.source, post.channel) in channels


def test_every_parent_exists_and_is_older(full: Loaded) -> None:
    answers = [post for post in full.posts if post.parent is not None]
    assert len(answers) > 15_000
    for post in answers:
        parent = full.parent(post)
        assert parent is not None
        assert parent.occurred_at < post.occurred_at
        assert post.parent_author == parent.author
        assert post.channel == parent.channel


def test_every_root_is_the_start_of_the_thread(full: Loaded) -> None:
    for post in full.posts:
        if post.kind in ("share",) or post.parent is None:
            assert post.root is None
            continue
        top = post
        while (parent := full.parent(top)) is not None:
            top = parent
        assert post.root == top.native_id


def test_every_mention_is_of_an_account_on_the_same_network(full: Loaded) -> None:
    mentions = [(post.network, post.source, one) for post in full.posts for one in post.mentions]
    assert len(mentions) > 1_000
    assert all(mention in full.identities for mention in mentions)


def test_every_channel_has_a_brand_and_an_owner_that_exist(small: Loaded) -> None:
    brands = {brand.name for brand in small.by_type["BrandRecord"]}
    for channel in small.by_type["ChannelRecord"]:
        assert channel.brand is None or channel.brand in brands
        assert channel.owner is None or (channel.network, channel.source, channel.owner) in small.identities


def test_every_interaction_visit_and_answer_names_accounts_and_posts_that_exist(full: Loaded) -> None:
    for one in full.by_type["InteractionRecord"]:
        assert (one.network, one.source, one.actor) in full.identities
        assert (one.network, one.source, one.target) in full.identities
        assert one.post is None or full.post_by_key[one.network, one.source, one.post].occurred_at < one.occurred_at
    for visit in full.by_type["VisitRecord"]:
        assert (visit.network, visit.source, visit.identity) in full.identities
    for feedback in full.by_type["FeedbackRecord"]:
        assert (feedback.network, feedback.source, feedback.identity) in full.identities
        assert feedback.about is None or (feedback.network, feedback.source, feedback.about) in full.post_by_key


def test_every_order_and_deal_names_contacts_and_organizations_that_exist(full: Loaded) -> None:
    organizations = {one.native_id for one in full.by_type["OrganizationRecord"]}
    contacts = {key[2] for key in full.identities if key[:2] == ("crm", CRM_SOURCE)}
    for order in full.by_type["OrderRecord"]:
        assert order.identity in contacts
        assert order.organization is None or order.organization in organizations
    for deal in full.by_type["DealRecord"]:
        assert deal.organization in organizations
        assert deal.contacts
        assert set(deal.contacts) <= contacts
        times = [stage["entered_at"] for stage in deal.stages]
        assert times == sorted(times)
        assert (deal.closed_at is None) == (deal.is_won is None)


def test_every_refund_takes_back_an_earlier_order_in_full(full: Loaded) -> None:
    orders = {order.native_id: order for order in full.by_type["OrderRecord"] if order.refund_of is None}
    refunds = [order for order in full.by_type["OrderRecord"] if order.refund_of is not None]
    assert len(refunds) > 50
    for refund in refunds:
        order = orders[refund.refund_of]
        assert refund.amount_minor == -order.amount_minor < 0
        assert timedelta(days=3) <= refund.occurred_at - order.occurred_at <= timedelta(days=20)


def test_nothing_happens_after_the_end(full: Loaded) -> None:
    for record in full.records:
        for name in ("occurred_at", "edited_at", "deleted_at", "created_at", "closed_at"):
            moment = getattr(record, name, None)
            assert moment is None or moment < OBSERVED_AT


def test_replies_and_shares_are_counted_as_the_posts_show_them(small: Loaded) -> None:
    answers = dict.fromkeys(small.post_by_key, 0)
    for post in small.posts:
        if post.parent is not None and post.kind != "share":
            answers[post.network, post.source, post.parent] += 1
    for key, post in small.post_by_key.items():
        assert post.replies is None or post.replies == answers[key]


def test_counts_are_null_where_the_network_does_not_report_them(small: Loaded) -> None:
    for post in small.posts:
        assert (post.views is None) == (post.network not in ("twitter", "discourse"))
        assert (post.shares is None) == (post.network in ("reddit", "discourse", "web"))
        assert (post.language is None) == (post.network in ("reddit", "discourse", "web"))
