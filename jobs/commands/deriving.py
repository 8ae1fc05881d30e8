"""``rapport refresh`` and ``train``: what is derived from the facts."""

from typing import Annotated

import typer

from jobs.commands.completion import complete_model
from jobs.commands.context import fail, opened_store, own_job
from jobs.commands.words import MODELS


def refresh() -> None:
    """Rebuild everything that is derived from the facts and the decisions.

    Example: rapport refresh
    """
    from jobs.refresh import refresh as refresh_store

    engine = opened_store()
    with own_job(engine, "refresh", {}) as progress:
        refresh_store(engine, progress)
    typer.echo("Everything derived was built anew.")


def train_(
    model: Annotated[str, typer.Argument(help=f"Which model: {', '.join(MODELS)}", autocompletion=complete_model)],
) -> None:
    """Fit a model again to what the store holds now, make it the current one, and derive what hangs on it.

    Example: rapport train customer_value
    """
    from jobs.train import NothingToFit, train

    if model not in MODELS:
        raise fail(f"There is no model {model!r} to train. There are: {', '.join(MODELS)}.", 2)
    engine = opened_store()
    try:
        with own_job(engine, "train", {"model": model}) as progress:
            notes = train(engine, model, progress)
    except NothingToFit as error:
        raise fail(str(error)) from error
    for note in notes:
        typer.echo(note)
