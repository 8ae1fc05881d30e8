"""What was planted can be found again in the records, with the strength that the truth states."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from math import sqrt
from statistics import mean, median, variance

import networkx as nx
import pytest

from data_access.records import PostRecord
from jobs.demo.company import NETWORKS, QUESTION_CHANNELS
from jobs.demo.generate import NO_TONE
from jobs.demo.words import PROBLEMS
from tests.demo.loaded import Key, Loaded

Pairs = list[tuple[str, str]]


@pytest.fixture(scope="module")
def graph(full: Loaded) -> nx.Graph:
    """Who talks with whom, both ways added up."""
    web = nx.Graph()
    for (left, right), count in sorted(full.replies.items()):
        weight = web.get_edge_data(left, right, {"weight": 0})["weight"]
        web.add_edge(left, right, weight=weight + count)
    return web


def adjusted_rand(labels: Pairs) -> float:
    """Hubert and Arabie (1985), from (one partition's label, the other's)."""

    def pairs(counts: Counter[str] | Counter[tuple[str, str]]) -> int:
        return sum(count * (count - 1) // 2 for count in counts.values())

    both, left, right = Counter(labels), Counter(one for one, _ in labels), Counter(two for _, two in labels)
    total = len(labels) * (len(labels) - 1) // 2
    expected = pairs(left) * pairs(right) / total
    return (pairs(both) - expected) / ((pairs(left) + pairs(right)) / 2 - expected)


def test_adjusted_rand_is_one_when_partitions_agree_and_half_when_a_pair_moved() -> None:
    assert adjusted_rand([("a", "x"), ("a", "x"), ("b", "y"), ("b", "y")]) == 1
    assert adjusted_rand([("a", "x"), ("a", "x"), ("a", "y"), ("b", "y")]) == pytest.approx(0.0, abs=1e-9)


def test_each_influencer_gets_3_to_6_times_the_medians_replies(full: Loaded) -> None:
    received: Counter[str] = Counter()
    for (_, author), count in full.replies.items():
        received[author] += count
    writers = {full.person_of[full.author(post)] for post in full.posts if full.author(post) in full.person_of}
    middle = median(received[person] for person in writers)
    planted = full.truth["influencers"]
    low, high = planted["times_the_median"]
    assert middle >= 5
    assert len(planted["people"]) == 10
    for one in planted["people"]:
        assert low <= received[one["person"]] / middle <= high
    top = {person for person, _ in received.most_common(15)}
    assert {one["person"] for one in planted["people"]} <= top


def test_many_followers_do_not_mean_many_replies(full: Loaded) -> None:
    followers = defaultdict(int)
    for key, person in full.person_of.items():
        followers[person] = max(followers[person], full.identities[key].followers or 0)
    loud = full.truth["influencers"]["many_followers_few_replies"]
    assert set(sorted(followers, key=lambda person: -followers[person])[:6]) == set(loud)
    received: Counter[str] = Counter()
    for (_, author), count in full.replies.items():
        received[author] += count
    assert max(received[person] for person in loud) < min(
        received[one["person"]] for one in full.truth["influencers"]["people"]
    )


def test_the_three_brokers_lead_in_betweenness(full: Loaded, graph: nx.Graph) -> None:
    between = nx.betweenness_centrality(graph, k=150, seed=1)
    top = sorted(between, key=lambda person: -between[person])[:10]
    assert set(full.truth["brokers"]) <= set(top)


def test_the_brokers_talk_with_most_communities(full: Loaded, graph: nx.Graph) -> None:
    people = full.truth["people"]
    for broker in full.truth["brokers"]:
        share = Counter(people[other]["community"] for other in graph[broker])
        assert len(share) >= 6
        assert max(share.values()) / share.total() < 0.5


def test_louvain_finds_the_communities(full: Loaded, graph: nx.Graph) -> None:
    found = nx.community.louvain_communities(graph, weight="weight", seed=1)
    labels = [
        (str(place), full.truth["people"][one]["community"]) for place, group in enumerate(found) for one in group
    ]
    assert len(labels) > 1_700
    assert len({community for _, community in labels}) == 7
    assert adjusted_rand(labels) >= 0.8


def test_the_day_of_the_outage_is_loud_negative_and_says_why(full: Loaded) -> None:
    crisis = full.truth["crisis"]
    day = date.fromisoformat(crisis["day"])
    days = Counter(post.occurred_at.date() for post in full.posts)
    usual = median(days[day - timedelta(days=7 * week)] for week in range(1, 9))
    low, high = crisis["times_the_volume"]
    assert low <= days[day] / usual <= high
    that_day = [
        (post, tone)
        for post, tone in zip(full.posts, full.community.tones, strict=True)
        if post.occurred_at.date() == day and tone != NO_TONE
    ]
    assert mean(tone == -1 for _, tone in that_day) >= crisis["negative_share_at_least"]
    words = ("outage", "offline", "cloud", "server", "down", "red", "status", "cannot reach")
    assert mean(any(word in post.text.lower() for word in words) for post, _ in that_day) > 0.5


def test_the_hashtag_is_taken_over_for_four_days(full: Loaded) -> None:
    hijack = full.truth["hijacked_hashtag"]
    mocking = {tuple(key) for key in hijack["posts"]}
    on: list[bool] = []
    off: list[bool] = []
    for post in full.posts:
        is_ours = (post.network, post.source, post.native_id) in mocking
        if hijack["hashtag"].lower() in post.text.lower() and full.author(post) not in full.team:
            (on if post.occurred_at.date().isoformat() in hijack["days"] else off).append(is_ours)
    assert len(hijack["days"]) == 4
    assert len(on) / 4 > 3 * len(off) / 31
    assert mean(on) >= hijack["mockery_share_at_least"]
    assert mean(off) <= 0.05


def test_questions_at_the_wrong_account_are_the_ones_listed(full: Loaded) -> None:
    purposes = {
        (channel.network, channel.source, channel.native_id): (channel.purpose, channel.brand, channel.kind)
        for channel in full.by_type["ChannelRecord"]
    }
    found = {
        (post.network, post.source, post.native_id)
        for post in full.posts
        if post.kind == "question"
        and purposes[post.network, post.source, post.channel] == ("marketing", "Sillgrove", "public")
    }
    listed = {tuple(one["post"]) for one in full.truth["wrong_account"]}
    assert found == listed
    assert len(listed) > 60


def test_questions_at_the_wrong_account_are_answered_less(full: Loaded) -> None:
    wrong = {tuple(one["post"]) for one in full.truth["wrong_account"]}
    answered = {(post.network, post.source, post.native_id) for _, post in full.team_answers}
    right = {
        (post.network, post.source, post.native_id)
        for post in full.posts
        if post.kind == "question" and QUESTION_CHANNELS.get(post.network) == post.channel
    }
    assert len(wrong & answered) / len(wrong) < 0.75 * len(right & answered) / len(right)
    assert 0.5 < len(right & answered) / len(right) < 0.9


def first_moments(full: Loaded) -> tuple[dict[str, PostRecord], dict[str, PostRecord]]:
    """For each person: their first question, and the team's first answer to them."""
    asked: dict[str, PostRecord] = {}
    answered: dict[str, PostRecord] = {}
    for post in full.posts:
        person = full.person_of.get(full.author(post))
        if person is not None and post.kind == "question":
            asked.setdefault(person, post)
    for answer, post in full.team_answers:
        answered.setdefault(full.person_of[full.author(post)], answer)
    return asked, answered


def orders_after(full: Loaded, segment: str) -> tuple[list[int], list[int]]:
    """Orders in the 60 days after the first answer; and after the first question of those who were never answered."""
    asked, answered = first_moments(full)
    effect = full.truth["answer_effect"]
    window = timedelta(days=effect["window_days"])
    last = full.posts[-1].occurred_at
    counts: tuple[list[int], list[int]] = ([], [])
    contacts = {key[2]: person for key, person in full.person_of.items() if key[0] == "crm"}
    for contact in effect["segments"][segment]["contacts"]:
        start = answered.get(contacts[contact]) or asked.get(contacts[contact])
        if start is None or start.occurred_at + window > last:
            continue
        after = sum(start.occurred_at < one.occurred_at <= start.occurred_at + window for one in full.orders[contact])
        counts[contacts[contact] not in answered].append(after)
    return counts


def difference(with_answer: list[int], without: list[int]) -> tuple[float, float]:
    """The difference of the means, and its standard error."""
    error = sqrt(variance(with_answer) / len(with_answer) + variance(without) / len(without))
    return mean(with_answer) - mean(without), error


def test_being_answered_goes_with_the_planted_number_of_later_orders(full: Loaded) -> None:
    planted = full.truth["answer_effect"]["segments"]["effect"]["extra_orders"]
    found, error = difference(*orders_after(full, "effect"))
    assert planted == 0.3
    assert abs(found - planted) < 3 * error
    assert found > 2 * error


def test_being_answered_goes_with_nothing_in_the_group_without_effect(full: Loaded) -> None:
    found, error = difference(*orders_after(full, "no_effect"))
    assert full.truth["answer_effect"]["segments"]["no_effect"]["extra_orders"] == 0
    assert abs(found) < 3 * error


def test_customers_whom_the_team_does_not_attend_to_are_never_answered(full: Loaded) -> None:
    _, answered = first_moments(full)
    contacts = {key[2]: person for key, person in full.person_of.items() if key[0] == "crm"}
    attended = {contacts[contact] for contact in full.truth["answer_effect"]["attended"]}
    assert not (set(contacts.values()) - attended) & set(answered)


def test_people_with_several_accounts_show_the_evidence_that_the_truth_names(full: Loaded) -> None:
    planted = [one for one in full.truth["people"].values() if one["is_planted"]]
    assert len(planted) == 250
    kinds: Counter[str] = Counter()
    for one in planted:
        accounts = [tuple(key) for key in one["accounts"] if key[0] not in ("crm", "web")]
        assert 2 <= len(accounts) <= 5
        for other, kind in zip(accounts[1:], one["evidence"], strict=False):
            kinds[kind] += 1
            assert shows(full, accounts[0], other, kind), (accounts[0], other, kind)
    assert set(kinds) == {"email", "link", "handle", "name_and_place", "name_only"}
    assert kinds["name_only"] / kinds.total() < 0.08


def shows(full: Loaded, first: Key, other: Key, kind: str) -> bool:
    """Whether two accounts show that kind of evidence."""
    left, right = full.identities[first], full.identities[other]
    if kind == "email":
        return left.email is not None and left.email == right.email
    if kind == "link":
        return str(left.handle) in f"{right.url} {right.bio}"
    if kind == "handle":
        return left.handle == right.handle
    similar = str(right.display_name).split()[0] == str(left.display_name).split()[0]
    return similar and (kind == "name_only" or (left.location is not None and right.location is not None))


def test_every_contact_is_tied_to_an_account_as_the_truth_says(full: Loaded) -> None:
    ties: Counter[str] = Counter()
    for one in full.truth["people"].values():
        contact = next((tuple(key) for key in one["accounts"] if key[0] == "crm"), None)
        if contact is None:
            continue
        accounts = [tuple(key) for key in one["accounts"] if key[0] not in ("crm", "web")]
        kind = one["evidence"][len(accounts) - 1]
        ties[kind] += 1
        if kind == "email":
            emails = {full.identities[key].email for key in accounts}
            assert full.identities[contact].email in emails
        if kind == "link":
            assert str(full.identities[accounts[0]].handle) in str(full.identities[contact].url)
    assert ties.total() > 1_000
    assert ties["email"] / ties.total() > 0.6


def test_accounts_that_look_alike_belong_to_different_people(full: Loaded) -> None:
    for address, people in full.truth["look_alikes"]["shared_email"].items():
        accounts = [key for key, identity in full.identities.items() if identity.email == address]
        assert {full.person_of[key] for key in accounts} == set(people)
        assert len(people) == 3
    assert len(full.truth["look_alikes"]["same_name"]) > 10


def group_of_title(title: str) -> str | None:
    """The group of the problem that a topic's title names, if it names one."""
    for problem in PROBLEMS:
        for label in problem.label.strip("[]").split("|"):
            if "{" not in label and label in title.lower():
                return problem.group
    return None


def test_the_experts_answer_most_of_what_they_know(full: Loaded) -> None:
    names = {key[2]: str(one.display_name) for key, one in full.identities.items() if key in full.team}
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for answer, post in full.team_answers:
        group = group_of_title(post.title or "") if post.channel == "help" else None
        if group is not None:
            answers[group][names[str(answer.author)]] += 1
    experts = full.truth["experts"]["groups"]
    assert set(answers) == set(experts) - {"offices"}
    for group, counts in answers.items():
        leader, count = counts.most_common(1)[0]
        assert leader.split()[0].lower() == experts[group]
        assert count / counts.total() > 0.7


def test_a_valuable_customers_complaint_is_open_on_the_last_day(full: Loaded) -> None:
    case = full.truth["open_case"]
    post = full.post_by_key[tuple(case["post"])]
    assert post.occurred_at.date() == date(2026, 6, 30)
    assert not any(one.parent == post.native_id and one.network == post.network for one in full.posts)
    contact = next(key[2] for key in full.truth["people"][case["person"]]["accounts"] if key[0] == "crm")
    assert len(full.orders[contact]) >= 10
    deals = [deal for deal in full.by_type["DealRecord"] if contact in deal.contacts and deal.is_won is None]
    assert max(deal.amount_minor for deal in deals) == 1_840_000


def test_some_questions_are_open_at_the_end(full: Loaded) -> None:
    answered = {(post.network, post.source, post.native_id) for _, post in full.team_answers}
    recent = [
        post
        for post in full.posts
        if post.kind == "question" and post.occurred_at > full.posts[-1].occurred_at - timedelta(days=2)
    ]
    assert sum((post.network, post.source, post.native_id) not in answered for post in recent) >= 5


def test_the_company_has_all_that_the_pages_show(full: Loaded) -> None:
    kinds = Counter(channel.kind for channel in full.by_type["ChannelRecord"])
    voices = {channel.voice for channel in full.by_type["ChannelRecord"]}
    assert set(kinds) == {"public", "hub", "private"}
    assert kinds["private"] >= 8
    assert {"corporate", "personal", "hybrid"} <= voices
    assert {post.network for post in full.posts} == set(NETWORKS)
    assert sum(bool(identity.is_bot) for identity in full.identities.values()) == 2
    assert {feedback.kind for feedback in full.by_type["FeedbackRecord"]} == {"csat", "nps", "poll"}
    assert {deal.is_won for deal in full.by_type["DealRecord"]} == {True, False, None}
    assert {one.kind for one in full.by_type["InteractionRecord"]} == {"like", "follow", "vote"}
    assert any(visit.utm_campaign for visit in full.by_type["VisitRecord"])
    assert {post.kind for post in full.posts} == {"post", "reply", "comment", "share", "question", "review", "check_in"}
