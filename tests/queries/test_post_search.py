"""The search over posts: what is found, in which order, and that the index follows the posts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, text, update
from sqlmodel import Session, select

from data_access import post_index
from data_access.models.facts import Channel, Post
from data_access.post_index import count_indexed, forget_removed_words, rebuild_post_index, row_key
from data_access.queries import post_search
from data_access.queries.post_search import SearchTooWide, list_hits, parse_words
from data_access.store import reading, writing

KEY = {"network": "net", "source": "net.example"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEXTS = {
    1: "The lamp is broken",
    2: "The bulb of my LAMP broke, the shade is fine",
    3: "Is the lamp's shade e-mail-able? See lamps.example/shade",
    4: "Ein Lämpchen für Zoë",
    5: "lamp is not the word, nor is 3.5",
}


def fill(engine: Engine, texts: dict[int, str] = TEXTS) -> None:
    """Posts a year apart, the newest with the highest number."""
    with writing(engine) as session:
        session.add(Channel(id=1, **KEY, native_id="wall", name="Wall"))
        session.flush()
        for number, said in texts.items():
            moment = NOON + (number - 1) * 365 * DAY
            title = "About bulbs" if number == 1 else None
            session.add(
                Post(id=number, **KEY, native_id=str(number), channel_id=1, text=said, title=title, occurred_at=moment)
            )


def found(engine: Engine, typed: str, **limits: object) -> list[int]:
    with reading(engine) as session:
        return [post_id for _, post_id in list_hits(session, parse_words(typed), **limits)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lamp", [5, 3, 2, 1]),
        ("LAMP is", [5, 3, 2, 1]),
        ('"lamp is"', [5, 1]),
        ("lamp -broken", [5, 3, 2]),
        ('lamp -"lamp is"', [3, 2]),
        ("brok*", [2, 1]),
        ("bulbs", [1]),
        ("bulb*", [2, 1]),
        ("e-mail", [3]),
        ("lamps.example", [3]),
        ("example shade", [3]),
        ("lämpchen", [4]),
        ("3.5", [5]),
        ("lamp AND OR NOT", []),
        ("AND", []),
        ("nowhere", []),
        ("", []),
        ("-lamp", []),
    ],
)
def test_posts_with_all_the_words_are_found_newest_first(engine: Engine, typed: str, expected: list[int]) -> None:
    fill(engine)
    assert found(engine, typed) == expected


def test_search_keeps_to_the_period_and_goes_on_where_it_ended(engine: Engine) -> None:
    fill(engine)
    since, until = NOON + 365 * DAY, NOON + 4 * 365 * DAY
    assert found(engine, "lamp", since=since, until=until) == [3, 2]
    with reading(engine) as session:
        words = parse_words("lamp")
        pages, last = [], None
        while page := list_hits(session, words, before=last, limit=1):
            pages.append(page[0][1])
            last = page[-1]
    assert pages == [5, 3, 2, 1]


def test_words_follow_what_happens_to_a_post(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as session:
        run = session.connection().execute
        post = Post.__table__  # type: ignore[attr-defined]
        run(update(post).where(post.c.id == 1).values(text="A kettle"))
        run(update(post).where(post.c.id == 1).values(text="A toaster"))
        run(update(post).where(post.c.id == 2).values(occurred_at=NOON + 9 * 365 * DAY))
        run(update(post).where(post.c.id == 3).values(likes=3))
        run(delete(post).where(post.c.id == 5))
        session.add(Post(id=6, **KEY, native_id="6", channel_id=1, text="kettle", occurred_at=NOON))
        session.flush()
        run(delete(post).where(post.c.id == 6))
    assert [found(engine, typed) for typed in ("kettle", "broken", "toaster", "lamp")] == [[], [], [1], [2, 3]]
    with reading(engine) as session:
        assert count_indexed(session) == 4


def test_many_posts_at_once_are_read_along_their_times(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_index, "_MANY", 2)
    fill(engine)
    assert found(engine, "lamp") == [5, 3, 2, 1]


def test_rebuilding_the_index_changes_no_answer(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as session:
        rebuild_post_index(session.connection())
        assert count_indexed(session) == len(TEXTS)
    assert found(engine, "lamp") == [5, 3, 2, 1]


def test_nothing_that_is_typed_is_an_error(engine: Engine) -> None:
    fill(engine)
    hostile = ['"', '""', '"*', "*", "a*b", "-", '-"', "NEAR(a b)", "title:lamp", "^lamp", "'", "\\", "a & | ! <-> b:*"]
    with reading(engine) as session:

        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.one_of(st.text(max_size=30), st.text("ab\"'*-^:()\\&|!<> .+{}\x00%", max_size=12)))
        def ask(typed: str) -> None:
            list_hits(session, parse_words(typed))

        for typed in hostile:
            list_hits(session, parse_words(typed))
        ask()


def test_search_that_takes_too_long_is_given_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(engine)
    sleep = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    monkeypatch.setattr(post_search, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(post_search, "_list_in_engine", lambda session, *_: session.execute(text(sleep)).all())
    with reading(engine) as session, pytest.raises(SearchTooWide, match="Type more letters"):
        list_hits(session, parse_words("lam*"))
    monkeypatch.undo()
    assert found(engine, "brok*") == [2, 1]


def test_posts_of_any_time_are_found(engine: Engine) -> None:
    times = [datetime(1970, 1, 2, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)]
    with writing(engine) as session:
        session.add(Channel(id=1, **KEY, native_id="wall", name="Wall"))
        session.flush()
        for number, moment in enumerate(times, start=1):
            session.add(Post(id=number, **KEY, native_id=str(number), channel_id=1, text="lamp", occurred_at=moment))
    assert found(engine, "lamp") == [3, 2, 1]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # PostgreSQL keeps its own index
def test_words_of_a_post_that_is_gone_stand_nowhere_in_the_index(engine: Engine) -> None:
    fill(engine, TEXTS | {7: "Xylophonist lives in Quuxtown"})

    def held(session: Session) -> bytes:
        return b"".join(session.scalars(text("SELECT block FROM post_search_data")))

    with reading(engine) as session:
        assert b"ylophonist" in held(session)
    with writing(engine) as session:
        session.delete(session.exec(select(Post).where(Post.id == 7)).one())
    forget_removed_words(engine)
    with reading(engine) as session:
        assert b"ylophonist" not in held(session)
        assert b"uuxtown" not in held(session)
    assert found(engine, "lamp") == [5, 3, 2, 1]


def test_place_in_the_index_is_in_the_order_of_time() -> None:
    moments = [-(10**18), -1_500_000, -1, 0, 999_999, 946_684_800_000_000, 10**15, 10**18]
    keys = [row_key(micros, 2**32 - 1 - place) for place, micros in enumerate(moments)]
    assert [key // 2**32 for key in keys] == sorted(key // 2**32 for key in keys)
    assert all(-(2**63) <= key < 2**63 for key in keys)
