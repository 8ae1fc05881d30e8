"""Who is who: the pairs of accounts that rules and the current model tie, and the persons that follow.

Runs at the end of an import that brought or changed accounts, and in a refresh. Both end with the same pairs, since a
pair's probability hangs on its two accounts and the model alone. One thing waits for the next refresh: a name that more
than ``metrics.matching_score.MOST_HOLDERS`` accounts hold brings no pairs up, and those that it brought before stand.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd
from sqlalchemy import Engine, delete, select
from sqlmodel import Session

from data_access.models.derived import Model
from data_access.queries.matching import read_accounts, read_pairs
from data_access.queries.models import read_current_model
from data_access.store import reading, writing
from data_access.upsert import chunks
from jobs.derive import derive_people, finish, load_rules
from jobs.derive.due import DUE, MATCHING, mark_due
from jobs.derive.persons import ASK_AT, forget_pair, keep_pairs
from jobs.fitting import store_model
from jobs.progress import Progress

MODEL_NAME = "matching"
#: With so many named accounts there is enough to learn from.
ENOUGH_NAMES = 300
#: The fit draws samples: the same accounts give the same model.
_SEED = 1
_PAIRS_AT_A_TIME = 200
_FEW = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_RULE_FIELDS = {
    "verified_email": ("e-mail", "the same verified e-mail"),
    "platform_id": ("id", "the same id on the platform"),
    "profile_link": ("profile", "a profile that links to the other"),
}
_Pairs = dict[tuple[int, int], dict[str, Any]]


def match_accounts(engine: Engine, progress: Progress, *, changed: Collection[int] | None = None) -> None:
    """Bring the pairs, and with them the persons, up to date after ``changed`` accounts; None: after all of them."""
    with reading(engine) as session:
        is_due = session.execute(select(DUE.c.key).where(DUE.c.kind == MATCHING)).first() is not None
    if is_due:  # a model was fitted, and the run that was to apply it did not come to its end
        changed = None
    if changed is not None and not changed:
        return
    from metrics.matching import default_model  # loads Splink and DuckDB: here and below only to match accounts

    with reading(engine) as session:
        fitted = read_current_model(session, MODEL_NAME)
        accounts = read_accounts(session)
        standing = read_pairs(session, changed)
    if standing.empty and not _have_something_in_common(accounts):
        return
    progress.step("Who is who", len(accounts), "accounts")
    if fitted is None and accounts["name"].notna().sum() >= ENOUGH_NAMES:
        # what is common here, and who has a namesake, no model that comes with Rapport can know
        fitted, changed = fit_matching(engine, accounts), None
    model = default_model() if fitted is None else fitted.parameters
    found = _find_pairs(accounts, standing, model, changed)
    _keep_difference(engine, found, standing, changed, progress)
    if changed is None:
        with writing(engine, counts=False) as session:
            session.connection().execute(delete(DUE).where(DUE.c.kind == MATCHING))


def _have_something_in_common(accounts: pd.DataFrame) -> bool:
    """Whether any two accounts share so much as a word. Spares the machinery where a few strangers come in."""
    if len(accounts) > _FEW:
        return True
    seen: set[str] = set()
    for row in accounts[["network", "native_id", "handle", "name", "email", "url", "bio"]].itertuples(index=False):
        words = {f"{row.network}/{row.native_id}", row.email, *_words(row.name), *_words(row.email)}
        words |= {row.handle and row.handle.lower(), *_words(row.handle)} - {None, ""}
        if row.url or row.bio or words & seen:
            return True
        seen |= words
    return False


def _words(text: str | None) -> set[str]:
    """The words of a text in lower case, also run together, whichever way round."""
    known = unicodedata.normalize("NFKD", text.casefold()) if isinstance(text, str) else ""
    words = _WORD.findall("".join(letter for letter in known if not unicodedata.combining(letter)))
    return {*words, "".join(words), "".join(reversed(words))} - {""}


def fit_matching(engine: Engine, accounts: pd.DataFrame) -> Model:
    """Fit the model to these accounts, as ``read_accounts`` gives them, and make it the current one."""
    from metrics.matching import fit_model

    parameters = fit_model(accounts, seed=_SEED)
    with writing(engine) as session:
        mark_due(session, MATCHING, [0])
        return store_model(session, MODEL_NAME, parameters)


def _find_pairs(
    accounts: pd.DataFrame, standing: pd.DataFrame, model: dict[str, Any], changed: Collection[int] | None
) -> _Pairs:
    from metrics.matching import certain_pairs, score_pairs

    certain = certain_pairs(accounts)
    found: _Pairs = {}
    if changed is not None:
        # a rule that no longer holds for a pair leaves it to the model
        keys = set(zip(certain["left_id"], certain["right_id"], strict=True))
        by_rule = standing[standing["rule"] != "model"]
        pairs = zip(by_rule["left_id"], by_rule["right_id"], strict=True)
        changed = {*changed, *(account for pair in pairs if pair not in keys for account in pair)}
    scored = score_pairs(accounts, model, at_least=ASK_AT, account_ids=changed)
    for row in scored.itertuples(index=False):
        found[(int(row.left_id), int(row.right_id))] = {
            "rule": "model",
            "probability": float(row.probability),
            "weight": float(row.weight),
            "fields": list(row.fields),
        }
    for row in certain.itertuples(index=False):
        name, level = _RULE_FIELDS[row.rule]
        fields = found.get((int(row.left_id), int(row.right_id)), {}).get("fields", [])
        why = [{"field": name, "level": level, "weight": None}, *fields]
        found[(int(row.left_id), int(row.right_id))] = {
            "rule": row.rule,
            "probability": 1.0,
            "weight": None,
            "fields": why,
        }
    return found


def _keep_difference(
    engine: Engine, found: _Pairs, standing: pd.DataFrame, changed: Collection[int] | None, progress: Progress
) -> None:
    before = {
        (int(row.left_id), int(row.right_id)): (row.rule, row.probability, row.fields)
        for row in standing.itertuples(index=False)
    }
    gone = [pair for pair in sorted(before) if pair not in found]
    fresh = []
    for pair, row in sorted(found.items()):
        # pairs of accounts that did not change were not weighed again: by what rule they are tied was seen
        weighed = changed is None or pair[0] in changed or pair[1] in changed
        now = (row["rule"], row["probability"], row["fields"])
        if pair not in before or (before[pair] != now if weighed else before[pair][0] != now[0]):
            fresh.append(pair)
    done = 0
    for part in chunks(gone, _PAIRS_AT_A_TIME):
        with writing(engine) as session:
            forget_pair(session, part)
            _settle(session, part)
    for part in chunks(fresh, _PAIRS_AT_A_TIME):
        with writing(engine) as session:
            keep_pairs(session, [{"left_id": a, "right_id": b} | found[(a, b)] for a, b in part])
            _settle(session, part)
        done += len(part)
        progress.at(done)


def _settle(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    rules = load_rules(session)
    finish(session, rules, derive_people(session, rules, sorted({account for pair in pairs for account in pair})))
