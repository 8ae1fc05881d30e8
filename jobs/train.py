"""Train: fit a model again, make it the current one, and derive what hangs on it."""

from collections.abc import Callable

from sqlalchemy import Engine

from data_access.queries.matching import read_accounts
from data_access.queries.models import CUSTOMER_VALUE
from data_access.store import reading
from jobs.derive.due import settle_due
from jobs.fitting import fit_customer_value
from jobs.matching import MODEL_NAME as MATCHING
from jobs.matching import fit_matching, match_accounts
from jobs.progress import Progress


class UnknownModel(ValueError):
    """There is no model of that name to train."""


class NothingToFit(ValueError):
    """The store holds nothing that the model could be fitted to."""


def train(engine: Engine, name: str, progress: Progress) -> list[str]:
    """Fit the model ``name`` again and derive what hangs on it. Returns what to know of the fit, in sentences.

    Raises ``UnknownModel`` and ``NothingToFit``; then the model that was current stays.
    """
    if name not in TRAINERS:
        raise UnknownModel(f"There is no model {name!r} to train. There are: {', '.join(sorted(TRAINERS))}.")
    return TRAINERS[name](engine, progress)


def _train_customer_value(engine: Engine, progress: Progress) -> list[str]:
    progress.step("Fitting what customers will buy")
    model = fit_customer_value(engine)
    if model is None:
        raise NothingToFit("Nobody has ordered anything yet. Import orders first.")
    settle_due(engine, progress)
    return [
        " ".join([f"{currency}: {fit['customers']:,} customers, {fit['repeaters']:,} bought again.", *fit["notes"]])
        for currency, fit in sorted(model.parameters["currencies"].items())
    ]


def _train_matching(engine: Engine, progress: Progress) -> list[str]:
    with reading(engine) as session:
        accounts = read_accounts(session)
    if len(accounts) < 2:
        raise NothingToFit("There are no accounts to compare yet. Import some first.")
    progress.step("Fitting who is who", len(accounts), "accounts")
    fit_matching(engine, accounts)
    match_accounts(engine, progress)
    settle_due(engine, progress)
    return [f"Fitted to {len(accounts):,} accounts; their pairs and persons are derived anew."]


TRAINERS: dict[str, Callable[[Engine, Progress], list[str]]] = {
    CUSTOMER_VALUE: _train_customer_value,
    MATCHING: _train_matching,
}
