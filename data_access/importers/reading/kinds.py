"""What the rows of a table are: posts, people, organisations, deals, orders, visits or feedback; and why."""

from collections.abc import Mapping

from data_access.importers.reading.guessing import BY_NAME, Columns, FieldGuess, called, normal_name
from data_access.importers.reading.synonyms import (
    ALIASES,
    DEALS,
    FEEDBACK,
    KINDS,
    ORDERS,
    ORGANISATIONS,
    PEOPLE,
    POSTS,
    VISITS,
)

Guesses = Mapping[str, FieldGuess]

#: The reason of a kind that nothing tells.
UNTOLD = "nothing tells what they are"

_SOCIAL = ("likes", "shares", "replies", "views", "reach", "parent")
_REMARKS = frozenset(["comment", "comments"])
#: What an amount with a time has to have beside it to be a sale rather than a measurement.
_SALE = ("currency", "email", "customer", "customer_name", "organization", "product", "quantity", "refund_of", "id")
_WEAK_TEXTS = frozenset(["description", "note", "snippet", "caption"])
_ANSWERS = """
nps nps_score likelihood_to_recommend would_recommend how_likely csat csat_score satisfaction satisfaction_score
customer_satisfaction satisfaction_rating choice poll_choice poll_answer selected_option chosen_option
"""
_VISITORS = """
visitor_id visitor anonymous_id client_id session_id cookie_id device_id user_pseudo_id fullvisitorid session
"""
_PAGES = "page_url page_location landing_page landing_page_url page_path entry_page"
#: Names that only such tables have.
_SURE_ANSWERS, _SURE_VISITORS, _SURE_PAGES = (frozenset(names.split()) for names in (_ANSWERS, _VISITORS, _PAGES))


def kind_named(name: str) -> str | None:
    """The kind of table that a word means; None where it means none.

    >>> kind_named("Contacts"), kind_named("orders"), kind_named("Message Type")
    ('people', 'orders', None)
    """
    word = name.strip().lower()
    return word if word in KINDS else ALIASES.get(word)


def guess_kind(guesses: Guesses, columns: Columns, allowed: Guesses) -> tuple[str, str]:
    """The kind of a table, of those allowed, and the reason, as a sentence's end: "there are amounts and times". The
    first where nothing speaks for any."""
    for kind, tell in _TELLS:
        if kind in allowed and meets_needs(kind, guesses[kind]):
            reason = tell(guesses[kind], guesses, columns)
            if reason is not None:
                return kind, reason
    if PEOPLE in allowed and (reason := _tell_people(guesses[PEOPLE], guesses, columns)) is not None:
        return PEOPLE, reason  # names without anything to know people by: say that rather than ask for texts
    return next(iter(allowed)), UNTOLD


def meets_needs(kind: str, guess: FieldGuess) -> bool:
    """Whether every field that a kind needs has a column."""
    return all(any(name in guess.fields for name in group) for group in KINDS[kind].needs)


def _cite(guess: FieldGuess, *names: str) -> str:
    """The columns of these fields, quoted.

    >>> _cite(FieldGuess({"amount": "Total", "time": "Day"}), "amount", "time", "id")
    "'Total' and 'Day'"
    """
    columns = list(dict.fromkeys(repr(guess.fields[name]) for name in names if name in guess.fields))
    return " and ".join([", ".join(columns[:-1]), columns[-1]] if len(columns) > 1 else columns)


def _is_called(guess: FieldGuess, name: str, names: frozenset[str]) -> bool:
    return name in guess.fields and called(guess.fields[name]) in names


def _has_strong_text(guesses: Guesses, columns: Columns) -> bool:
    """Whether a column that is called what only posts call it is filled with texts."""
    column = guesses[POSTS].fields.get("text")
    if column is None or guesses[POSTS].reasons.get("text") != BY_NAME:
        return False
    is_weak = called(column.rpartition(".")[2]) in _WEAK_TEXTS
    return not is_weak and len(columns.values[column]) >= columns.rows / 2


def _is_social(guesses: Guesses) -> bool:
    return any(name in guesses[POSTS].fields for name in _SOCIAL)


def _tell_feedback(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    answers = [name for name in ("nps", "csat", "choice") if name in guess.fields]
    is_sure = any(_is_called(guess, name, _SURE_ANSWERS) for name in answers)
    is_comment = _is_called(guesses[POSTS], "text", _REMARKS)
    is_post = _is_social(guesses) or (_has_strong_text(guesses, columns) and not is_comment)
    if _is_social(guesses) or (not is_sure and (is_post or not _has_person(guess) or answers == ["choice"])):
        return None
    return f"there are answers in {_cite(guess, *answers)}"


def _has_person(guess: FieldGuess) -> bool:
    return any(name in guess.fields for name in ("person", "email", "name"))


def _tell_social(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    if not _is_social(guesses):
        return None
    return f"there are texts in {_cite(guess, 'text', 'title')}, and {_cite(guess, *_SOCIAL)}"


def _tell_deals(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    named = [column for column in columns.names if normal_name(column).startswith(("deal", "opportunity"))]
    if "stages" in guess.fields:
        return f"there are dates of stages in {_cite(guess, 'stages')}"
    if "stage" in guess.fields and (named or any(name in guess.fields for name in ("amount", "closed", "won"))):
        return f"there are stages in {_cite(guess, 'stage')}"
    if named and ("won" in guess.fields or "amount" in guess.fields):
        return f"a column is called {named[0]!r}"
    return None


def _tell_orders(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    is_sale = any(name in guess.fields for name in _SALE)
    if _has_strong_text(guesses, columns) or not is_sale:
        return None
    return f"there are amounts in {_cite(guess, 'amount')} and times in {_cite(guess, 'time')}"


def _tell_visits(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    named = [name for name in ("utm_source", "utm_medium", "utm_campaign") if name in guess.fields]
    is_tagged = any(normal_name(guess.fields[name]).startswith("utm") for name in named) or len(named) > 1
    is_page = _is_called(guess, "url", _SURE_PAGES)
    is_seen = _is_called(guess, "visitor", _SURE_VISITORS) and "url" in guess.fields
    if _has_strong_text(guesses, columns) or not (is_tagged or "referrer" in guess.fields or is_page or is_seen):
        return None
    return f"visitors and pages are in {_cite(guess, 'visitor', 'email', 'url', 'referrer', *named)}"


def _tell_written(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    return f"there are texts in {_cite(guess, 'text')}" if _has_strong_text(guesses, columns) else None


def _tell_people(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    # what lies inside another object is part of a network's own export
    whole = {name for name, spec in guess.fields.items() if "." not in spec}
    about = [name for name in ("first_name", "last_name", "name", "organization") if name in whole]
    if "email" in whole and (about or "text" not in guesses[POSTS].fields):
        return f"there are people in {_cite(guess, 'email', *about)}"
    for names in (("first_name", "last_name"), ("handle", "bio"), ("handle", "followers")):
        if whole.issuperset(names):
            return f"there are people in {_cite(guess, *names)}"
    return None


def _tell_organisations(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    about = [name for name in ("domain", "sector", "employees") if name in guess.fields]
    is_named = called(guess.fields["name"]) != "name"
    if not about or (len(about) < 2 and not is_named) or "text" in guesses[POSTS].fields:
        return None
    return f"there are organisations in {_cite(guess, 'name', *about)}"


def _tell_readable(guess: FieldGuess, guesses: Guesses, columns: Columns) -> str | None:
    return f"there are texts in {_cite(guess, 'text', 'title')} and times in {_cite(guess, 'time')}"


#: In this order: what has a sign of its own before what any table may have.
_TELLS = (
    (FEEDBACK, _tell_feedback),
    (POSTS, _tell_social),
    (DEALS, _tell_deals),
    (ORDERS, _tell_orders),
    (VISITS, _tell_visits),
    (POSTS, _tell_written),
    (PEOPLE, _tell_people),
    (ORGANISATIONS, _tell_organisations),
    (POSTS, _tell_readable),
)
