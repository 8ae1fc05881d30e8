"""Erase a person: what they wrote and who they are go; sums of money stay, as nobody's."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, Row, Table, delete, func, or_, select, tuple_, update
from sqlmodel import Session

from data_access.decisions import ON_FACTS
from data_access.erasure import remember_erasure
from data_access.identity_names import list_names
from data_access.models import decisions, derived, facts
from data_access.models.facts import NameKind
from data_access.post_index import forget_removed_words
from data_access.records import handle_id
from data_access.store import reading, writing
from data_access.upsert import Key, chunks, table
from jobs.derive import load_rules
from jobs.derive.due import PERSON as DUE_PERSON
from jobs.derive.due import mark_due, note_influence, settle_due
from jobs.derive.influence_counts import is_of_people, uncount
from jobs.derive.people import IDENTITY, INTERACTION, PERSON_IDENTITY, POST
from jobs.erasure_traces import Erased, describe_erased, erase_traces, overwrite_what_goes
from jobs.influence import derive_influence
from jobs.launch import is_busy
from jobs.matching import match_accounts
from jobs.progress import Cancelled, Progress, Silence
from jobs.undo import remove_accounts, remove_posts
from metrics.matching_clusters import own_address

_AT_A_TIME = 300
#: With more posts than these, erasing takes longer than anybody waits at a button.
MANY_POSTS = 500
#: With more accounts than these, it waits for the next import where all are to be looked at to find who is who.
MANY_ACCOUNTS = 5_000
#: Posts of a store whose search takes longer to clear than somebody waits for.
LARGE_STORE = 200_000
VISIT = table(facts.Visit)
ORDER = table(facts.Order)
FEEDBACK = table(facts.Feedback)
DEAL_CONTACT = table(facts.DealContact)
CHANNEL = table(facts.Channel)
MATCH = table(decisions.MatchDecision)
INFLUENCE = table(derived.Influence)
TIE = table(derived.Tie)
COMMUNITY = table(derived.Community)
_ON_FACTS = tuple(table(kind) for kind in ON_FACTS)


class NobodyToErase(LookupError):
    """There is no such person."""


def erase_person(engine: Engine, *, person_id: int, decided_by: str) -> None:
    """Erase a person with all their accounts (``erase_accounts``), and derive the scores of the others anew. Raises
    ``NobodyToErase``."""
    erase_accounts(engine, accounts=list_accounts_to_erase(engine, person_id), decided_by=decided_by)
    derive_influence(engine, Silence())


def list_accounts_to_erase(engine: Engine, person_id: int) -> list[int]:
    """The ids of a person's accounts. Raises ``NobodyToErase``."""
    with reading(engine) as session:
        held = select(PERSON_IDENTITY.c.identity_id).where(PERSON_IDENTITY.c.person_id == person_id)
        accounts = list(session.scalars(held.order_by(PERSON_IDENTITY.c.identity_id)))
    if not accounts:
        raise NobodyToErase(f"Nobody here has the id {person_id}: they may have been erased before.")
    return accounts


def is_long_to_erase(engine: Engine, accounts: Sequence[int]) -> bool:
    """Whether to erase these accounts in a job of kind "erase": they wrote much, or something in a large store, whose
    search is to be cleared of it; or an import runs, for whose end it has to wait."""
    with reading(engine) as session:
        posts = session.scalar(select(func.count()).select_from(POST).where(POST.c.author_id.in_(accounts))) or 0
        is_large = (session.scalar(select(func.max(POST.c.id))) or 0) > LARGE_STORE
        return posts > MANY_POSTS or (posts > 0 and is_large) or is_busy(session, "erase")


def erase_accounts(
    engine: Engine, *, accounts: Sequence[int], decided_by: str, progress: Progress | None = None
) -> None:
    """Erase a person's accounts, and remember by salted hashes that they are not to come in again.

    Gone: accounts, posts, visits, likes and other acts, decisions that name them; their names, handles and addresses
    in refused rows, settings and titles; their scores and ties, and the names of their communities. Kept as nobody's:
    orders, deals and scores of feedback, so that revenue stays what it was. What others wrote about them stays. In
    short transactions, the hashes first: killed, it is finished by erasing whoever is left; it cannot be cancelled
    half-way. The scores of the others are due after it (``jobs.influence.derive_influence``), and who is who of those
    that had something in common with them where it takes long to find (``MANY_ACCOUNTS``). No import may be reading
    meanwhile (``is_long_to_erase``). Raises ``NobodyToErase``.
    """
    progress = progress or Silence()
    erased = _remember(engine, accounts, decided_by)
    erase_traces(engine, erased)
    posts = _erase_all_posts(engine, erased.accounts, progress)
    with writing(engine) as session:
        overwrite_what_goes(session)
        _erase_acts(session, erased.accounts)
        _erase_decisions(session, IDENTITY, erased.accounts)
        held = select(PERSON_IDENTITY.c.person_id).where(PERSON_IDENTITY.c.identity_id.in_(erased.accounts))
        people = set(session.scalars(held))
        mark_due(session, DUE_PERSON, people)
        # an account that was a person of its own when scores were derived has them under its own id
        _erase_scores(session, people | set(erased.accounts))
        remove_accounts(session, load_rules(session), erased.accounts)
    settle_due(engine)
    if posts:
        with suppress(Cancelled):
            progress.step("Clearing the search of what they wrote")
        forget_removed_words(engine)
    # without them, an address may be the other's alone: it ties that one to others now
    match_accounts(engine, Silence(), changed=(), at_most=MANY_ACCOUNTS)
    settle_due(engine)


def _remember(engine: Engine, accounts: Sequence[int], decided_by: str) -> Erased:
    with writing(engine) as session:
        rows = session.execute(select(IDENTITY).where(IDENTITY.c.id.in_(accounts)).order_by(IDENTITY.c.id)).all()
        if not rows:
            raise NobodyToErase("None of these accounts is here any more: they may have been erased before.")
        keys: list[Key] = [(row.network, row.source, row.native_id) for row in rows]
        keys += [(row.network, row.source, handle_id(row.handle)) for row in rows if row.handle]
        handles, names = _list_earlier(session, rows)
        keys += [(network, source, handle_id(handle)) for network, source, handle in handles]
        own = {address for row in rows if (address := own_address(row.email, row.email_verified))}
        held = func.lower(func.trim(IDENTITY.c.email))
        others = select(held).where(held.in_(own), IDENTITY.c.id.not_in([row.id for row in rows]))
        owned = select(CHANNEL.c.network, CHANNEL.c.source, CHANNEL.c.native_id).where(CHANNEL.c.owner_id.in_(accounts))
        remember_erasure(
            session,
            keys,
            # one that somebody else has as well is nobody's alone: it would keep strangers out
            sorted(own - set(session.scalars(others))),
            decided_by=decided_by,
            names=[*(row.display_name for row in rows if row.display_name), *names],
            channels=[(row.network, row.source, row.native_id) for row in session.execute(owned)],
        )
        return describe_erased(rows, handles=[handle for _, _, handle in handles], names=names)


def _list_earlier(session: Session, rows: Sequence[Row[Any]]) -> tuple[list[Key], list[str]]:
    """The handles and the names that these accounts had before, without handles that somebody else has now."""
    earlier = list_names(session, [row.id for row in rows])
    handles: list[Key] = []
    for row in rows:
        own = [name for kind, name in earlier.get(row.id, ()) if kind == NameKind.HANDLE]
        place = (IDENTITY.c.network == row.network, IDENTITY.c.source == row.source, IDENTITY.c.id != row.id)
        taken = select(IDENTITY.c.handle_key).where(*place, IDENTITY.c.handle_key.in_([name.lower() for name in own]))
        others = set(session.scalars(taken))
        handles += [(row.network, row.source, name) for name in own if name.lower() not in others]
    return handles, [name for found in earlier.values() for kind, name in found if kind == NameKind.DISPLAY_NAME]


def _erase_all_posts(engine: Engine, accounts: Sequence[int], progress: Progress) -> int:
    with reading(engine) as session:
        total = session.scalar(select(func.count()).select_from(POST).where(POST.c.author_id.in_(accounts)))
    done = 0
    with suppress(Cancelled):
        progress.step("Erasing what they wrote", total, "posts")
    while erased := _erase_posts(engine, accounts):
        done += erased
        with suppress(Cancelled):  # half erased is neither: what is begun is finished
            progress.at(done)
    return done


def _erase_posts(engine: Engine, accounts: Sequence[int]) -> int:
    with writing(engine) as session:
        overwrite_what_goes(session)
        theirs = select(POST.c.id).where(POST.c.author_id.in_(accounts)).order_by(POST.c.id).limit(_AT_A_TIME)
        ids = list(session.scalars(theirs))
        if ids:
            _erase_decisions(session, POST, ids)
            remove_posts(session, load_rules(session), ids)
        return len(ids)


def _erase_acts(session: Session, accounts: Sequence[int]) -> None:
    connection = session.connection()
    for part in chunks(accounts):
        acts = or_(INTERACTION.c.actor_id.in_(part), INTERACTION.c.target_id.in_(part))
        connection.execute(delete(INTERACTION).where(acts))
        connection.execute(delete(VISIT).where(VISIT.c.identity_id.in_(part)))
        for sold, key in ((ORDER, ORDER.c.id), (DEAL_CONTACT, DEAL_CONTACT.c.deal_id)):
            kind = "order" if sold is ORDER else "deal"
            mark_due(session, kind, session.scalars(select(key).where(sold.c.identity_id.in_(part))))
        connection.execute(delete(DEAL_CONTACT).where(DEAL_CONTACT.c.identity_id.in_(part)))
        connection.execute(update(ORDER).where(ORDER.c.identity_id.in_(part)).values(identity_id=None))
        said: dict[str, Any] = {"identity_id": None, "comment": None}
        connection.execute(update(FEEDBACK).where(FEEDBACK.c.identity_id.in_(part)).values(**said))
        connection.execute(update(CHANNEL).where(CHANNEL.c.owner_id.in_(part)).values(owner_id=None))


def _erase_scores(session: Session, people: Collection[int]) -> None:
    """Drop the scores and ties of these people, and what the communities they were in are called after: it may be their
    words."""
    connection = session.connection()
    for part in chunks(sorted(people)):
        is_theirs = is_of_people(part)
        places = select(INFLUENCE.c.period, INFLUENCE.c.community).where(is_theirs, INFLUENCE.c.community.is_not(None))
        for period, number in session.execute(places.distinct()).all():
            nameless: dict[str, Any] = {"label": f"Group {number}", "words": [], "topics": []}
            its_row = (COMMUNITY.c.period == period, COMMUNITY.c.number == number)
            connection.execute(update(COMMUNITY).where(*its_row).values(**nameless))
        connection.execute(delete(TIE).where(or_(TIE.c.source_id.in_(part), TIE.c.target_id.in_(part))))
        uncount(session, is_theirs)
        connection.execute(delete(INFLUENCE).where(is_theirs))
    note_influence(session)


def _erase_decisions(session: Session, target: Table, ids: Sequence[int]) -> None:
    """Drop what people here said of these facts: it names them."""
    connection = session.connection()
    for part in chunks(ids):
        columns = select(target.c.network, target.c.source, target.c.native_id).where(target.c.id.in_(part))
        keys = [tuple(row) for row in session.execute(columns)]
        for kind in _ON_FACTS:
            connection.execute(delete(kind).where(tuple_(kind.c.network, kind.c.source, kind.c.native_id).in_(keys)))
        for side in ("left", "right"):
            named = tuple_(*(MATCH.c[f"{side}_{name}"] for name in ("network", "source", "native_id")))
            connection.execute(delete(MATCH).where(named.in_(keys)))
