"""What the shell offers to complete a word. It opens no store that is not there, migrates none, and says nothing."""

from collections.abc import Callable, Iterable
from pathlib import Path
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from answers.catalogue import list_metrics
from data_access.importers import FORMATS
from data_access.importers.reading.money import DECIMALS
from data_access.models import facts
from data_access.store import build_engine, reading, store_url
from data_access.upsert import table
from jobs.credit_rows import CREDIT_BY, SALES
from jobs.train import TRAINERS
from metrics.attribution import RULES

Offered = list[tuple[str, str]]


def one_of(words: Iterable[str]) -> Callable[[str], Offered]:
    """Offers these words."""
    known = sorted(words)

    def complete(incomplete: str) -> Offered:
        return [(word, "") for word in known if word.startswith(incomplete)]

    return complete


def complete_metric(incomplete: str) -> Offered:
    """Names of metrics, with what they are."""
    return [(metric.name, metric.label) for metric in list_metrics() if metric.name.startswith(incomplete)]


complete_format = one_of(known.name for known in FORMATS)
complete_model = one_of(TRAINERS)
complete_time_zone = one_of(available_timezones())
complete_currency = one_of(DECIMALS)
complete_rule = one_of(RULES)
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
    url = make_url(store_url())
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return []
    named = table(facts.Channel if kind == "channel" else facts.Brand).c[column]
    engine = build_engine(url.render_as_string(hide_password=False))
    try:
        with reading(engine) as session:
            found = session.scalars(select(named).where(named.startswith(incomplete, autoescape=True)).distinct())
            return [(str(name), "") for name in sorted(found)]
    except SQLAlchemyError:
        return []  # nothing is offered where nothing can be read
    finally:
        engine.dispose()
