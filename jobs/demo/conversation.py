"""Whole conversations: somebody starts, people and the team answer, the first one comes back to say how it went."""

from math import exp
from random import Random

from data_access.records import PostRecord
from jobs.demo import calendar, company, moves, names, staff, texts
from jobs.demo.calendar import END, after_waking, moment_of_day
from jobs.demo.company import NETWORKS, Network
from jobs.demo.draft import Draft
from jobs.demo.grammar import pick
from jobs.demo.network import Network as Web
from jobs.demo.people import Account, Person
from jobs.demo.phrases import team
from jobs.demo.phrases.more_topics import TOPICS
from jobs.demo.scribe import Scribe
from jobs.demo.style import Style
from jobs.demo.words import PROBLEMS, Words

FOLLOW_UP_SHARE = 0.28
SHARED_SHARE = 0.055
FOREIGN_SHARE = 0.8
SARCASM_SHARE = 0.14
_WITH_CAMPAIGN_TAG = ("campaign", "campaign_plain", "mockery")
_TO_US = ("question", "complaint", "gripe", "outage", "praise", "compare_bad", "idea")
_ABOUT_PROBLEM = ("question", "complaint", "review_bad", "review")
_ON_WEBSITE = ("comment", "review_good", "review_bad", "review")
_INFLUENCER_MOVES = ("tip", "proud_update", "praise", "update", "how_to", "link", "compare", "idea")
_WITHOUT_LEAD = ("worked", "follow_glad", "welcome", "follow_detail")


class Conversations:
    """Writes conversations, one at a time, as drafts in the order of time."""

    def __init__(self, web: Web, styles: list[Style], scribe: Scribe, seed: int) -> None:
        self.web = web
        self.styles = styles
        self.scribe = scribe
        self.rng = Random(f"{seed}:conversations")

    # -- how one starts ----------------------------------------------------------------------------------------------

    def by_anybody(self, day: int) -> list[Draft]:
        """A conversation that one of the people starts on ``day``; empty where nobody is found."""
        author = self.web.draw_author(day)
        if author is None:
            return []
        network = moves.draw_network(author, self.rng)
        move = moves.draw_move(day, NETWORKS[network].has_tags, self.rng)
        second = moment_of_day(day, self.rng)
        if move in _ON_WEBSITE:
            if author.visitor is not None:
                return [self._on_website(author, move, second)]
            move = "praise"
        is_busy = move.startswith("outage") or move == "mockery"
        wanted = self.web.count_replies(author, day)
        return self.by_person(author, network, move, second, min(wanted, 2) if is_busy else wanted)

    def by_influencer(self, author: Person, day: int, replies: int) -> list[Draft]:
        """A conversation of an influencer that gets ``replies`` replies."""
        network = author.accounts[0 if self.rng.random() < 0.6 else 1].network
        move = pick(_INFLUENCER_MOVES, self.rng.random)
        return self.by_person(author, network, move, moment_of_day(day, self.rng), replies)

    def by_person(
        self, author: Person, network_name: str, move: str, second: int, replies: int, *, is_open: bool = False
    ) -> list[Draft]:
        """A conversation that starts with ``move`` at ``second``, with ``replies`` people who answer; where it
        ``is_open`` nobody does."""
        network = NETWORKS[network_name]
        channel = moves.draw_channel(move, author, network_name, self.rng)
        root = self._root(author, network, channel, move, second, is_open=is_open)
        drafts = [root]
        self.web.has_posted[author.index] = True
        if is_open:
            return drafts
        if root.words is not None:
            self._people_answer(drafts, root, network, replies)
            self._shares(drafts, root, network)
        self._team_answers(drafts, root, network)
        drafts.sort(key=lambda draft: draft.second)
        return drafts

    def _words(self, author: Person, move: str) -> Words:
        topic = TOPICS[author.community]
        problem = PROBLEMS[int(self.rng.random() * len(PROBLEMS))] if move in _ABOUT_PROBLEM else None
        how_to = topic.how_tos[int(self.rng.random() * len(topic.how_tos))] if move == "how_to" else None
        words = Words(topic, self.rng, problem=problem, how_to=how_to)
        words["city"] = names.TOWNS[author.town][0]
        return words

    def _root(self, author: Person, network: Network, channel: str, move: str, second: int, *, is_open: bool) -> Draft:
        account = author.account_on(network.name)
        assert account is not None
        if author.language != "en" and move not in moves.KINDS and self.rng.random() < FOREIGN_SHARE:
            return self._foreign_root(author, account, network, second)
        words = self._words(author, move)
        place = staff.PLACES[network.name, channel]
        lead = ""
        mentions: tuple[str, ...] = ()
        if network.has_tags and place.owner is not None and move in _TO_US and self.rng.random() < 0.7:
            lead, mentions = f"@{place.owner.handle} ", (place.owner.native_id,)
        is_sarcastic = move == "complaint" and not is_open and self.rng.random() < SARCASM_SHARE
        kind = texts.MOVES["sarcasm" if is_sarcastic else move]
        tail = texts.campaign_tail(self.rng) if move in _WITH_CAMPAIGN_TAG else self._link(words)
        text = texts.write(kind, words, self.styles[author.style], network, self.rng, lead=lead, tail=tail)
        record = self.scribe.record(network, channel, account, second, text, kind=moves.KINDS.get(move, "post"))
        record.mentions = mentions
        if network.has_titles:
            record.title = texts.title(move, words, self.rng)
        if move == "check_in":
            spot = next(spot for spot in names.SPOTS if spot[0] == words["spot"])
            record.place, record.latitude, record.longitude = f"{spot[0]}, {spot[1]}", spot[2], spot[3]
        is_wrong = move == "question" and staff.is_wrong_account(place)
        return Draft(second, record, kind.tone, move, words, author, is_wrong_account=is_wrong)

    def _foreign_root(self, author: Person, account: Account, network: Network, second: int) -> Draft:
        move = pick(("praise", "update", "complaint", "question"), self.rng.random)
        channel = moves.draw_channel("praise", author, network.name, self.rng)
        if move == "question":
            channel = company.QUESTION_CHANNELS[network.name]
        words = self._words(author, "praise")
        text = texts.write_foreign(author.language, move, words, self.styles[author.style], network, self.rng)
        record = self.scribe.record(network, channel, account, second, text, kind=moves.KINDS.get(move, "post"))
        record.language = author.language if network.has_language else None
        if network.has_titles:
            record.title = text.split(".")[0].split("?")[0][:80]
        return Draft(second, record, texts.MOVES[move].tone, move, None, author)

    def _link(self, words: Words) -> str:
        draw = self.rng.random()
        if draw > 0.05:
            return ""
        if draw > 0.02:
            return f"https://pics.example/p/{int(draw * 10**9):x}"
        return f"https://www.sillgrove.example/journal/{words['plant'].replace(' ', '-')}"

    def _on_website(self, author: Person, move: str, second: int) -> Draft:
        """A review of a product, or a comment under an article of the journal."""
        network = company.WEB
        words = self._words(author, move)
        is_comment = move == "comment"
        kind = texts.Move("comment", 0, team.BLOG_COMMENTS) if is_comment else texts.MOVES[move]
        text = texts.write(kind, words, self.styles[author.style], network, self.rng)
        account = Account("web", str(author.visitor), author.first)
        channel = "journal" if is_comment else "reviews"
        record = self.scribe.record(network, channel, account, second, text, kind="comment" if is_comment else "review")
        record.title = None if is_comment else words["product"]
        self.web.has_posted[author.index] = True
        return Draft(second, record, kind.tone, move, words, author)

    # -- how it goes on ----------------------------------------------------------------------------------------------

    def _people_answer(self, drafts: list[Draft], root: Draft, network: Network, wanted: int) -> None:
        draw = self.rng.random
        day = calendar.day_of(root.second)
        for _ in range(wanted):
            parent = drafts[int(draw() * len(drafts))] if draw() < 0.25 else root
            if parent.author is None or (parent is not root and not self.web.has_room(parent.author)):
                parent = root
            assert parent.author is not None
            replier = self.web.draw_replier(parent.author, network.name, day)
            if replier is None:
                continue
            options = texts.answers_to(root.move) if parent is root else texts.answers_inside(root.move)
            reply = self.reply(parent, root, replier, network, pick(options, draw))
            if reply is not None:
                drafts.append(reply)
                self._follow_up(drafts, root, reply, network)

    def _follow_up(self, drafts: list[Draft], root: Draft, reply: Draft, network: Network) -> None:
        """The author of the root comes back to somebody's reply, at times."""
        assert reply.author is not None
        if root.author is None or reply.author is root.author or not self.web.has_room(reply.author):
            return
        if self.rng.random() > (FOLLOW_UP_SHARE if reply.author.role is None else 0.1):
            return
        move = pick(texts.follow_ups_to(reply.move), self.rng.random)
        follow = self.reply(reply, root, root.author, network, move)
        drafts += [follow] if follow is not None else []

    def reply(self, parent: Draft, root: Draft, replier: Person, network: Network, move: str) -> Draft | None:
        """``replier`` answers ``parent`` with ``move``; None where that would be after the demo's end."""
        account = replier.account_on(network.name)
        assert account is not None
        second = self._later(parent.second, 150 if network.name == "discourse" else 40)
        if second >= END:
            return None
        words = self._reply_words(parent, root, replier, move)
        lead = "" if move in _WITHOUT_LEAD else texts.reply_lead(move, words, network, self.rng)
        text = texts.write(texts.REPLIES[move], words, self.styles[replier.style], network, self.rng, lead=lead)
        record = self.scribe.record(network, root.record.channel, account, second, text, kind=network.reply_kind)
        _set_parent(record, parent, root)
        if lead.startswith("@") and parent.record.author is not None:
            record.mentions = (parent.record.author,)
        if parent.author is not None:
            self.web.received[parent.author.index] += 1
        self.web.has_posted[replier.index] = True
        return Draft(second, record, texts.REPLIES[move].tone, move, words, replier)

    def _reply_words(self, parent: Draft, root: Draft, replier: Person, move: str) -> Words:
        words = parent.words or root.words or self._words(replier, move)
        words = words.for_reply(is_asker=replier is root.author)
        words["city"] = names.TOWNS[replier.town][0]
        name_author(words, parent)
        return words

    def _later(self, second: int, median_minutes: float) -> int:
        delay = int(60 * median_minutes * exp(self.rng.gauss(0, 1.1)))
        return max(after_waking(second + 30 + min(delay, 6 * 86_400), self.rng), second + 30)

    def _shares(self, drafts: list[Draft], root: Draft, network: Network) -> None:
        author, draw = root.author, self.rng.random
        assert author is not None
        assert root.words is not None
        is_influencer = author.role == "influencer"
        if not network.has_tags or draw() > (0.5 if is_influencer else SHARED_SHARE):
            return
        for _ in range(1 + int(draw() * (3 if is_influencer else 1.6))):
            sharer = self.web.cells[author.community, network.name].draw(calendar.day_of(root.second), self.rng)
            second = self._later(root.second, 90)
            account = sharer.account_on(network.name) if sharer is not None else None
            if sharer is None or sharer is author or account is None or second >= END:
                continue
            words = root.words.for_reply()
            name_author(words, root)
            text = texts.write(texts.REPLIES["share"], words, self.styles[sharer.style], network, self.rng)
            record = self.scribe.record(network, root.record.channel, account, second, text, kind="share")
            record.parent, record.parent_author = root.record.native_id, root.record.author
            self.web.has_posted[sharer.index] = True
            drafts.append(Draft(second, record, 0, "share", words, sharer))

    # -- what the team does ------------------------------------------------------------------------------------------

    def _team_answers(self, drafts: list[Draft], root: Draft, network: Network) -> None:
        """The team answers, often; the author thanks it, or writes that it did not help, and is answered again."""
        author, draw = root.author, self.rng.random
        assert author is not None
        if not self._is_answered(root, author):
            return
        answer = self._team_reply(root, root, network)
        if answer is None:
            return
        drafts.append(answer)
        if root.words is None or draw() > 0.36:
            return
        move = "follow_glad"
        if root.move in ("question", "complaint"):
            move = pick(("worked", "worked", "worked", "not_yet", "follow_detail"), draw)
        follow = self.reply(answer, root, author, network, move)
        if follow is None:
            return
        drafts.append(follow)
        again = self._team_reply(follow, root, network) if move == "not_yet" and draw() < 0.7 else None
        drafts += [again] if again is not None else []

    def _is_answered(self, root: Draft, author: Person) -> bool:
        place = staff.PLACES[root.record.network, root.record.channel]
        share = staff.ANSWER_SHARES.get(root.move, 0.02)
        if root.is_wrong_account:
            share *= staff.WRONG_ACCOUNT_SHARE
        is_attended = author.is_attended if author.contact else self.rng.random() < staff.OTHERS_SHARE
        return place.brand == company.BRAND and is_attended and self.rng.random() < share

    def _team_reply(self, parent: Draft, root: Draft, network: Network) -> Draft | None:
        author = root.author
        assert author is not None
        is_wrong = root.is_wrong_account and parent is root
        waited = staff.delay_seconds(parent.second, network.name, self.rng, is_wrong_account=is_wrong)
        second = parent.second + waited
        if second >= END:
            return None
        words = root.words.for_reply() if root.words is not None else self._words(author, "praise")
        speaker, member = staff.draw_speaker(staff.PLACES[network.name, root.record.channel], words, self.rng)
        if root.words is None:
            text = staff.write_foreign_answer(author.language, words, author.first, self.rng)
        else:
            text = staff.write_answer(
                root.move, words, author.first, speaker, member, self.rng, is_wrong_account=is_wrong
            )
        text = texts.fit(text, network.longest_text)
        account = Account(network.name, speaker.native_id, speaker.handle)
        record = self.scribe.record(network, root.record.channel, account, second, text, kind=network.reply_kind)
        _set_parent(record, parent, root)
        if root.words is None and network.has_language:
            record.language = author.language
        draft = Draft(second, record, 0, "team_answer", words, None, author, True)
        draft.waited, draft.speaker = waited, member.name
        return draft


def _set_parent(record: PostRecord, parent: Draft, root: Draft) -> None:
    record.parent, record.root = parent.record.native_id, root.record.native_id
    record.parent_author = parent.record.author


def name_author(words: Words, parent: Draft) -> None:
    """Let ``words`` speak to whoever wrote ``parent``: a person, or who of the team answered."""
    if parent.author is None:
        words["name"], words["handle"] = parent.speaker.split(" ")[0] or "all", "sillgrove"
        return
    account = parent.author.account_on(parent.record.network)
    words["name"] = parent.author.first
    words["handle"] = account.handle if account is not None else parent.author.first.lower()
