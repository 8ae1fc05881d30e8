"""Train: fit a model again, make it the current one, and derive what hangs on it."""

from collections.abc import Callable

from sqlalchemy import Engine

from data_access.queries.models import CUSTOMER_VALUE
from jobs.fitting import fit_customer_value
from jobs.importing import settle_due
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


TRAINERS: dict[str, Callable[[Engine, Progress], list[str]]] = {CUSTOMER_VALUE: _train_customer_value}
