"""What follows from facts, decisions, the fitted models and a stated ``as_of``. ``rapport refresh`` may rebuild it all.

Days are local to the workspace's time zone. ``side`` says whose posts a count is of: ``inbound`` (people), ``team``
(us), ``excluded`` (bots and muted accounts).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, SmallInteger, text
from sqlmodel import Field, SQLModel

from data_access.models.columns import Big, Bytewise, Json, UtcTime


class Label(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Side(StrEnum):
    INBOUND = "inbound"
    TEAM = "team"
    EXCLUDED = "excluded"


class Role(StrEnum):
    TEAM = "team"
    BOT = "bot"
    MUTED = "muted"


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Model(SQLModel, table=True):
    """A fitted or fixed model, by name and version; refresh applies the current one."""

    __tablename__ = "model"

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    name: str = Field(index=True, description="what it does: sentiment, matching")
    version: str
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    is_current: bool = True
    fitted_at: datetime = Field(sa_type=UtcTime)


class PostScore(SQLModel, table=True):
    """A post's language and sentiment. ``label`` is what counts: a person's where one gave it, else the model's."""

    __tablename__ = "post_score"

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    model_id: int | None = Field(default=None, sa_type=Big, foreign_key="model.id")
    language: str | None = Field(default=None, description="detected, else reported, ISO 639-1")
    compound: float | None = Field(default=None, description="-1 to 1; None where not scored")
    model_label: str | None = None
    label: str | None = Field(default=None, description="positive | neutral | negative; None where not scored")
    is_relabelled: bool = False
    is_question: bool = Field(
        default=False, description="its kind says so, or its text has a question mark outside links"
    )


class PostDay(SQLModel, table=True):
    """A post's local day and hour, its channel, and whose it is. The rollups and the lists of a day read this."""

    __tablename__ = "post_day"
    __table_args__ = (Index("ix_post_day_slice", "day", "channel_id", "side"),)

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    channel_id: int = Field(sa_type=Big)
    day: date
    hour: int = Field(sa_type=SmallInteger)
    side: str


class PostThread(SQLModel, table=True):
    """Where a post stands in its conversation. ``conversation_id`` is the post at the end of the chain of links."""

    __tablename__ = "post_thread"

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    parent_id: int | None = Field(default=None, sa_type=Big, index=True, description="what it answers or shares")
    link_id: int | None = Field(default=None, sa_type=Big, description="the parent; where unknown, the stated root")
    conversation_id: int = Field(sa_type=Big, index=True)


class PostTopic(SQLModel, table=True):
    """A post is about a topic. The index gives a topic's posts newest first, however many there are."""

    __tablename__ = "post_topic"
    __table_args__ = (Index("ix_post_topic_time", "topic", "occurred_at", "post_id"),)

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    topic: str = Field(primary_key=True)
    occurred_at: datetime = Field(sa_type=UtcTime, description="the post's")


class PostLink(SQLModel, table=True):
    """A post points to a page."""

    __tablename__ = "post_link"

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    url: str = Field(primary_key=True)


class PostTag(SQLModel, table=True):
    """A post carries a hashtag (lower case, without #)."""

    __tablename__ = "post_tag"

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    tag: str = Field(primary_key=True, index=True)


class BrandMention(SQLModel, table=True):
    """A post names a brand, by the brand's rules. The index gives a brand's posts newest first."""

    __tablename__ = "brand_mention"
    __table_args__ = (Index("ix_brand_mention_time", "brand_id", "occurred_at", "post_id"),)

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    brand_id: int = Field(sa_type=Big, foreign_key="brand.id", primary_key=True)
    occurred_at: datetime = Field(sa_type=UtcTime, description="the post's")


class AccountRole(SQLModel, table=True):
    """Accounts that are not the public: team, bot or muted (in that order where several hold)."""

    __tablename__ = "account_role"

    identity_id: int = Field(sa_type=Big, foreign_key="identity.id", primary_key=True)
    role: str
    member: str | None = Field(default=None, description="the member of the team whose account it is")


class Person(SQLModel, table=True):
    """One human being. ``id`` is the lowest of the ids of their identities."""

    __tablename__ = "person"

    id: int = Field(sa_type=Big, primary_key=True)
    name: str | None = None
    role: str | None = None


class AccountWord(SQLModel, table=True):
    """A word by which an account is found: of its handle, name, e-mail or organisation, without case and accents.

    Words are compared by their bytes on every engine, so that the index gives all that begin with some letters. One
    that begins with = is its organisation's whole name, one with @ the domain of its verified e-mail.
    """

    __tablename__ = "account_word"
    __table_args__ = (Index("ix_account_word", "word", "identity_id"), {"sqlite_with_rowid": False})

    identity_id: int = Field(sa_type=Big, foreign_key="identity.id", primary_key=True)
    word: str = Field(sa_type=Bytewise, primary_key=True)


class AccountKey(SQLModel, table=True):
    """What an account is found by that may be the same person's as another: a name, an address, a link, as a number.

    Kept up by who is who, to which it says also what an account said when it was looked at last. Either every account
    has its keys, or no account has any.
    """

    __tablename__ = "account_key"
    __table_args__ = (Index("ix_account_key", "key", "identity_id"), {"sqlite_with_rowid": False})

    identity_id: int = Field(sa_type=Big, foreign_key="identity.id", primary_key=True)
    key: int = Field(sa_type=Big, primary_key=True, description="of a value and its kind: metrics.matching_keys")


class ProfileHost(SQLModel, table=True):
    """On how many accounts of a network and source the profile is a page of a host, by the keys that are kept."""

    __tablename__ = "profile_host"

    key: int = Field(sa_type=Big, primary_key=True, description="as in account_key")
    network: str
    source: str
    host: str
    accounts: int = Field(sa_type=Big)


class PersonIdentity(SQLModel, table=True):
    """Which person holds an account, and why we think so."""

    __tablename__ = "person_identity"

    identity_id: int = Field(sa_type=Big, foreign_key="identity.id", primary_key=True)
    person_id: int = Field(sa_type=Big, foreign_key="person.id", index=True)
    evidence: dict[str, Any] | None = Field(default=None, sa_type=Json)


class Conversation(SQLModel, table=True):
    """A root post and all that hangs from it. ``id`` is the root post's."""

    __tablename__ = "conversation"

    id: int = Field(sa_type=Big, primary_key=True)
    channel_id: int = Field(sa_type=Big, index=True)
    started_at: datetime = Field(sa_type=UtcTime)
    last_at: datetime = Field(sa_type=UtcTime)
    posts: int = Field(sa_type=Big)
    team_posts: int = Field(sa_type=Big)
    people: int = Field(sa_type=Big)


class Turn(SQLModel, table=True):
    """A person waits for an answer: from their first unanswered post to the first team reply to a post of theirs."""

    __tablename__ = "turn"
    __table_args__ = (
        Index("ix_turn_slice", "day", "channel_id"),
        # the channel too: who waits in some of them is found among those who wait anywhere
        Index("ix_turn_open", "closed_at", "opened_at", "opened_post_id", "channel_id"),
        Index(
            "ix_turn_open_channel",
            *("channel_id", "opened_at", "opened_post_id"),
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    opened_post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    conversation_id: int = Field(sa_type=Big, index=True)
    channel_id: int = Field(sa_type=Big)
    person_id: int = Field(sa_type=Big, index=True)
    day: date = Field(description="the local day on which it opened")
    opened_at: datetime = Field(sa_type=UtcTime)
    last_post_id: int = Field(sa_type=Big, description="the newest post of the person's before the answer")
    posts: int = Field(sa_type=Big, description="posts of the person's that wait in it")
    negative_posts: int = Field(sa_type=Big)
    closed_post_id: int | None = Field(default=None, sa_type=Big)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_by: int | None = Field(default=None, sa_type=Big, description="the team account that answered")
    response_seconds: int | None = Field(default=None, sa_type=Big)
    business_seconds: int | None = Field(default=None, sa_type=Big, description="of these, within business hours")


class DailyActivity(SQLModel, table=True):
    """A day, a channel, a side: how many posts and what they got. Sums run over the posts that report the count."""

    __tablename__ = "daily_activity"

    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    side: str = Field(primary_key=True)
    posts: int = Field(default=0, sa_type=Big)
    comments: int = Field(default=0, sa_type=Big, description="of the posts: replies and comments")
    questions: int = Field(default=0, sa_type=Big)
    shared: int = Field(default=0, sa_type=Big, description="of the posts: shares of another post")
    unknown_authors: int = Field(default=0, sa_type=Big)
    positive: int = Field(default=0, sa_type=Big)
    neutral: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)
    unscored: int = Field(default=0, sa_type=Big)
    likes: int = Field(default=0, sa_type=Big)
    replies: int = Field(default=0, sa_type=Big)
    shares: int = Field(default=0, sa_type=Big)
    likes_posts: int = Field(default=0, sa_type=Big, description="posts that report likes, 0 included")
    replies_posts: int = Field(default=0, sa_type=Big)
    shares_posts: int = Field(default=0, sa_type=Big)
    views: int = Field(default=0, sa_type=Big, description="over posts that report views, likes, replies and shares")
    view_engagements: int = Field(default=0, sa_type=Big, description="likes + replies + shares of those")
    view_posts: int = Field(default=0, sa_type=Big)
    conversation_views: int = Field(default=0, sa_type=Big, description="over posts that report views, replies, shares")
    view_conversations: int = Field(default=0, sa_type=Big, description="replies + shares of those")
    conversation_posts: int = Field(default=0, sa_type=Big)
    reach: int = Field(default=0, sa_type=Big, description="over posts that report reach, likes, replies and shares")
    reach_engagements: int = Field(default=0, sa_type=Big)
    reach_posts: int = Field(default=0, sa_type=Big)


class HourlyActivity(SQLModel, table=True):
    """A day, an hour, a channel, a side: how many posts. ``weekday``: Monday is 0."""

    __tablename__ = "hourly_activity"

    day: date = Field(primary_key=True)
    hour: int = Field(sa_type=SmallInteger, primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    side: str = Field(primary_key=True)
    weekday: int = Field(sa_type=SmallInteger)
    posts: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)


class PersonDay(SQLModel, table=True):
    """A person's day in a channel: inbound posts only."""

    __tablename__ = "person_day"
    __table_args__ = (Index("ix_person_day_slice", "day", "channel_id"),)

    person_id: int = Field(sa_type=Big, primary_key=True)
    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    posts: int = Field(default=0, sa_type=Big)
    positive: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)
    scored: int = Field(default=0, sa_type=Big)


class TurnDay(SQLModel, table=True):
    """The turns that opened on a day in a channel, as distributions, so that the median of any days is fast.

    ``response_seconds`` and ``business_seconds`` are of the closed ones, as ``metrics.engagement.pack_times`` packs
    them: exact, or to three digits where they are many.
    """

    __tablename__ = "turn_day"

    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    opened: int = Field(default=0, sa_type=Big)
    closed: int = Field(default=0, sa_type=Big)
    response_seconds: bytes = Field(default=b"", sa_type=LargeBinary)
    business_seconds: bytes = Field(default=b"", sa_type=LargeBinary)
    open_since: bytes = Field(
        default=b"", sa_type=LargeBinary, description="opening times of the open ones, microseconds"
    )


class TopicDay(SQLModel, table=True):
    """A day, a channel, a topic: how many inbound posts, by sentiment."""

    __tablename__ = "topic_day"

    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    topic: str = Field(primary_key=True)
    posts: int = Field(default=0, sa_type=Big)
    positive: int = Field(default=0, sa_type=Big)
    neutral: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)


class BrandDay(SQLModel, table=True):
    """A day, a channel, a brand: how many inbound posts name it, by sentiment, and who wrote them."""

    __tablename__ = "brand_day"

    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    brand_id: int = Field(sa_type=Big, primary_key=True)
    posts: int = Field(default=0, sa_type=Big)
    positive: int = Field(default=0, sa_type=Big)
    neutral: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)
    reach: int = Field(default=0, sa_type=Big, description="people reached, over the posts that report it")
    reach_posts: int = Field(default=0, sa_type=Big)
    views: int = Field(default=0, sa_type=Big, description="over the posts that report it")
    views_posts: int = Field(default=0, sa_type=Big)
    people: bytes = Field(default=b"", sa_type=LargeBinary, description="a roaring bitmap of person ids")


class BrandTopicDay(SQLModel, table=True):
    """A day, a channel, a brand, a topic: how many inbound posts name the brand and are about the topic."""

    __tablename__ = "brand_topic_day"

    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    brand_id: int = Field(sa_type=Big, primary_key=True)
    topic: str = Field(primary_key=True)
    posts: int = Field(default=0, sa_type=Big)
    positive: int = Field(default=0, sa_type=Big)
    neutral: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)


class ActiveSet(SQLModel, table=True):
    """Who was active on a day in a channel: a roaring bitmap of person ids (``pyroaring.BitMap.serialize``), and how
    much each of them wrote."""

    __tablename__ = "active_set"

    day: date = Field(primary_key=True)
    channel_id: int = Field(sa_type=Big, primary_key=True)
    people: bytes = Field(sa_type=LargeBinary)
    posts: bytes = Field(
        default=b"",
        sa_type=LargeBinary,
        description="posts of each of them, by id from the lowest: little-endian 32-bit integers",
    )


class ActiveMonth(SQLModel, table=True):
    """Who was active in a month in a channel, and how much each of them wrote: the sets of its days together. A year is
    a dozen of these."""

    __tablename__ = "active_month"

    day: date = Field(primary_key=True, description="the first of the month")
    channel_id: int = Field(sa_type=Big, primary_key=True)
    people: bytes = Field(sa_type=LargeBinary, description="as in active_set")
    posts: bytes = Field(sa_type=LargeBinary, description="as in active_set")


class ActiveAnywhere(SQLModel, table=True):
    """Who was active on a day, or in a month, in any channel but those of competitors, and how much each of them wrote.
    It says of which channels it is: where a filter speaks of others, or another brand became ours, the sets of the
    channels are read instead."""

    __tablename__ = "active_anywhere"

    length: str = Field(primary_key=True, description="day | month")
    day: date = Field(primary_key=True, description="the day, or the first of the month")
    channels: bytes = Field(sa_type=LargeBinary, description="where they were: a roaring bitmap of channel ids")
    others: bytes = Field(sa_type=LargeBinary, description="channels of competitors with somebody: left out")
    people: bytes = Field(sa_type=LargeBinary, description="as in active_set")
    posts: bytes = Field(sa_type=LargeBinary, description="as in active_set")


class InfluencePeriod(SQLModel, table=True):
    """The graph of who answers, mentions and shares whom in a period: of which days it is, and how large."""

    __tablename__ = "influence_period"

    period: str = Field(primary_key=True, description="28 | 90 | 365 (days up to the last with a post) | all")
    start: date
    end: date = Field(description="the day after the last: half-open")
    people: int = Field(default=0, sa_type=Big, description="of the public, with a tie")
    ties: int = Field(default=0, sa_type=Big, description="pairs of them with a direction")
    communities: int = Field(default=0, sa_type=Big, description="of three people or more")
    sampled_from: int | None = Field(
        default=None, sa_type=Big, description="shortest paths drawn for betweenness; None where it is exact"
    )
    half_life_days: int = Field(default=0, sa_type=Big, description="in which a tie loses half of its weight")
    has_before: bool = Field(default=False, description="whether data reaches back over the whole period before")


class Influence(SQLModel, table=True):
    """A person's scores in the graph of who answers, mentions and shares whom, for a period.

    Rows: whoever wrote or has a tie in the period, and every customer. Scores are of the graph of the public; the rows
    of the team and of bots have only whom they talk with and where they are drawn. The muted have none.
    """

    __tablename__ = "influence"
    __table_args__ = (
        Index("ix_influence_pagerank", "period", "pagerank"),
        Index("ix_influence_in_strength", "period", "in_strength"),
        Index("ix_influence_in_people", "period", "in_people", "in_strength"),
        Index("ix_influence_betweenness", "period", "betweenness"),
        Index("ix_influence_community", "period", "community", "pagerank"),
        # of those who are of any kind, a quarter: with all that puts them in order, so that no other row is read
        Index(
            "ix_influence_kinds",
            *("period", "kinds", "pagerank", "in_people", "in_strength", "betweenness", "role", "networks"),
            sqlite_where=text("kinds <> '|'"),
            postgresql_where=text("kinds <> '|'"),
        ),
        {"sqlite_with_rowid": False},  # a period's people stand together: to look through them all takes a tenth
    )

    period: str = Field(primary_key=True)
    person_id: int = Field(sa_type=Big, primary_key=True)
    role: str | None = Field(default=None, description="team | bot | rival | None for one of the public")
    first_on: date | None = Field(default=None, description="the local day of their first post ever")
    posts: int = Field(default=0, sa_type=Big, description="inbound, in the period")
    positive: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)
    scored: int = Field(default=0, sa_type=Big)
    praise: int = Field(default=0, sa_type=Big, description="positive posts about us in the advocates' days")
    blame: int = Field(default=0, sa_type=Big, description="negative ones")
    in_strength: float = Field(default=0.0, description="weight of the replies, mentions and shares that they got")
    out_strength: float = 0.0
    in_people: int = Field(default=0, sa_type=Big, description="how many different people those are from")
    out_people: int = Field(default=0, sa_type=Big)
    in_replies: int = Field(default=0, sa_type=Big)
    in_mentions: int = Field(default=0, sa_type=Big)
    in_shares: int = Field(default=0, sa_type=Big)
    pagerank: float | None = Field(default=None, description="None for who has no tie with the public")
    core: int | None = Field(default=None, sa_type=Big)
    betweenness: float | None = Field(default=None, description="0 to 1")
    constraint: float | None = Field(default=None, description="Burt's; low for a broker; None for an isolate")
    reach: int | None = Field(default=None, sa_type=Big, description="followers of their accounts, where reported")
    h_index: int | None = Field(
        default=None, sa_type=Big, description="h posts, each shared h times or more; None where nothing reports shares"
    )
    community: int | None = Field(default=None, sa_type=Big, description="its number, 1 for the largest")
    pagerank_before: float | None = Field(default=None, description="in the period of the same length before")
    in_strength_before: float | None = None
    trend: str | None = Field(default=None, description="rising | fading | steady | new")
    kinds: str = Field(default="|", description="|advocate|hub|: the kinds of people that they are, between bars")
    networks: str = Field(default="|", description="|reddit|twitter|: where their ties of the period are")
    x: float | None = Field(default=None, description="where they are drawn, -1 to 1")
    y: float | None = None


class InfluenceCount(SQLModel, table=True):
    """How many of the public in a period are alike in what a page may choose them by. They are some hundred groups,
    however many people there are: whom a filter leaves is a sum of these."""

    __tablename__ = "influence_count"

    period: str = Field(primary_key=True)
    networks: str = Field(primary_key=True, description="as in influence")
    kinds: str = Field(primary_key=True, description="as in influence")
    mood: str = Field(primary_key=True, description="positive | neutral | negative | empty: too little is scored")
    received: str = Field(primary_key=True, description="|reply|mention|share|: which of these they got, between bars")
    people: int = Field(default=0, sa_type=Big)


class Tie(SQLModel, table=True):
    """Between the people that are drawn, the most important: who answers, mentions or shares whom, on which network."""

    __tablename__ = "tie"
    __table_args__ = (Index("ix_tie_target", "period", "target_id"),)

    period: str = Field(primary_key=True)
    source_id: int = Field(sa_type=Big, primary_key=True, description="the person who answers, mentions, shares")
    target_id: int = Field(sa_type=Big, primary_key=True)
    kind: str = Field(primary_key=True, description="reply | mention | share")
    network: str = Field(primary_key=True)
    times: int = Field(default=0, sa_type=Big)
    weight: float = Field(default=0.0, description="by kind, fading with age")


class Community(SQLModel, table=True):
    """People who talk with each other more than with others, in a period. Number 1 is the largest."""

    __tablename__ = "community"

    period: str = Field(primary_key=True)
    number: int = Field(sa_type=Big, primary_key=True)
    label: str = Field(description="what they talk about more than others do")
    size: int = Field(default=0, sa_type=Big)
    size_before: int | None = Field(
        default=None, sa_type=Big, description="people of the period before who belonged to it by whom they talked with"
    )
    words: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, description="[{word, posts}]")
    topics: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, description="[{topic, posts, lift}]")
    posts: int = Field(default=0, sa_type=Big)
    positive: int = Field(default=0, sa_type=Big)
    negative: int = Field(default=0, sa_type=Big)
    scored: int = Field(default=0, sa_type=Big)
    weight_within: float = Field(default=0.0, description="of the ties between its people")
    weight_across: float = Field(default=0.0, description="of their ties with people of others, both ways")
    x: float | None = Field(default=None, description="the middle of where its people are drawn")
    y: float | None = None


class MatchPair(SQLModel, table=True):
    """Two accounts that may be one person's: why, how surely, and what came of it. ``left_id`` < ``right_id``."""

    __tablename__ = "match_pair"
    __table_args__ = (Index("ix_match_pair_state", "state", "probability"),)

    left_id: int = Field(sa_type=Big, primary_key=True)
    right_id: int = Field(sa_type=Big, primary_key=True, index=True)
    rule: str = Field(description="verified_email | platform_id | profile_link | model")
    probability: float = Field(description="0 to 1; 1 for the rules that are certain")
    weight: float | None = Field(default=None, description="match weight: the base-2 logarithm of the odds")
    fields: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=Json, description="[{field, level, weight}]: what each field adds to the weight"
    )
    state: str = Field(default="review", description="joined | review | apart")
    reason: str | None = Field(default=None, description="why it is not joined, where it would be")


class Touch(SQLModel, table=True):
    """A contact between us and someone who can be seen to buy (a CRM contact, a buyer or a web visitor)."""

    __tablename__ = "touch"
    __table_args__ = (Index("ix_touch_person_time", "person_id", "occurred_at"), Index("ix_touch_day", "day"))

    person_id: int = Field(sa_type=Big, primary_key=True)
    kind: str = Field(primary_key=True, description="post | reply | answer (ours, to them) | share | check_in | visit")
    fact_id: int = Field(sa_type=Big, primary_key=True, description="of the post, or of the visit")
    occurred_at: datetime = Field(sa_type=UtcTime)
    day: date
    channel_id: int | None = Field(default=None, sa_type=Big, index=True)
    network: str
    layer: str = Field(description="public | hub | private")
    campaign: str | None = None
    member_id: int | None = Field(default=None, sa_type=Big, description="the person of the team who took part in it")
    host_id: int | None = Field(default=None, sa_type=Big, description="the person whose conversation it was")


class Sale(SQLModel, table=True):
    """Who takes part in a sale, a row each: ``person_id`` 0 where nobody is known.

    Of an order: who ordered, else the people of its organisation. Of a refund: those of its order. Of a deal: its
    contacts, else the people of its organisation. Team and bots never.
    """

    __tablename__ = "sale"
    __table_args__ = (Index("ix_sale_kind_day", "sale_kind", "day"), Index("ix_sale_person", "person_id"))

    sale_kind: str = Field(primary_key=True, description="order (and refund) | deal (won) | open_deal | lost_deal")
    fact_id: int = Field(sa_type=Big, primary_key=True, description="of the order or the deal")
    person_id: int = Field(sa_type=Big, primary_key=True)
    occurred_at: datetime | None = Field(default=None, sa_type=UtcTime, description="None while a deal is open")
    day: date | None = Field(default=None, description="the local day of occurred_at")
    order_id: int | None = Field(default=None, sa_type=Big, index=True, description="of a refund: the order, if known")
    journey_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="before when its touches count: of a refund, when the order was"
    )
    lead_at: datetime | None = Field(default=None, sa_type=UtcTime, description="of a deal: when it was made")
    opportunity_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="of a deal: when it first came to an opportunity"
    )
    is_refund: bool = False
    amount_minor: int = Field(default=0, sa_type=Big)
    currency: str = Field(description="empty where no amount is known")


class CreditDay(SQLModel, table=True):
    """What was sold on a day, and what each credit rule gives to each key of a dimension, in minor units.

    The rows of a day, sale kind, lookback and dimension add up to what was sold, under every rule: key "" is what no
    touch reaches, "(none)" what touches reach that have no key. Dimension "all" has one key for all touches, "(any)".
    ``markov`` is not here: it needs the transitions of the whole period.
    """

    __tablename__ = "credit_day"

    sale_kind: str = Field(primary_key=True, description="order (refunds are negative) | deal (won)")
    lookback_days: int = Field(sa_type=SmallInteger, primary_key=True)
    dimension: str = Field(primary_key=True, description="all | channel | network | layer | campaign | member | host")
    day: date = Field(primary_key=True, description="of the order, the refund or the close")
    key: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    sales: int = Field(default=0, sa_type=Big, description="sales in whose journey the key is; refunds are none")
    touched_minor: int = Field(default=0, sa_type=Big, description="what those come to, refunds taken off, each whole")
    first_touch: int = Field(default=0, sa_type=Big)
    last_touch: int = Field(default=0, sa_type=Big)
    linear: int = Field(default=0, sa_type=Big)
    time_decay: int = Field(default=0, sa_type=Big)
    u_shaped: int = Field(default=0, sa_type=Big)
    w_shaped: int = Field(default=0, sa_type=Big)
    shapley: int = Field(default=0, sa_type=Big)


class TransitionDay(SQLModel, table=True):
    """How many journeys step from one key to the next on a day: what the Markov rule needs. They start at "(start)" and
    end at "(conversion)" or "(null)"."""

    __tablename__ = "transition_day"

    sale_kind: str = Field(primary_key=True)
    lookback_days: int = Field(sa_type=SmallInteger, primary_key=True)
    dimension: str = Field(primary_key=True)
    day: date = Field(primary_key=True, description="of the sale; of a journey without one: of the touch")
    steps: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="{from: {to: journeys}}")


class PersonStage(SQLModel, table=True):
    """How far a person has come: the local day of the first sign of them in each layer, and of the first purchase."""

    __tablename__ = "person_stage"

    person_id: int = Field(sa_type=Big, primary_key=True)
    first_on: date = Field(index=True)
    first_channel_id: int | None = Field(default=None, sa_type=Big)
    path: str = Field(description="the stages reached, in order: public>private>customer", index=True)
    public_on: date | None = None
    hub_on: date | None = None
    private_on: date | None = None
    customer_on: date | None = None


class StageDay(SQLModel, table=True):
    """People by the day and channel of their first sign, and the path that they have taken since."""

    __tablename__ = "stage_day"

    first_on: date = Field(primary_key=True)
    first_channel_id: int = Field(sa_type=Big, primary_key=True, description="0 where no channel is known")
    path: str = Field(primary_key=True)
    people: int = Field(default=0, sa_type=Big)
    lags: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, description="{step: {days: people}}, such as {'public>customer': {'3': 1}}"
    )


class PersonValue(SQLModel, table=True):
    """What a customer has bought, and what the current models say of what is to come."""

    __tablename__ = "person_value"
    __table_args__ = (Index("ix_person_value_currency", "currency"),)

    person_id: int = Field(sa_type=Big, primary_key=True)
    currency: str = Field(primary_key=True)
    orders: int = Field(default=0, sa_type=Big)
    revenue_minor: int = Field(default=0, sa_type=Big, description="orders less refunds")
    first_order_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_order_at: datetime | None = Field(default=None, sa_type=UtcTime)
    deals_won: int = Field(default=0, sa_type=Big)
    deals_won_minor: int = Field(default=0, sa_type=Big)
    deals_open: int = Field(default=0, sa_type=Big)
    deals_open_minor: int = Field(default=0, sa_type=Big)
    recency_quintile: int | None = Field(default=None, sa_type=SmallInteger, description="5 is best")
    frequency_quintile: int | None = Field(default=None, sa_type=SmallInteger)
    monetary_quintile: int | None = Field(default=None, sa_type=SmallInteger)
    segment: str | None = None
    probability_alive: float | None = None
    expected_orders: float | None = Field(default=None, description="in the coming 365 days")
    expected_minor: int | None = Field(default=None, sa_type=Big, description="revenue in the coming 365 days")


class Due(SQLModel, table=True):
    """What is to be derived again before a run ends: a person's touches, stages and value, or the value alone; a day's
    credit; the words of an account that came in before there were any."""

    __tablename__ = "due"

    kind: str = Field(primary_key=True, description="person | order | deal | credit_day | stage_day | words | matching")
    key: int = Field(sa_type=Big, primary_key=True, description="the id; the day's ordinal")


class Alert(SQLModel, table=True):
    """A post of somebody who is watched, written since they are."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_time", "occurred_at", "post_id"),
        Index("ix_alert_unseen", "is_seen", "occurred_at", "post_id"),
    )

    post_id: int = Field(sa_type=Big, foreign_key="post.id", primary_key=True)
    person_id: int = Field(sa_type=Big, index=True)
    channel_id: int = Field(sa_type=Big)
    day: date = Field(index=True)
    occurred_at: datetime = Field(sa_type=UtcTime)
    is_seen: bool = Field(default=False, description="whether somebody says that they have taken note of it")


class DataVersion(SQLModel, table=True):
    """One row that counts up with every write: whatever caches a number keys it on this."""

    __tablename__ = "data_version"

    id: int = Field(default=1, sa_type=Big, primary_key=True)
    version: int = Field(default=0, sa_type=Big)
    changed_at: datetime = Field(sa_type=UtcTime)


class Job(SQLModel, table=True):
    """Work in a child process: what it does, how far it is."""

    __tablename__ = "job"

    id: int | None = Field(default=None, sa_type=Big, primary_key=True)
    kind: str = Field(index=True)
    status: str = Field(default=JobStatus.QUEUED, index=True)
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    pid: int | None = Field(default=None, sa_type=Big)
    step: str | None = None
    done: int = Field(default=0, sa_type=Big)
    total: int | None = Field(default=None, sa_type=Big)
    cancel_requested: bool = False
    started_at: datetime = Field(sa_type=UtcTime)
    heartbeat_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)
    error: str | None = None
    result: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
