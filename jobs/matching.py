"""Who is who: the pairs of accounts that rules and the current model tie, and the persons that follow.

Runs at the end of an import that brought or changed accounts, after somebody was erased, and in a refresh. All end
with the same pairs: what hangs on an account that changed is found by the keys of accounts (``jobs.matching_reach``),
so that only those are read that have something in common with it, now or before. All are read where many changed
(``MOST_CHANGED``), where what changed is in common to very many, or where another host has most of the profiles of a
place.
One thing waits for the next refresh: a name, handle or name of a mailbox that more than
``metrics.matching_score.MOST_HOLDERS`` accounts hold brings no pairs up, and those that it brought before stand.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

import pandas as pd
from sqlalchemy import Engine, bindparam, delete, select, update
from sqlmodel import Session

from data_access.models.derived import Model
from data_access.queries.matching import count_accounts, has_pairs, read_accounts, read_pairs
from data_access.queries.matching_keys import has_keys
from data_access.queries.models import read_current_model
from data_access.store import reading, writing
from data_access.upsert import chunks
from jobs.derive import derive_people, finish, load_rules
from jobs.derive.due import DUE, MATCHING, mark_due
from jobs.derive.persons import ASK_AT, JOIN_AT, forget_pair, keep_pairs
from jobs.derive.persons import PAIR as _PAIR
from jobs.fitting import store_model
from jobs.matching_keys import forget_all_keys, keep_all_keys, keep_hosts, keep_keys
from jobs.matching_reach import TooMany, find_reach, read_compared
from jobs.progress import Progress

MODEL_NAME = "matching"
#: With so many named accounts there is enough to learn from.
ENOUGH_NAMES = 300
#: The fit draws samples: the same accounts give the same model.
_SEED = 1
#: After more changes than these all accounts are looked at.
MOST_CHANGED = 3_000
#: The key under which it is noted that all accounts are to be looked at; other keys are those of accounts.
ALL = 0
_PAIRS_AT_A_TIME = 1_000
_FEW = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_RULE_FIELDS = {
    "verified_email": ("e-mail", "the same verified e-mail"),
    "platform_id": ("id", "the same id on the platform"),
    "profile_link": ("profile", "a profile that links to the other"),
}
_Pairs = dict[tuple[int, int], dict[str, Any]]


def match_accounts(
    engine: Engine, progress: Progress, *, changed: Collection[int] | None = None, at_most: int | None = None
) -> None:
    """Bring the pairs, and with them the persons, up to date after ``changed`` accounts; None: after all of them. What
    is noted as due is brought up to date with them: for that alone, where all accounts were to be looked at, and there
    are more than ``at_most``, it stays due for the next run."""
    with reading(engine) as session:
        due = set(session.scalars(select(DUE.c.key).where(DUE.c.kind == MATCHING)))
        fitted = read_current_model(session, MODEL_NAME)
        is_known = has_keys(session)
    if changed is not None and not changed and not due:
        return
    if _is_nothing_in_common(engine):
        forget_all_keys(engine)
        _settle_due(engine)
        return
    # 0: a model was fitted, and the run that was to apply it did not come to its end
    is_to_fit = fitted is None and _are_enough(engine)
    is_whole = ALL in due or not is_known or is_to_fit
    if changed is not None and not is_whole and len(changed) + len(due) <= MOST_CHANGED:
        with suppress(TooMany):
            _match_few(engine, {*changed, *due}, fitted, progress)
            return
    if changed or changed is None or at_most is None or not _are_more(engine, at_most):
        _match_all(engine, fitted, progress)


def _are_more(engine: Engine, accounts: int) -> bool:
    with reading(engine) as session:
        return count_accounts(session, up_to=accounts + 1) > accounts


def _are_enough(engine: Engine) -> bool:
    with reading(engine) as session:
        return count_accounts(session, named=True, up_to=ENOUGH_NAMES) >= ENOUGH_NAMES


def _match_all(engine: Engine, fitted: Model | None, progress: Progress) -> None:
    with reading(engine) as session:
        accounts = read_accounts(session)
        standing = read_pairs(session)
    progress.step("Who is who", len(accounts), "accounts")
    with writing(engine, counts=False) as session:
        mark_due(session, MATCHING, [ALL])  # until all keys are there
    from metrics.matching import certain_pairs, score_pairs

    certain = certain_pairs(accounts)
    if fitted is None and accounts["name"].notna().sum() >= ENOUGH_NAMES:
        # what is common here, and who has a namesake, no model that comes with Rapport can know
        fitted = fit_matching(engine, accounts, certain)
    scored = score_pairs(accounts, _model(fitted), at_least=ASK_AT)
    _keep_difference(engine, _explained(certain, scored), standing, progress)
    keep_all_keys(engine, accounts, progress)
    _settle_due(engine)


def _match_few(engine: Engine, changed: set[int], fitted: Model | None, progress: Progress) -> None:
    """The pairs after ``changed`` accounts. Raises ``TooMany``, having changed nothing."""
    from metrics.matching import certain_pairs, score_pairs
    from metrics.matching_keys import main_hosts

    with reading(engine) as session:
        reach = find_reach(session, changed)
        standing = read_pairs(session, reach.touched)
    certain = certain_pairs(reach.accounts, hosts=main_hosts(reach.hosts))
    certain = certain[certain["left_id"].isin(reach.touched) | certain["right_id"].isin(reach.touched)]
    other = _list_differing(certain, standing)
    weighed = {*changed, *(account for pair in other for account in pair)}
    with reading(engine) as session:
        compared, crowded = read_compared(session, reach, weighed)
    progress.step("Who is who", len(weighed), "accounts")
    scored = score_pairs(compared, _model(fitted), at_least=ASK_AT, account_ids=weighed, crowded=crowded)

    def is_concerned(pairs: pd.DataFrame) -> pd.Series:
        either = pairs["left_id"].isin(changed) | pairs["right_id"].isin(changed)
        both = zip(pairs["left_id"], pairs["right_id"], strict=True)
        return either | pd.Series([pair in other for pair in both], index=pairs.index, dtype="bool")

    certain, scored, standing = (pairs[is_concerned(pairs)] for pairs in (certain, scored, standing))
    _keep_difference(engine, _explained(certain, scored), standing, progress)
    with writing(engine, counts=False) as session:
        keep_keys(session, reach.keys, reach.held)
        keep_hosts(session, reach.hosts)
        session.connection().execute(delete(DUE).where(DUE.c.kind == MATCHING))


def _list_differing(certain: pd.DataFrame, standing: pd.DataFrame) -> set[tuple[int, int]]:
    """The pairs that a rule ties now and did not, or did and does not, or another rule does."""
    by_rule = standing[standing["rule"] != "model"]
    now, before = (
        set(zip(pairs["left_id"], pairs["right_id"], pairs["rule"], strict=True)) for pairs in (certain, by_rule)
    )
    return {(int(left), int(right)) for left, right, _ in now ^ before}


def _settle_due(engine: Engine) -> None:
    with writing(engine, counts=False) as session:
        session.connection().execute(delete(DUE).where(DUE.c.kind == MATCHING))


def _model(fitted: Model | None) -> dict[str, Any]:
    from metrics.matching import default_model  # loads Splink and DuckDB: only to match accounts

    return default_model() if fitted is None else fitted.parameters


def _is_nothing_in_common(engine: Engine) -> bool:
    """Whether there is nothing to do: no pair stands, and no two accounts have anything in common."""
    with reading(engine) as session:
        if has_pairs(session) or count_accounts(session, up_to=_FEW + 1) > _FEW:
            return False
        return not _have_something_in_common(read_accounts(session))


def _have_something_in_common(accounts: pd.DataFrame) -> bool:
    """Whether any two accounts share so much as a word. Spares the machinery where a few strangers come in."""
    seen: set[str] = set()
    said = accounts[["network", "native_id", "handle", "name", "email", "url", "bio"]].astype("object")
    for row in said.where(said.notna(), None).itertuples(index=False):
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


def fit_matching(engine: Engine, accounts: pd.DataFrame, certain: pd.DataFrame | None = None) -> Model:
    """Fit the model to these accounts, as ``read_accounts`` gives them, and make it the current one. ``certain``: their
    ``certain_pairs``, where they are known already."""
    from metrics.matching import fit_model

    parameters = fit_model(accounts, seed=_SEED, certain=certain)
    with writing(engine) as session:
        mark_due(session, MATCHING, [ALL])
        return store_model(session, MODEL_NAME, parameters)


def _explained(certain: pd.DataFrame, scored: pd.DataFrame) -> _Pairs:
    """What is kept of each pair, by its ids."""
    found: _Pairs = {}
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


def _keep_difference(engine: Engine, found: _Pairs, standing: pd.DataFrame, progress: Progress) -> None:
    """Make the pairs that stand those that were found."""
    before = {
        (int(row.left_id), int(row.right_id)): (row.rule, row.probability, row.fields)
        for row in standing.itertuples(index=False)
    }
    gone = [pair for pair in sorted(before) if pair not in found]
    other = [
        pair
        for pair, row in sorted(found.items())
        if before.get(pair) != (row["rule"], row["probability"], row["fields"])
    ]
    explained = [pair for pair in other if pair in before and _tie(*before[pair]) == _tie(**found[pair])]
    fresh = sorted(set(other).difference(explained))
    for part in chunks(gone, _PAIRS_AT_A_TIME):
        with writing(engine) as session:
            forget_pair(session, part)
            _settle(session, part)
    for part in chunks(explained, _PAIRS_AT_A_TIME):
        with writing(engine) as session:
            _explain_anew(session, {pair: found[pair] for pair in part})
    done = len(explained)
    for part in chunks(fresh, _PAIRS_AT_A_TIME):
        with writing(engine) as session:
            keep_pairs(session, [{"left_id": a, "right_id": b} | found[(a, b)] for a, b in part])
            _settle(session, part)
        done += len(part)
        progress.at(done)


def _tie(rule: str, probability: float, *_: Any, **__: Any) -> tuple[str, float] | None:
    """What of a pair persons hang on; None where it joins nobody, however likely."""
    return (rule, probability) if probability >= JOIN_AT else None


def _explain_anew(session: Session, pairs: _Pairs) -> None:
    """Say of pairs that stand why and how surely; what came of them stays."""
    names = ("rule", "probability", "weight", "fields")
    statement = update(_PAIR).where(_PAIR.c.left_id == bindparam("l"), _PAIR.c.right_id == bindparam("r"))
    rows = [
        {"l": left, "r": right, **{f"new_{name}": row[name] for name in names}} for (left, right), row in pairs.items()
    ]
    session.connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), rows)


def _settle(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    rules = load_rules(session)
    finish(session, rules, derive_people(session, rules, sorted({account for pair in pairs for account in pair})))
