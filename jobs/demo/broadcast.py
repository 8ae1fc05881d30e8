"""What the company, its competitors and the bots post themselves, and what people answer."""

from random import Random

from jobs.demo import calendar, company, staff, texts
from jobs.demo.company import BOTS, MAIN_TWITTER, NETWORKS, RIVAL_ACCOUNTS, StaffAccount
from jobs.demo.conversation import Conversations
from jobs.demo.draft import Draft
from jobs.demo.grammar import pick, say
from jobs.demo.network import Network as Web
from jobs.demo.people import Account
from jobs.demo.phrases import events, team
from jobs.demo.phrases.more_topics import TOPICS
from jobs.demo.scribe import Scribe
from jobs.demo.words import Words

_READERS_MOVES = ("small_talk", "detail", "own_story")
_POLLS = ("{colour}", "herbs or salad", "app or paper")
_SHOP = "https://www.sillgrove.example/shop?utm_source={network}&utm_medium=social&utm_campaign={campaign}"


class Broadcasts:
    """Posts of accounts that are not of the people, with the conversation below each."""

    def __init__(self, web: Web, conversations: Conversations, scribe: Scribe, seed: int) -> None:
        self.web = web
        self.conversations = conversations
        self.scribe = scribe
        self.rng = Random(f"{seed}:broadcasts")

    def news(self, day: int) -> list[Draft]:
        """Something that the company, or one of its people, has to say on ``day``."""
        options = [option for option in staff.OWN_POSTS for _ in range(option[3])]
        network, channel, templates, _ = options[int(self.rng.random() * len(options))]
        is_campaign = calendar.CAMPAIGN_DAY <= day < calendar.CAMPAIGN_DAY + calendar.CAMPAIGN_DAYS
        if is_campaign and channel == "sillgrove" and self.rng.random() < 0.4:
            templates = team.CAMPAIGN_NEWS
        account = staff.PLACES[network, channel].owner or staff.MEMBERS["niamh"].accounts[0]
        link = ""
        if self.rng.random() < 0.3:
            campaign = "sill-to-table" if is_campaign else "pods-of-the-month"
            link = _SHOP.format(network=network, campaign=campaign)
        text = self._words_text(pick(templates, self.rng.random), team.NEWS_CLOSERS)
        replies = int(self.rng.expovariate(1.1 if account is MAIN_TWITTER else 2.0))
        second = calendar.day_start(day) + int(self.rng.uniform(8.2, 18.5) * 3600)
        return self._post(account, channel, text, second, replies=min(replies, 4), tail=link)

    def poll(self, day: int) -> list[Draft]:
        """The poll of a poll day, in the private community."""
        choice = _POLLS[calendar.POLL_DAYS.index(day)]
        template = f"Poll of {{month}}: {choice}, what comes next for the {{product}}? Vote until {{weekday}}."
        account = staff.MEMBERS["tomasz"].accounts[0]
        text = self._words_text(template, ())
        drafts = self._post(account, "news", text, calendar.day_start(day) + 10 * 3600, replies=3)
        drafts[0].move = "poll"
        return drafts

    def rival_news(self, day: int) -> list[Draft]:
        """What a competitor posts."""
        account = RIVAL_ACCOUNTS[int(self.rng.random() * len(RIVAL_ACCOUNTS))]
        text = self._words_text(pick(team.RIVAL_NEWS, self.rng.random), team.RIVAL_CLOSERS, rival=account.brand)
        second = calendar.day_start(day) + int(self.rng.uniform(8, 20) * 3600)
        replies = min(int(self.rng.expovariate(1.6)), 3)
        return self._post(account, account.handle, text, second, replies=replies)

    def bot_post(self, day: int) -> list[Draft]:
        """What one of the two bots posts."""
        bot, templates = ((BOTS[0], events.BOT_FACTS), (BOTS[1], events.BOT_PRICES))[int(self.rng.random() * 2)]
        text = self._words_text(pick(templates, self.rng.random), ())
        second = calendar.moment_of_day(day, self.rng)
        return self._post(bot, company.TIMELINES[bot.network], text, second, replies=0)

    def _words_text(self, template: str, closers: tuple[str, ...], *, rival: str = "") -> tuple[str, Words]:
        """A text with the words that it was made of."""
        draw = self.rng.random
        words = Words(TOPICS[int(draw() * len(TOPICS))], self.rng)
        reader = self.web.draw_author(calendar.DAYS // 2)
        words["name"] = reader.first if reader is not None else "Aisling"
        if rival:
            words["rival"] = rival
        text = say(template, words, draw)
        text = text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")
        closer = say(pick(closers, draw), words, draw) if closers else ""
        return (f"{text} {closer}" if closer else text), words

    def _post(
        self,
        account: StaffAccount,
        channel: str,
        written: tuple[str, Words],
        second: int,
        *,
        replies: int,
        tail: str = "",
    ) -> list[Draft]:
        """The post and its replies, in the order of time."""
        network = NETWORKS[account.network]
        text, words = written
        text = texts.fit(f"{text} {tail}" if tail else text, network.longest_text, tail)
        owner = Account(network.name, account.native_id, account.handle)
        record = self.scribe.record(network, channel, owner, second, text, kind="post")
        if network.has_titles:
            record.title = text.split(".")[0].split("!")[0].split("?")[0][:80]
        is_team = account.brand == company.BRAND and account not in BOTS
        root = Draft(second, record, 0, "news", words, None, is_team=is_team)
        drafts = [root]
        for _ in range(replies):
            cell = self.web.cells[int(self.rng.random() * len(TOPICS)), network.name]
            reader = cell.draw(calendar.day_of(second), self.rng)
            if reader is not None:
                move = pick(_READERS_MOVES, self.rng.random)
                reply = self.conversations.reply(root, root, reader, network, move)
                drafts += [reply] if reply is not None else []
        drafts.sort(key=lambda draft: draft.second)
        return drafts
