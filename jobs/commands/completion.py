"""What the shell offers to complete a word. It opens no store that is not there, migrates none, and says nothing."""

from collections.abc import Callable, Iterable
from pathlib import Path

from jobs.commands.words import (
    CREDIT_BY,
    CREDIT_RULES,
    FILE_FORMATS,
    INFLUENCE_KINDS,
    INFLUENCE_PERIODS,
    INFLUENCE_SCORES,
    MODELS,
    SALES,
)

Offered = list[tuple[str, str]]


def one_of(words: Iterable[str]) -> Callable[[str], Offered]:
    """Offers these words."""
    known = sorted(words)

    def complete(incomplete: str) -> Offered:
        return [(word, "") for word in known if word.startswith(incomplete)]

    return complete


def complete_metric(incomplete: str) -> Offered:
    """Names of metrics, with what they are."""
    from answers.catalogue import list_metrics

    return [(metric.name, metric.label) for metric in list_metrics() if metric.name.startswith(incomplete)]


def complete_format(incomplete: str) -> Offered:
    """Formats that can be imported."""
    from data_access.importers import FORMATS

    return one_of(known.name for known in FORMATS)(incomplete)


def complete_time_zone(incomplete: str) -> Offered:
    """Time zones by their names."""
    from zoneinfo import available_timezones  # reads a folder of hundreds of files

    return one_of(available_timezones())(incomplete)


def complete_currency(incomplete: str) -> Offered:
    """Currencies by their codes."""
    from data_access.importers.reading.money import DECIMALS

    return one_of(DECIMALS)(incomplete)


complete_model = one_of(MODELS)
complete_rule = one_of(CREDIT_RULES)
complete_file_format = one_of(FILE_FORMATS)
complete_kind = one_of(INFLUENCE_KINDS)
complete_period = one_of(INFLUENCE_PERIODS)
complete_score = one_of(INFLUENCE_SCORES)
complete_sales = one_of(SALES)
complete_by = one_of(("day", "week", "month", *CREDIT_BY))


def complete_network(incomplete: str) -> Offered:
    """Networks that the store has."""
    return _stored("channel", "network", incomplete)


def complete_channel(incomplete: str) -> Offered:
    """Names of channels that the store has."""
    return _stored("channel", "name", incomplete)


def complete_brand(incomplete: str) -> Offered:
    """Names of brands that the store has."""
    return _stored("brand", "name", incomplete)


def _stored(kind: str, column: str, incomplete: str) -> Offered:
    from sqlalchemy import select
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from data_access.models import facts
    from data_access.store import BadStoreUrl, build_engine, reading, store_url
    from data_access.upsert import table

    try:
        url = make_url(store_url())
        if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
            return []
        engine = build_engine(url.render_as_string(hide_password=False))
    except (SQLAlchemyError, BadStoreUrl, ValueError):
        return []  # nothing is offered where the address of the store is none
    named = table(facts.Channel if kind == "channel" else facts.Brand).c[column]
    try:
        with reading(engine) as session:
            found = session.scalars(select(named).where(named.startswith(incomplete, autoescape=True)).distinct())
            return [(str(name), "") for name in sorted(found)]
    except SQLAlchemyError:
        return []  # nothing is offered where nothing can be read
    finally:
        engine.dispose()
