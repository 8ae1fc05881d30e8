"""Who waits for an answer, the most urgent first, and what has been decided about each case.

Who waits is who waits for us. Said to us is what names or answers the team or names a brand of ours, wherever it
stands; and in a channel of our brands or the private community all but what answers another member. Where no brand is
ours and nothing is private, nobody can tell: then everyone who wrote waits.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.influence_people import DEALS, ORDERS, add_up_worth
from answers.muted import mutes_nothing, read_muted
from answers.scope import Scope, channel_ids, read_scope
from data_access.brands import list_own_brands
from data_access.models.decisions import CaseEventKind
from data_access.models.facts import ChannelKind
from data_access.queries.cases import list_case_events
from data_access.queries.influencers import list_worth
from data_access.queries.posts import read_texts
from data_access.queries.turns import (
    MOST_WAITING,
    has_team,
    list_open_turns,
    list_posts_naming,
    read_addressed,
    read_turn_details,
)
from metrics.money import minor_digits
from metrics.priority import priority, priority_points

WAITING = "waiting"
SNOOZED = "snoozed"
MUTED = "muted word"
#: Decisions that take a case off the list, until a newer post brings it back.
SETTLING = (CaseEventKind.ANSWERED_ELSEWHERE, CaseEventKind.NO_ANSWER_NEEDED)
_HIDING = (*SETTLING, CaseEventKind.SNOOZED)
#: So many of the newest turns in channels that are not ours are looked at, however many there are in ours: so that a
#: longer period has all that a shorter one has.
MOST_ELSEWHERE = 300
#: A row of ``list_case_events``.
Event = Any
_STATE_DTYPES = {
    "state": "object",
    "assignee": "object",
    "notes": "int64",
    "last_note": "object",
    "snoozed_until": "datetime64[us, UTC]",
}
#: What stands about a case that nobody has decided on.
_UNDECIDED = {"state": WAITING, "assignee": None, "notes": 0, "last_note": None, "snoozed_until": pd.NaT}


@dataclass(frozen=True)
class Asked:
    """Whose turns are asked for: those of a period and channels, of everyone or of some, or complaints alone."""

    filters: Filters
    person: int | tuple[int, ...] | None
    complaints_only: bool


@dataclass(frozen=True)
class Waiting:
    """Who waits, at the end of the data (``as_of``, UTC; waiting is measured to it and not to the clock).

    ``turns``: a row each, most urgent first: the columns of ``data_access.queries.turns.list_open_turns``, and
    ``waiting_seconds`` (int64), ``target_seconds``, ``negative_share`` (0 to 1), ``is_to_us`` (bool), ``priority`` (0
    to 100), ``state`` (``waiting``, or why it is off the list), ``assignee``, ``snoozed_until`` (UTC or NaT), ``notes``
    (how many), ``last_note``; ``bought`` and ``bought_minor`` (int64), how and how much as ``read_bought``, and
    ``worth``, the same in whole units; where they are detailed, those of ``read_turn_details`` and ``reason`` (plain
    words). ``waiting`` counts those on the list, ``settled`` those that decisions or muted words took off; those of
    them that are said to us, ``waiting_for_us`` and ``settled_for_us``. ``is_cut`` says that only the newest
    ``MOST_WAITING`` of our channels were looked at (of all, where none is ours or some people are asked for),
    ``is_cut_elsewhere`` that of others only the newest ``MOST_ELSEWHERE`` were.
    ``is_told``: whether anything says which channels are ours; ``has_brand``: whether any brand is.
    """

    filters: Filters
    as_of: datetime | None
    turns: pd.DataFrame = field(repr=False)
    waiting: int
    settled: int
    is_cut: bool
    is_cut_elsewhere: bool = False
    is_told: bool = True
    has_brand: bool = True
    waiting_for_us: int = 0
    settled_for_us: int = 0

    @property
    def is_least(self) -> bool:
        """Whether there may be more, since not all were looked at."""
        return self.is_cut or self.is_cut_elsewhere

    @property
    def customers(self) -> "Waiting":
        """Of these, those of who bought something; of what was settled, as far as it is among the turns."""
        turns = self.turns[self.turns["bought_minor"] > 0].reset_index(drop=True)
        is_waiting, is_to_us = turns["state"] == WAITING, turns["is_to_us"]
        return replace(
            self,
            turns=turns,
            waiting=int(is_waiting.sum()),
            settled=int((~is_waiting).sum()),
            waiting_for_us=int((is_waiting & is_to_us).sum()),
            settled_for_us=int((~is_waiting & is_to_us).sum()),
        )

    @property
    def to_us(self) -> "Waiting":
        """Of these, those that are said to us; all, where nothing tells which are."""
        if not self.is_told:
            return self
        said = self.turns[self.turns["is_to_us"]].reset_index(drop=True)
        return replace(self, turns=said, waiting=self.waiting_for_us, settled=self.settled_for_us)


def read_waiting(
    session: Session,
    filters: Filters,
    *,
    person: int | tuple[int, ...] | None = None,
    complaints_only: bool = False,
    include_settled: bool = False,
    detailed: bool = True,
    scope: Scope | None = None,
) -> Waiting:
    """The turns that opened in the period and that nobody has answered, of everyone, of one ``person`` or of several;
    with ``complaints_only`` those that hold a negative post.

    With ``include_settled``, also those that somebody settled or snoozed here, with their state, so that a decision can
    be undone. Without ``detailed`` the turns do not say who, where and what: ``detail`` adds that to those that are
    shown.
    """
    scope = scope or read_scope(session)
    brands = list_own_brands(session)
    asked = Asked(filters, person, complaints_only)
    turns, is_cut, is_cut_elsewhere = _read_newest(session, asked, scope)
    turns = _with_worth(session, _with_states(session, turns, scope.last_moment), scope)
    turns = _with_priority(turns.assign(is_to_us=_is_to_us(session, turns, scope, brands)), scope)
    is_waiting, is_to_us = turns["state"] == WAITING, turns["is_to_us"]
    shown = turns if include_settled else turns[is_waiting]
    shown = shown.sort_values(["priority", "opened_at", "opened_post_id"], ascending=[False, True, True])
    shown = shown.reset_index(drop=True)
    if detailed:
        shown = detail(shown, read_turn_details(session, shown["opened_post_id"].tolist()))
    return Waiting(
        filters,
        scope.last_moment,
        shown,
        waiting=int(is_waiting.sum()),
        settled=int((~is_waiting).sum()),
        is_cut=is_cut,
        is_cut_elsewhere=is_cut_elsewhere,
        is_told=_is_told(brands, scope),
        has_brand=bool(brands),
        waiting_for_us=int((is_waiting & is_to_us).sum()),
        settled_for_us=int((~is_waiting & is_to_us).sum()),
    )


def _read_newest(session: Session, asked: Asked, scope: Scope) -> tuple[pd.DataFrame, bool, bool]:
    """The newest open turns of our channels, then of others; and whether there are more of either. What strangers say
    to each other keeps nobody who talks with us off the list."""
    chosen = channel_ids(scope, asked.filters)
    ours = _our_channels(scope) & set(chosen)
    elsewhere = tuple(channel for channel in chosen if channel not in ours)
    named: dict[str, Any] = {"person": asked.person, "complaints_only": asked.complaints_only}
    named |= {"start": asked.filters.start, "end": asked.filters.end}
    if asked.person is not None:  # what they said anywhere is found at once
        turns = list_open_turns(session, channels=tuple(sorted(chosen)), limit=MOST_WAITING + 1, **named)
        return turns.head(MOST_WAITING), len(turns) > MOST_WAITING, False
    if not ours:
        turns = list_open_turns(session, channels=elsewhere, limit=MOST_WAITING + 1, **named)
        return turns.head(MOST_WAITING), len(turns) > MOST_WAITING, False
    turns = list_open_turns(session, channels=tuple(sorted(ours)), limit=MOST_WAITING + 1, **named)
    is_cut, turns = len(turns) > MOST_WAITING, turns.head(MOST_WAITING)
    if not elsewhere:
        return turns, is_cut, False
    others = list_open_turns(session, channels=elsewhere, limit=MOST_ELSEWHERE + 1, **named)
    turns = pd.concat([turns, others.head(MOST_ELSEWHERE)], ignore_index=True)
    return turns, is_cut, len(others) > MOST_ELSEWHERE


def _our_channels(scope: Scope) -> set[int]:
    """The channels of our brands, and those of the private community."""
    rows = zip(*(scope.channels[name].tolist() for name in ("id", "kind", "brand", "is_competitor")), strict=True)
    return {
        int(number)
        for number, kind, brand, is_competitor in rows
        if kind == ChannelKind.PRIVATE or (isinstance(brand, str) and not is_competitor)
    }


def detail(turns: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    """Turns of ``Waiting`` with their ``details``, as ``data_access.queries.turns.read_turn_details``, and why each
    stands where it does: ``reason``."""
    return turns.assign(reason=priority(turns)["reason"]).merge(details, on="opened_post_id", how="left")


#: Of a case, what somebody reads who is handed the list.
_LISTED = ["person", "handle", "channel", "network", "opened_at", "last_at", "posts", "title", "text", "opened_text"]
_LISTED += ["url", "priority", "reason", "bought", "worth", "state", "assignee", "notes", "last_note"]


def list_cases(session: Session, waiting: Waiting) -> pd.DataFrame:
    """All that is listed, the most urgent first, for who works elsewhere: ``person`` (name), ``handle``, ``channel``,
    ``network``; ``opened_at``, ``last_at`` (UTC); ``posts``; ``title``, ``text``, ``opened_text``, ``url``;
    ``priority`` (0 to 100), ``reason``; ``bought`` and ``worth``, how and how much in the workspace's currency;
    ``state``, ``assignee``, ``notes`` (how many), ``last_note``."""
    turns = waiting.turns
    if "text" not in turns:
        turns = detail(turns, read_turn_details(session, turns["opened_post_id"].tolist()))
    return turns[_LISTED]


def read_bought(session: Session, people: Collection[int], scope: Scope) -> dict[int, tuple[str, int]]:
    """What each of these people bought so far, by ``person_id``: ``bought`` (orders less refunds) or, of who ordered
    nothing, ``in deals won``; and how much, in minor units of the workspace's currency. Who is known to have bought
    nothing is missing."""
    found: dict[int, tuple[str, int]] = {}
    rows = list_worth(session, people)
    if rows.empty:
        return found
    is_ours = (rows["currency"] == scope.settings.currency).all()
    for column, words in ((DEALS, "in deals won"), (ORDERS, "bought")):
        revenue = rows.set_index("person_id")[column] if is_ours else add_up_worth(rows, column, scope)
        amounts = zip(revenue.index.tolist(), revenue.tolist(), strict=True)
        found |= {person: (words, int(minor)) for person, minor in amounts if minor > 0}
    return found


def describe_customer(how: str, minor: int, currency: str) -> str:
    """What somebody bought, as ``read_bought`` has it, in words.

    >>> describe_customer("bought", 4_000_000, "EUR")
    'customer, EUR 40,000.00 bought'
    """
    digits = minor_digits(currency)
    return f"customer, {currency} {Decimal(minor).scaleb(-digits):,.{digits}f} {how}"


def _with_worth(session: Session, turns: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    people = turns["person_id"].tolist()
    bought = read_bought(session, set(people), scope)
    nothing = (None, 0)
    minor = [bought.get(person, nothing)[1] for person in people]
    how = pd.Series([bought.get(person, nothing)[0] for person in people], index=turns.index, dtype="object")
    worth = np.array(minor, dtype="float64") / 10 ** minor_digits(scope.settings.currency)
    return turns.assign(bought=how, bought_minor=np.array(minor, dtype="int64"), worth=worth)


def count_waiting_in(session: Session, conversations: Collection[int], scope: Scope) -> dict[int, int]:
    """How many wait for us in each of these conversations, whenever they began to: a decision settles all of them."""
    turns = list_open_turns(
        session, start=date.min, end=date.max, channels=scope.channels["id"].tolist(), conversations=conversations
    )
    states = _with_states(session, turns, scope.last_moment)
    brands = list_own_brands(session)
    is_counted = states["state"] == WAITING
    if _is_told(brands, scope):
        is_counted &= _is_to_us(session, turns, scope, brands)
    counts = states.loc[is_counted, "conversation_id"].value_counts()
    return {int(str(conversation)): int(count) for conversation, count in counts.items()}


def _is_told(brands: Collection[int], scope: Scope) -> bool:
    """Whether anything says which channels are ours."""
    return bool(brands) or bool((scope.channels["kind"] == ChannelKind.PRIVATE).any())


def _is_to_us(session: Session, turns: pd.DataFrame, scope: Scope, brands: Collection[int]) -> pd.Series:
    """Whether each is said to us. Of the posts of a turn the first and the newest say to whom; what hangs from one's
    own post says nothing."""
    in_ours = turns["channel_id"].isin(_our_channels(scope))
    opened, last = turns["opened_post_id"], turns["last_post_id"]
    # who begins a thread in a channel of ours talks to us: only of the rest it must be looked up
    unsure = turns[~in_ours | turns["opened_answers"]]
    posts = {*unsure["opened_post_id"].tolist(), *unsure["last_post_id"].tolist()}
    addressed = read_addressed(session, posts)
    to_members = addressed.to_members if addressed.to_members and has_team(session) else set()
    naming = addressed.to_team | list_posts_naming(session, brands, posts)
    answers_member = opened.isin(to_members) & (last.isin(to_members) | turns["last_answers"])
    return (in_ours & ~answers_member) | opened.isin(naming) | last.isin(naming)


def _with_priority(turns: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    now = pd.Timestamp(scope.last_moment) if scope.last_moment else pd.NaT
    waited = (now - turns["waiting_since"]).dt.total_seconds().fillna(0).clip(lower=0).astype("int64")
    known = turns.assign(
        waiting_seconds=waited,
        negative_share=turns["negative_posts"] / turns["posts"].clip(lower=1),
        target_seconds=scope.settings.response_target_minutes * 60,
    )
    return known.assign(priority=priority_points(known)).drop(columns="waiting_since")


def _with_states(session: Session, turns: pd.DataFrame, now: datetime | None) -> pd.DataFrame:
    events = list_case_events(session, turns["case_native_id"].unique().tolist())
    by_case: dict[tuple[str, str, str], list[Event]] = {}
    for event in events.itertuples(index=False):
        by_case.setdefault((event.network, event.source, event.native_id), []).append(event)
    is_muted = read_muted(session)
    states = {name: np.full(len(turns), value, dtype="object") for name, value in _UNDECIDED.items()}
    cases = list(zip(*(turns[f"case_{name}"] for name in ("network", "source", "native_id")), strict=True))
    decided = [place for place, case in enumerate(cases) if case in by_case]
    since = turns["opened_at"].copy()
    for place, turn in zip(decided, turns.iloc[decided].itertuples(index=False), strict=True):
        state = _case_state(by_case[cases[place]], turn, now)
        since.iloc[place] = state.pop("waiting_since")
        for name, value in state.items():
            states[name][place] = value
    states["state"][_places_muted(session, turns, is_muted)] = MUTED
    columns = {name: pd.Series(states[name], index=turns.index, dtype=dtype) for name, dtype in _STATE_DTYPES.items()}
    return turns.assign(**columns, waiting_since=since)


def _places_muted(session: Session, turns: pd.DataFrame, is_muted: Callable[[str], bool]) -> list[int]:
    if mutes_nothing(is_muted):
        return []
    first, last = turns["opened_post_id"].tolist(), turns["last_post_id"].tolist()
    muted = {post for post, text in read_texts(session, {*first, *last}).items() if is_muted(text)}
    return [place for place, posts in enumerate(zip(first, last, strict=True)) if not muted.isdisjoint(posts)]


def _case_state(events: Sequence[Event], turn: Any, now: datetime | None) -> dict[str, Any]:
    """What stands about a case, for one turn of it.

    A decision settles what had been said when it was taken (``covers_until``). If the person has written since, the
    turn is back on the list, and waits since that post: they were told, or needed, nothing until then.
    """
    state, since, until = WAITING, turn.opened_at, pd.NaT
    for event in (event for event in events if event.kind in _HIDING):
        if pd.notna(event.covers_until) and turn.last_at > event.covers_until:
            if event.kind in SETTLING and since <= event.covers_until:
                since = turn.last_at
        elif event.kind in SETTLING:
            state = event.kind.replace("_", " ")
        elif now is not None and pd.notna(event.until) and event.until > now:
            until = event.until
            state = SNOOZED if state == WAITING else state
    assignees = [event.assignee for event in events if event.kind == CaseEventKind.ASSIGNED]
    notes = [event.note for event in events if event.kind == CaseEventKind.NOTE]
    return {
        "state": state,
        "assignee": assignees[-1] if assignees else None,
        "notes": len(notes),
        "last_note": notes[-1] if notes else None,
        "snoozed_until": until,
        "waiting_since": since,
    }
