"""The stream itself: the same for a seed, exactly as many posts as asked, in order."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from data_access.records import (
    BrandRecord,
    ChannelRecord,
    IdentityRecord,
    OrganizationRecord,
    PostRecord,
)
from data_access.settings import Settings
from jobs.demo import generate
from jobs.demo.people import count_people
from tests.demo.loaded import Loaded

DIGEST = "import sys; from tests.demo.test_generate import digest_of; print(digest_of(1_200, 5))"


def digest_of(posts: int, seed: int) -> str:
    digest = hashlib.sha256()
    for record in generate(posts=posts, seed=seed).records():
        digest.update(repr(record).encode())
    return digest.hexdigest()


def test_records_are_the_same_when_generated_twice() -> None:
    assert digest_of(1_200, 5) == digest_of(1_200, 5)


def test_records_are_the_same_when_hashes_are_salted_otherwise() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    root = Path(__file__).parents[2]
    run = [sys.executable, "-c", DIGEST]
    other = subprocess.run(run, env=environment, cwd=root, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest_of(1_200, 5)


def test_records_differ_when_the_seed_differs() -> None:
    assert digest_of(300, 1) != digest_of(300, 2)


def test_records_can_be_read_again_when_they_were_read_once() -> None:
    community = generate(posts=200)
    assert [repr(one) for one in community.records()] == [repr(one) for one in community.records()]


@pytest.mark.parametrize("posts", [1, 7, 137, 2_501])
def test_posts_are_exactly_as_many_as_asked(posts: int) -> None:
    community = generate(posts=posts, seed=3)
    assert sum(isinstance(record, PostRecord) for record in community.records()) == posts
    assert len(community.tones) == posts


def test_generate_refuses_when_no_posts_are_asked() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        generate(posts=0)


def test_people_are_2000_and_one_more_for_each_20_posts_above_40000() -> None:
    assert [count_people(posts) for posts in (500, 40_000, 40_020, 1_000_000)] == [2_000, 2_000, 2_001, 50_000]
    assert len(generate(posts=100).truth()["people"]) == 2_000


def test_truth_is_the_same_when_asked_before_the_records() -> None:
    before = generate(posts=900, seed=2).truth()
    after = generate(posts=900, seed=2)
    list(after.records())
    assert json.dumps(before) == json.dumps(after.truth())


def test_posts_come_in_the_order_of_time(small: Loaded) -> None:
    times = [post.occurred_at for post in small.posts]
    assert times == sorted(times)


def test_posts_cover_400_days_that_end_on_30_june_2026(full: Loaded) -> None:
    days = {post.occurred_at.date() for post in full.posts}
    assert (min(days), max(days), len(days)) == (date(2025, 5, 27), date(2026, 6, 30), 400)


def test_places_and_accounts_come_before_the_first_post(small: Loaded) -> None:
    first = (BrandRecord, ChannelRecord, OrganizationRecord, IdentityRecord)
    at_post = next(place for place, record in enumerate(small.records) if isinstance(record, PostRecord))
    assert all(isinstance(record, first) for record in small.records[:at_post])
    assert not any(isinstance(record, first) for record in small.records[at_post:])


def test_every_natural_key_is_used_once(full: Loaded) -> None:
    for name, records in full.by_type.items():
        keys = [
            record.name if name == "BrandRecord" else (record.network, record.source, record.native_id)
            for record in records
        ]
        assert len(keys) == len(set(keys)), name


def test_settings_are_ones_that_the_workspace_knows(small: Loaded) -> None:
    settings = dict(small.community.settings)
    assert set(settings) <= set(Settings.__dataclass_fields__)
    assert len(settings["team"]) == 6
    assert len(settings["competitors"]) == 3
    handles = {identity.handle for identity in small.identities.values() if identity.is_team}
    assert {name.split("/", 1)[1] for member in settings["team"] for name in member["accounts"]} == handles
    json.dumps(settings)
