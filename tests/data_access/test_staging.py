"""The staging file: what is not kept is refused, and the rest waits as it was read."""

from dataclasses import replace
from pathlib import Path

import pytest

from data_access.models.columns import to_micros
from data_access.records import DealRecord, PostRecord
from data_access.staging import Staging
from tests.jobs.stores import at, post

HALF_A_PAIR = "\ud83d"


def nested(depth: int) -> dict[str, object]:
    return {"in": nested(depth - 1)} if depth else {}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (post("p", 0, likes=2**63 + 1), "likes is too large a number: 9223372036854775809"),
        (post("p", 0, views=-(2**80)), "views is too large a number: -1208925819614629174706176"),
        (post("p", 0, views=10**5000), "views is too large a number: more than 30 digits"),
        (post("p", 0, kind=2**64), "holds what cannot be kept: Integer exceeds 64-bit range"),
        (post("p", 0, kind=nested(300)), "holds what cannot be kept: Recursion limit reached"),
    ],
)
def test_staging_refuses_a_record_when_no_engine_could_keep_it(tmp_path: Path, record: PostRecord, reason: str) -> None:
    whole = post("q", 1, likes=10**16)
    with Staging(tmp_path / "s") as staging:
        staging.add([replace(record, text=f"a\x00b{HALF_A_PAIR}"), whole], [(None, None)] * 2)
        staging.seal(2, {})
        (refusal,) = staging.refusals()
        assert (refusal.line, refusal.reason, refusal.raw) == (None, reason, "ab?")
        assert staging.read_counts() == (2, {}, 1)
        assert [row.values["native_id"] for row in staging.batch(0, 10)] == ["q"]


def test_posts_of_one_id_wait_together_and_come_at_once(tmp_path: Path) -> None:
    posts = [post("a", 0), post("b", 1), post("a", 5), post("c", 2), post("a", 3)]
    with Staging(tmp_path / "s") as staging:
        staging.add(posts, [(None, None)] * 5)
        staging.seal(5, {})
        assert [row.values["native_id"] for row in staging.batch(0, 9)] == ["a", "a", "a", "b", "c"]
        assert [row.position for row in staging.batch(0, 1)] == [1, 2, 3]
        assert [row.position for row in staging.batch(0, 2)] == [1, 2, 3]
        assert [row.values["native_id"] for row in staging.batch(3, 1)] == ["b"]


def test_deals_cover_the_days_on_which_they_were_opened_and_closed(tmp_path: Path) -> None:
    deals = [
        DealRecord("crm", "crm", "d1", created_at=at(60), closed_at=at(90)),
        DealRecord("crm", "crm", "d2", created_at=at(0)),
    ]
    with Staging(tmp_path / "s") as staging:
        staging.add(deals, [])
        staging.seal(2, {})
        assert staging.span() == (None, None)
        assert staging.span_of_dates() == (to_micros(at(0)), to_micros(at(90)))
