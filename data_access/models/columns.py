"""Column types shared by all tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

#: 64-bit whole numbers. SQLite gives a table its row id only for the exact type INTEGER, which is 64-bit there.
Big = BigInteger().with_variant(Integer, "sqlite")
Json = JSON
#: Text in the order of its bytes, as SQLite has it anyway: PostgreSQL's own order follows the language of the database.
Bytewise = String().with_variant(String(collation="C"), "postgresql")

MICROSECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(moment: datetime) -> int:
    """An aware time as whole microseconds since 1970-01-01 UTC, exactly."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; the store keeps times in UTC")
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * MICROSECOND + delta.microseconds


def from_micros(micros: int) -> datetime:
    """The aware UTC time of whole microseconds since 1970-01-01 UTC, exactly."""
    return _EPOCH + timedelta(microseconds=int(micros))  # int: of numpy, too


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC, kept as microseconds since 1970.

    Eight bytes on every engine, and differences are plain subtraction, so that no rollup needs an engine's own date
    functions. Python sees aware datetimes; a frame query may select the whole number with ``sqlalchemy.type_coerce``.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None or isinstance(value, int):
            return value
        return to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)
