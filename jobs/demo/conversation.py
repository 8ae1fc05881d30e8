"""Whole conversations: somebody starts, people and the team answer, the first one comes back to say how it went."""

from math import exp
from random import Random

from data_access.records import PostRecord
from jobs.demo import calendar, moves, names, staff, texts
from jobs.demo.calendar import END, after_waking, moment_of_day, to_datetime
from jobs.demo.company import NETWORKS, Network, StaffAccount
from jobs.demo.draft import Draft
from jobs.demo.grammar import pick, say
from jobs.demo.network import Network as Web
from jobs.demo.people import Account, Person
from jobs.demo.phrases import events, team
from jobs.demo.phrases.more_topics import TOPICS
from jobs.demo.style import PLAIN_STYLE, Style
from jobs.demo.words import PROBLEMS, Words

FOLLOW_UP_SHARE = 0.28
SHARED_SHARE = 0.055
FOREIGN_SHARE = 0.62
SARCASM_SHARE = 0.14
_WITH_CAMPAIGN_TAG = ("campaign", "campaign_plain", "mockery")
_TO_US = ("question", "complaint", "gripe", "outage", "praise", "compare_bad", "idea")
_URLS = {
    "twitter": "https://tweets.example/{handle}/status/{id}",
    "mastodon": "https://gardens.example/@{handle}/{id}",
    "bluesky": "https://sky.example/profile/{handle}/post/{id}",
    "reddit": "https://reddit.example/{channel}/comments/{id}",
    "discourse": "https://community.sillgrove.example/t/{id}",
    "web": "https://www.sillgrove.example/{channel}#c{id}",
}


class Conversations:
    """Writes conversations, one at a time, as drafts in the order of time."""

    def __init__(self, people: list[Person], web: Web, styles: list[Style], seed: int) -> None:
        self.people = people
        self.web = web
        self.styles = styles
        self.rng = Random(f"{seed}:conversations")
        self.number = 0

    # -- by people ---------------------------------------------------------------------------------------------------

    def by_anybody(self, day: int) -> list[Draft]:
        """A conversation that one of the people starts on ``day``; empty where nobody is found."""
        author = self.web.draw_author(day)
        if author is None:
            return []
        network = moves.draw_network(author, self.rng)
        move = moves.draw_move(day, NETWORKS[network].has_tags, self.rng)
        if move in ("comment", "review_good", "review_bad", "review"):
            if author.visitor is not None:
                return [self._on_website(author, move, day)]
            move = "praise"
        is_busy = move.startswith("outage") or move == "mockery"
        wanted = self.web.count_replies(author, day)
        return self.by_person(author, network, move, moment_of_day(day, self.rng), min(wanted, 2) if is_busy else wanted)

    def by_influencer(self, author: Person, day: int, replies: int) -> list[Draft]:
        """A conversation of an influencer that gets ``replies`` replies."""
        network = author.accounts[0].network if self.rng.random() < 0.6 else author.accounts[1].network
        move = pick(("tip", "proud_update", "praise", "update", "how_to", "link", "compare", "idea"), self.rng.random)
        return self.by_person(author, network, move, moment_of_day(day, self.rng), replies)

    def by_person(
        self, author: Person, network_name: str, move: str, second: int, replies: int, *, is_open: bool = False
    ) -> list[Draft]:
        """A conversation that starts with ``move`` at ``second``, with ``replies`` people who answer; where it
        ``is_open`` nobody does."""
        network = NETWORKS[network_name]
        channel = moves.draw_channel(move, author, network_name, self.rng)
        root = self._root(author, network, channel, move, second)
        drafts = [root]
        self.web.has_posted[author.index] = True
        if is_open:
            return drafts
        if root.words is None:
            self._team_answers(drafts, root, network)
            return drafts
        self._people_answer(drafts, root, network, replies)
        self._team_answers(drafts, root, network)
        self._shares(drafts, root, network)
        drafts.sort(key=lambda draft: draft.second)
        return drafts

    def _words(self, author: Person, move: str) -> Words:
        topic = TOPICS[author.community]
        problem = pick_problem(author, self.rng) if move in ("question", "complaint", "review_bad") else None
        how_to = topic.how_tos[int(self.rng.random() * len(topic.how_tos))] if move == "how_to" else None
        words = Words(topic, self.rng, problem=problem, how_to=how_to)
        words["city"] = names.TOWNS[author.town][0]
        return words

    def _root(self, author: Person, network: Network, channel: str, move: str, second: int) -> Draft:
        account = author.account_on(network.name)
        assert account is not None
        if author.language != "en" and move not in moves.KINDS and self.rng.random() < FOREIGN_SHARE:
            return self._foreign_root(author, account, network, channel, second)
        words = self._words(author, move)
        place = staff.PLACES[network.name, channel]
        lead, mentions = "", ()
        if network.has_tags and place.owner is not None and move in _TO_US and self.rng.random() < 0.7:
            lead, mentions = f"@{place.owner.handle} ", (place.owner.native_id,)
        tail = texts.campaign_tail(self.rng) if move in _WITH_CAMPAIGN_TAG else self._link(network, words)
        style = self.styles[author.style]
        kind = texts.MOVES[move]
        if move == "complaint" and self.rng.random() < SARCASM_SHARE:
            kind = texts.MOVES["sarcasm"]
        text = texts.write(kind, words, style, network, self.rng, lead=lead, tail=tail)
        record = self._record(network, channel, account, second, text, kind=moves.KINDS.get(move, "post"))
        record.mentions = mentions
        if network.has_titles:
            record.title = texts.title(move, words, self.rng)
        if move == "check_in":
            spot = next(spot for spot in names.SPOTS if spot[0] == words["spot"])
            record.place, record.latitude, record.longitude = f"{spot[0]}, {spot[1]}", spot[2], spot[3]
        is_wrong = move == "question" and staff.is_wrong_account(place)
        return Draft(second, record, kind.tone, move, words, author, is_wrong_account=is_wrong)

    def _foreign_root(self, author: Person, account: Account, network: Network, channel: str, second: int) -> Draft:
        draw = self.rng.random
        tone = (1, 0, -1, 2)[int(draw() * 4)]
        channel = channel if tone == 2 else moves.draw_channel("praise", author, network.name, self.rng)
        if tone == 2:
            channel = moves.QUESTION_CHANNELS[network.name]
        words = self._words(author, "praise")
        text = texts.write_foreign(author.language, tone, words, self.styles[author.style], network, self.rng)
        record = self._record(network, channel, account, second, text, kind="question" if tone == 2 else "post")
        record.language = author.language if network.has_language else None
        if network.has_titles:
            record.title = text.split(".")[0].split("?")[0][:60]
        move = {2: "question", 1: "praise", 0: "update", -1: "complaint"}[tone]
        return Draft(second, record, 0 if tone == 2 else tone, move, None, author)

    def _link(self, network: Network, words: Words) -> str:
        draw = self.rng.random()
        if draw > 0.05:
            return ""
        if draw > 0.02:
            return f"https://pics.example/p/{int(draw * 10**9):x}"
        return f"https://www.sillgrove.example/journal/{words['plant'].replace(' ', '-')}"

    def _on_website(self, author: Person, move: str, day: int) -> Draft:
        network = NETWORKS["web"]
        second = moment_of_day(day, self.rng)
        words = self._words(author, move)
        assert author.visitor is not None
        account = Account("web", author.visitor, author.first)
        if move == "comment":
            template = pick(team.BLOG_COMMENTS, self.rng.random)
            kind = texts.Move("comment", 0, (template,))
        else:
            kind = texts.MOVES[move]
        text = texts.write(kind, words, self.styles[author.style], network, self.rng)
        channel = "journal" if move == "comment" else "reviews"
        record = self._record(network, channel, account, second, text, kind="comment" if move == "comment" else "review")
        record.title = words["product"] if move != "comment" else None
        self.web.has_posted[author.index] = True
        return Draft(second, record, kind.tone, move, words, author)

    # -- answers -----------------------------------------------------------------------------------------------------

    def _people_answer(self, drafts: list[Draft], root: Draft, network: Network, wanted: int) -> None:
        draw = self.rng.random
        day = calendar.day_of(root.second)
        for _ in range(wanted):
            parent = drafts[int(draw() * len(drafts))] if draw() < 0.25 else root
            if parent.author is None or (parent is not root and not self.web.has_room(parent.author)):
                parent = root
            assert parent.author is not None
            replier = self.web.draw_replier(parent.author, network.name, day)
            if replier is None or replier is parent.author:
                continue
            options = texts.answers_to(root.move) if parent is root else texts.answers_inside(root.move)
            reply = self._reply(parent, root, replier, network, pick(options, draw))
            if reply is None:
                continue
            drafts.append(reply)
            self._follow_up(drafts, root, reply, network)

    def _follow_up(self, drafts: list[Draft], root: Draft, reply: Draft, network: Network) -> None:
        """The author of the root comes back to somebody's reply, at times."""
        assert reply.author is not None
        if root.author is None or reply.author is root.author or not self.web.has_room(reply.author):
            return
        if self.rng.random() > (FOLLOW_UP_SHARE if reply.author.role is None else 0.1):
            return
        follow = self._reply(reply, root, root.author, network, self._follow_move(reply.move))
        if follow is not None:
            drafts.append(follow)

    def _follow_move(self, move: str) -> str:
        if move in ("answer", "soothe"):
            return pick(("worked", "worked", "not_yet", "follow_detail"), self.rng.random)
        if move in ("cheer", "idea_back", "welcome", "tip_thanks"):
            return "follow_glad"
        return "follow_detail"

    def _reply(self, parent: Draft, root: Draft, replier: Person, network: Network, move: str) -> Draft | None:
        """``replier`` answers ``parent``; None where that would be after the demo's end."""
        account = replier.account_on(network.name)
        assert account is not None
        second = self._later(parent.second, 150 if network.name == "discourse" else 40)
        if second >= END:
            return None
        words = (parent.words or root.words or self._words(replier, move)).for_reply(is_asker=replier is root.author)
        kind = texts.REPLIES[move]
        mentions: tuple[str, ...] = ()
        self._name_author(words, parent)
        words["city"] = names.TOWNS[replier.town][0]
        lead = "" if move in ("worked", "follow_glad", "welcome", "follow_detail") else texts.reply_lead(move, words, network, self.rng)
        if lead.startswith("@") and parent.record.author is not None:
            mentions = (parent.record.author,)
        text = texts.write(kind, words, self.styles[replier.style], network, self.rng, lead=lead)
        record = self._record(network, root.record.channel, account, second, text, kind=network.reply_kind)
        record.parent, record.root = parent.record.native_id, root.record.native_id
        record.parent_author, record.mentions = parent.record.author, mentions
        if parent.author is not None:
            self.web.received[parent.author.index] += 1
        self.web.has_posted[replier.index] = True
        return Draft(second, record, kind.tone, move, words, replier)

    def _name_author(self, words: Words, parent: Draft) -> None:
        if parent.author is None:
            words["name"], words["handle"] = parent.speaker.split(" ")[0] or "all", "sillgrove"
            return
        account = parent.author.account_on(parent.record.network)
        words["name"] = parent.author.first
        words["handle"] = account.handle if account else parent.author.first.lower()

    def _later(self, second: int, median_minutes: float) -> int:
        delay = int(60 * median_minutes * exp(self.rng.gauss(0, 1.1)))
        return max(after_waking(second + 30 + min(delay, 6 * 86_400), self.rng), second + 30)

    def _team_answers(self, drafts: list[Draft], root: Draft, network: Network) -> None:
        author, draw = root.author, self.rng.random
        assert author is not None
        place = staff.PLACES[network.name, root.record.channel]
        share = staff.ANSWER_SHARES.get(root.move, 0.02)
        if root.is_wrong_account:
            share *= staff.WRONG_ACCOUNT_SHARE
        attended = author.is_attended if author.contact else draw() < staff.OTHERS_SHARE
        if place.brand != staff.BRAND or not attended or draw() > share:
            return
        answer = self._team_reply(root, root, network, is_wrong_account=root.is_wrong_account)
        if answer is None:
            return
        drafts.append(answer)
        if root.words is None or draw() > 0.36:
            return
        move = pick(("worked", "worked", "worked", "not_yet", "follow_detail"), draw)
        move = move if root.move in ("question", "complaint", "gripe") else "follow_glad"
        follow = self._reply(answer, root, author, network, move)
        if follow is None:
            return
        drafts.append(follow)
        again = self._team_reply(follow, root, network) if move == "not_yet" and draw() < 0.7 else None
        if again is not None:
            drafts.append(again)

    def _team_reply(self, parent: Draft, root: Draft, network: Network, *, is_wrong_account: bool = False) -> Draft | None:
        author = root.author
        assert author is not None
        place = staff.PLACES[network.name, root.record.channel]
        slower = is_wrong_account
        second = parent.second + staff.delay_seconds(parent.second, network.name, self.rng, is_wrong_account=slower)
        if second >= END:
            return None
        words = root.words.for_reply() if root.words is not None else self._words(author, "praise")
        speaker, member = staff.draw_speaker(place, words, self.rng)
        if root.words is None:
            text = staff.write_foreign_answer(author.language, words, author.first, self.rng)
        else:
            text = staff.write_answer(
                root.move, words, author.first, speaker, self.rng, is_wrong_account=is_wrong_account
            )
        account = Account(network.name, speaker.native_id, speaker.handle)
        text = texts.fit(text, network.longest_text)
        record = self._record(network, root.record.channel, account, second, text, kind=network.reply_kind)
        record.parent, record.root = parent.record.native_id, root.record.native_id
        record.parent_author = parent.record.author
        if root.words is None and network.has_language:
            record.language = author.language
        return Draft(second, record, 0, "team_answer", words, None, author, True, waited=second - parent.second, speaker=member.name)

    def _shares(self, drafts: list[Draft], root: Draft, network: Network) -> None:
        author, draw = root.author, self.rng.random
        assert author is not None
        if not network.has_tags or draw() > (0.5 if author.role == "influencer" else SHARED_SHARE):
            return
        for _ in range(1 + int(draw() * (3 if author.role == "influencer" else 1.6))):
            sharer = self.web.cells[author.community, network.name].draw(calendar.day_of(root.second), self.rng)
            second = self._later(root.second, 90)
            account = sharer.account_on(network.name) if sharer is not None else None
            if sharer is None or sharer is author or account is None or second >= END or root.words is None:
                continue
            words = root.words.for_reply()
            self._name_author(words, root)
            text = texts.write(texts.REPLIES["share"], words, self.styles[sharer.style], network, self.rng)
            record = self._record(network, root.record.channel, account, second, text, kind="share")
            record.parent, record.parent_author = root.record.native_id, root.record.author
            self.web.has_posted[sharer.index] = True
            drafts.append(Draft(second, record, 0, "share", words, sharer))

    # -- by others ---------------------------------------------------------------------------------------------------

    def by_account(
        self,
        account: StaffAccount,
        channel: str,
        template: str,
        second: int,
        *,
        is_team: bool,
        replies: int,
        closers: tuple[str, ...] = (),
        rival: str = "",
        tail: str = "",
    ) -> list[Draft]:
        """Something that the team, a competitor or a bot posts, and what people answer."""
        network = NETWORKS[account.network]
        topic = TOPICS[int(self.rng.random() * len(TOPICS))]
        words = Words(topic, self.rng)
        reader = self.web.draw_author(calendar.day_of(second))
        words["name"] = reader.first if reader is not None else "Aisling"
        if rival:
            words["rival"] = rival
        text = say(template, words, self.rng.random)
        text = text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")
        closer = say(pick(closers, self.rng.random), words, self.rng.random) if closers else ""
        text += " " + closer if closer else ""
        text = texts.fit(f"{text} {tail}" if tail else text, network.longest_text, tail)
        owner = Account(network.name, account.native_id, account.handle)
        record = self._record(network, channel, owner, second, text, kind="post")
        if network.has_titles:
            record.title = text.split(".")[0].split("!")[0].split("?")[0][:80]
        root = Draft(second, record, 0, "news", words, None, is_team=is_team)
        drafts = [root]
        for _ in range(replies):
            community = int(self.rng.random() * len(TOPICS))
            reader = self.web.cells[community, network.name].draw(calendar.day_of(second), self.rng)
            if reader is not None:
                reply = self._reply(root, root, reader, network, pick(("small_talk", "detail", "own_story"), self.rng.random))
                drafts += [reply] if reply is not None else []
        drafts.sort(key=lambda draft: draft.second)
        return drafts

    # -- records -----------------------------------------------------------------------------------------------------

    def _record(
        self, network: Network, channel: str, account: Account, second: int, text: str, *, kind: str
    ) -> PostRecord:
        self.number += 1
        serial = (second - calendar.day_start(0)) * 2**24 + self.number % 2**24
        native_id = _native_id(network.name, serial, kind)
        url = _URLS[network.name].format(handle=account.handle, id=native_id, channel=channel)
        record = PostRecord(
            network.name,
            network.source,
            native_id,
            channel,
            to_datetime(second),
            author=account.native_id,
            kind=kind,
            text=text,
            url=url,
            language="en" if network.has_language else None,
            observed_at=calendar.OBSERVED_AT,
        )
        return record


def _native_id(network: str, serial: int, kind: str) -> str:
    if network == "reddit":
        return f"t1_{serial:x}" if kind == "comment" else f"t3_{serial:x}"
    return f"{serial:x}" if network == "bluesky" else str(serial)


def pick_problem(author: Person, rng: Random):  # type: ignore[no-untyped-def]
    """What goes wrong for somebody: anything, and the tinkerers' apps and firmware more often."""
    return PROBLEMS[int(rng.random() * len(PROBLEMS))]


__all__ = ["Conversations"]
