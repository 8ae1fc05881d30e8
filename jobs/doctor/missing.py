"""What follows from every post and account: whether it is there for each of them, once."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, Column, delete, func, select, type_coerce
from sqlmodel import Session

from data_access.post_index import count_indexed, is_indexed, list_missing_parts
from data_access.search_words import list_account_words
from data_access.upsert import chunks
from jobs.derive.due import INFLUENCE, PERSON, WORDS
from jobs.derive.people import IDENTITY, PERSON_IDENTITY, POST, POST_DAY, POST_THREAD
from jobs.derive.people import PERSON as PERSON_TABLE
from jobs.derive.posts import POST_SCORE
from jobs.derive.words import NAMED, WORD, list_words_of
from jobs.doctor.findings import Again, Finding, or_fine, repairable

POSTS, PEOPLE, SEARCH, POST_SEARCH = "posts", "people", "search", "words"
_MANY = 20_000
#: What every tokenizer takes for one word.
_PLAIN_WORD = re.compile(r"(?<!\S)[A-Za-z0-9]{1,40}(?!\S)")
_OF_POSTS = ((POST_DAY, "a local day"), (POST_SCORE, "a score"), (POST_THREAD, "a place in a conversation"))


def check_posts(session: Session) -> list[Finding]:
    """Every post has a day, a score and a conversation."""
    count = session.execute(select(func.count()).select_from(POST)).scalar_one()
    return or_fine(POSTS, _check_posts(session), f"All {count:,} posts have their day, score and conversation.")


def _check_posts(session: Session) -> Iterator[Finding]:
    for target, what in _OF_POSTS:
        lacking = _list_lacking(session, POST.c.id, target.c.post_id)
        if lacking:
            again = Again(everything=True) if len(lacking) > _MANY else Again(posts=set(lacking))
            yield repairable(POSTS, f"{len(lacking):,} posts have not {what}.", again)


def _list_lacking(session: Session, fact: Column[int], follows: Column[int]) -> list[int]:
    there = select(follows).where(follows == fact).exists()
    return list(session.scalars(select(fact).where(~there).order_by(fact)))


def check_people(session: Session) -> list[Finding]:
    """Every account is held by one person, and every person holds an account."""
    count = session.execute(select(func.count()).select_from(IDENTITY)).scalar_one()
    return or_fine(PEOPLE, _check_people(session), f"Each of {count:,} accounts is one person's.")


def _check_people(session: Session) -> Iterator[Finding]:
    lacking = _list_lacking(session, IDENTITY.c.id, PERSON_IDENTITY.c.identity_id)
    if lacking:
        again = Again(everything=True) if len(lacking) > _MANY else Again(accounts=set(lacking))
        yield repairable(PEOPLE, f"{len(lacking):,} accounts are nobody's.", again)
    empty = _list_lacking(session, PERSON_TABLE.c.id, PERSON_IDENTITY.c.person_id)
    if empty:
        is_empty = ~select(PERSON_IDENTITY.c.person_id).where(PERSON_IDENTITY.c.person_id == PERSON_TABLE.c.id).exists()
        again = Again(gone=[delete(PERSON_TABLE).where(is_empty)])
        again.due[PERSON], again.due[INFLUENCE] = set(empty), {0}
        again.accounts = set(empty)  # where only the link is lost, the account of that number stands
        yield repairable(PEOPLE, f"{len(empty):,} persons hold no account.", again)
    lowest = func.min(PERSON_IDENTITY.c.identity_id)
    misnamed = (
        select(PERSON_IDENTITY.c.person_id)
        .group_by(PERSON_IDENTITY.c.person_id)
        .having(lowest != PERSON_IDENTITY.c.person_id)
    )
    held = select(PERSON_IDENTITY.c.identity_id).where(PERSON_IDENTITY.c.person_id.in_(misnamed))
    accounts = set(session.scalars(held))
    if accounts:
        yield repairable(PEOPLE, f"{len(accounts):,} accounts stand under the wrong person.", Again(accounts=accounts))


def check_search(session: Session, accounts: Sequence[int]) -> list[Finding]:
    """The words by which accounts are found: whether any has none, and a sample of them word by word."""
    stale = {*_list_unnamed(session), *_list_misnamed(session, accounts)}
    if not stale:
        return or_fine(SEARCH, [], f"Accounts are found by their names ({len(accounts):,} were looked at).")
    what = f"{len(stale):,} accounts are not found by all of their names."
    again = Again()
    again.due[WORDS] = stale
    return [repairable(SEARCH, what, again)]


def check_post_search(session: Session, posts: Sequence[int]) -> list[Finding]:
    """Whether the search is all there, has as many posts as there are, and finds each of a sample by a word of it."""
    count = session.execute(select(func.count()).select_from(POST)).scalar_one()
    said = f"All {count:,} posts are found by their words ({len(posts):,} were looked for)."
    return or_fine(POST_SEARCH, _check_post_search(session, posts, count), said)


def _check_post_search(session: Session, posts: Sequence[int], count: int) -> Iterator[Finding]:
    again = Again(post_index=True)
    missing = list_missing_parts(session.connection())
    if missing:
        yield repairable(POST_SEARCH, f"What the search stands on is missing: {', '.join(missing)}.", again)
        return
    held = count_indexed(session)
    if held != count:
        yield repairable(POST_SEARCH, f"The search has {held:,} posts and there are {count:,}.", again)
        return
    unfound = _count_unfound(session, posts) if session.get_bind().dialect.name == "sqlite" else 0
    if unfound:
        what = f"{unfound:,} of {len(posts):,} posts that were looked for are not found by their words."
        yield repairable(POST_SEARCH, what, again)


def _count_unfound(session: Session, posts: Sequence[int]) -> int:
    """How many of these posts are not found by the longest of their plain words."""
    unfound = 0
    for part in chunks(posts):
        moment = type_coerce(POST.c.occurred_at, BigInteger)
        for post_id, micros, said in session.execute(select(POST.c.id, moment, POST.c.text).where(POST.c.id.in_(part))):
            word = max(_PLAIN_WORD.findall(said), key=len, default=None)
            unfound += word is not None and not is_indexed(session, post_id, micros, word)
    return unfound


def _list_unnamed(session: Session) -> list[int]:
    named = IDENTITY.c.handle.is_not(None) | IDENTITY.c.display_name.is_not(None) | IDENTITY.c.email.is_not(None)
    there = select(WORD.c.identity_id).where(WORD.c.identity_id == IDENTITY.c.id).exists()
    columns = [IDENTITY.c[name] for name in ("id", *NAMED)]
    rows = session.execute(select(*columns).where(named, ~there))
    return [row.id for row in rows if list_account_words(*row[1:])]


def _list_misnamed(session: Session, accounts: Sequence[int]) -> set[int]:
    misnamed: set[int] = set()
    columns = [IDENTITY.c[name] for name in ("id", *NAMED)]
    for part in chunks(accounts):
        rows = session.execute(select(*columns).where(IDENTITY.c.id.in_(part))).all()
        wanted: dict[int, set[str]] = {row.id: set() for row in rows}
        for account, word in list_words_of(session, rows):
            wanted[account].add(word)
        held: dict[int, set[str]] = {account: set() for account in wanted}
        words = select(WORD.c.identity_id, WORD.c.word).where(WORD.c.identity_id.in_(part))
        for account, word in session.execute(words):
            held.setdefault(account, set()).add(word)
        misnamed.update(account for account, words_of in wanted.items() if held[account] != words_of)
    return misnamed
