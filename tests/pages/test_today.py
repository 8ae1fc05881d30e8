"""Today: who waits, what can be done about it, and how it is taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from streamlit.testing.v1 import AppTest

from data_access.decisions import list_standing
from data_access.models.decisions import CaseEvent, Mute
from data_access.models.facts import Post
from data_access.records import OrderRecord, PostRecord
from data_access.store import open_store, reading, writing
from jobs.brands import derive_brands
from jobs.decisions import change_setting
from jobs.digest import write_digest
from jobs.importing import RecordStream, import_input
from jobs.progress import Silence
from tests.jobs.stores import bring
from tests.pages.conftest import NETWORK, open_directly, shown_text
from ui.last_look import next_cookie, read_cookie


def _cases(app: AppTest) -> list[str]:
    """The cases on the list, in their order."""
    return [button.key.removeprefix("no_answer_needed_") for button in app.button if "no_answer" in str(button.key)]


def _events(engine: Engine) -> list[tuple[str, str, str | None, str | None]]:
    with reading(engine) as session:
        rows = list_standing(session, CaseEvent)
        return [(row.kind, row.decided_by, row.assignee, row.note) for row in rows]


def test_today_shows_six_numbers_and_where_the_data_ends(small_store: Engine) -> None:
    app = open_directly("today")
    assert len(app.metric) == 6
    assert "Friday, 10 Apr 2026" in shown_text(app)


def test_today_lists_who_waits_with_a_reason(small_store: Engine) -> None:
    app = open_directly("today")
    assert len(_cases(app)) == 10
    assert "past the target of 1 h" in shown_text(app)


@pytest.mark.parametrize("kind", ["no_answer_needed", "answered_elsewhere"])
def test_today_drops_a_case_that_is_settled_and_brings_it_back_when_undone(kind: str, small_store: Engine) -> None:
    app = open_directly("today", me="Ana")
    first = _cases(app)[0]
    app.button(key=f"{kind}_{first}").click().run()
    assert not app.exception
    assert first not in _cases(app)
    assert _events(small_store) == [(kind, "Ana", None, None)]
    app.button(key="undo_last").click().run()
    assert not app.exception
    assert _cases(app)[0] == first
    assert _events(small_store) == []


def test_today_shows_what_was_settled_when_asked(small_store: Engine) -> None:
    app = open_directly("today")
    first = _cases(app)[0]
    app.button(key=f"no_answer_needed_{first}").click().run()
    app.toggle(key="w_settled").set_value(True).run()
    assert first in _cases(app)
    assert any("badge[No answer needed]" in element.value for element in app.markdown)


def test_today_keeps_a_note_and_an_assignee(small_store: Engine) -> None:
    app = open_directly("today", me="Ana")
    first = _cases(app)[0]
    app.menu_button(key=f"assign_{first}").click("Ana").run()
    app.session_state[f"noting_{first}"] = True
    app.run()
    app.text_area(key=f"note_{first}").set_value("Ask **Bo** about it")
    next(button for button in app.form_submit_button if button.label == "Keep").click().run()
    assert not app.exception
    assert _events(small_store) == [("assigned", "Ana", "Ana", None), ("note", "Ana", None, "Ask **Bo** about it")]
    assert "Note: Ask **Bo** about it" in [text.value for text in app.text]


def test_today_drops_a_case_that_is_snoozed_until_the_datas_time_has_come(small_store: Engine) -> None:
    app = open_directly("today")
    first = _cases(app)[0]
    app.menu_button(key=f"snooze_{first}").click("1 day").run()
    assert not app.exception
    assert first not in _cases(app)
    with reading(small_store) as session:
        assert list_standing(session, CaseEvent)[0].until == datetime(2026, 4, 11, 17, tzinfo=UTC)


def test_today_drops_the_cases_of_an_account_that_is_muted(small_store: Engine) -> None:
    app = open_directly("today")
    first = _cases(app)[0]
    app.menu_button(key=f"mute_{first}").click("This account").run()
    assert not app.exception
    assert first not in _cases(app)
    with reading(small_store) as session:
        assert [mute.kind for mute in list_standing(session, Mute)] == ["account"]


def test_today_asks_which_word_to_mute(small_store: Engine) -> None:
    app = open_directly("today")
    app.menu_button(key=f"mute_{_cases(app)[0]}").click("A word of it").run()
    assert not app.exception
    assert any("terrible" in box.options for box in app.selectbox)


def test_last_look_is_the_one_before_when_half_an_hour_has_passed() -> None:
    first = next_cookie(None, 1_000_000)
    assert read_cookie(first) == (0, 1_000_000)
    again = next_cookie(first, 1_000_000 + 1799)
    assert read_cookie(again)[0] == 0
    later = next_cookie(again, 1_000_000 + 1799 + 1801)
    assert read_cookie(later) == (1_001_799, 1_003_600)


@pytest.mark.parametrize("cookie", ["", "x", "1", "1.", "-1.5", "1.2.3", "9" * 20 + ".1", "٣.٤"])
def test_last_look_is_unknown_when_somebody_changed_the_cookie(cookie: str) -> None:
    before, last = read_cookie(cookie)
    assert 0 <= before < 10**11
    assert 0 <= last < 10**11


def test_today_says_what_is_unusual_and_who_drove_it(small_store: Engine) -> None:
    moment = datetime(2026, 4, 10, 18, tzinfo=UTC)
    posts = [
        PostRecord(
            *NETWORK,
            f"storm{n}",
            "wall",
            moment + timedelta(minutes=n),
            author=f"p{n % 4}",
            text=f"The pump broke {n}",
            likes=n,
        )
        for n in range(60)
    ]
    import_input(small_store, RecordStream("storm", "test", posts, identity="storm"), Silence(), options={})
    app = open_directly("today")
    assert not app.exception
    told = [text.value for text in app.text if "on Friday 10 April" in text.value or "than usual in" in text.value]
    assert [text.split()[0] for text in told].count("Posts") == 1
    assert len(told) > 2
    assert [text for text in told if "than usual in" in text] == [told[-1]], "what drove the day is said once"
    assert "Wall" in told[-1]
    assert len([caption for caption in app.caption if "Most active" in caption.value]) == 1
    app.session_state["unusual_2026-04-10"] = True
    app.run()
    assert not app.exception
    assert any(text.value == "The pump broke 59" for text in app.text)


@pytest.mark.parametrize(("which", "number"), [("All", "Posts"), ("Negative", "Negative posts")])
def test_numbers_of_today_lead_to_their_posts(which: str, number: str, small_store: Engine) -> None:
    said = ["The pump is broken, what a shame. I hate it.", "The lamp is lovely", "Is it on?"]
    posts = [
        PostRecord(*NETWORK, f"{n}", "wall", datetime(2026, 4, 11, 9, n, tzinfo=UTC), author="p1", text=said[n % 3])
        for n in range(7)
    ]
    import_input(small_store, RecordStream("day", "test", posts, identity="day"), Silence(), options={})
    app = open_directly("today")
    counted = next(metric.value for metric in app.metric if metric.label == number)
    assert not [button for button in app.button_group if str(button.key).startswith("label_posts_of")]
    app.session_state["posts_of_day"] = True
    app.session_state["t_posts"] = which
    app.run()
    assert not app.exception
    listed = [text.value for text in app.text if text.value in said]
    assert 0 < len(listed) < 10
    assert str(len(listed)) == counted


def test_today_reads_what_drove_an_older_day_when_it_is_opened(small_store: Engine) -> None:
    posts = [
        PostRecord(
            *NETWORK,
            f"storm{day}-{n}",
            "wall",
            datetime(2026, 4, day, 18, n, tzinfo=UTC),
            author="p1",
            text=said,
            likes=n,
        )
        for day, said in ((8, "The lid fell off"), (10, "The pump broke"))
        for n in range(50)
    ]
    import_input(small_store, RecordStream("storm", "test", posts, identity="storm"), Silence(), options={})
    app = open_directly("today")
    assert len([text for text in app.text if "than usual in" in text.value]) == 1
    assert "The lid fell off" not in {text.value for text in app.text}
    app.session_state["unusual_2026-04-08"] = True
    app.run()
    assert not app.exception
    assert len([text for text in app.text if "than usual in" in text.value]) == 2
    assert "The lid fell off" in {text.value for text in app.text}


def test_today_says_what_is_new_for_who_comes_back(small_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Since you last looked" not in shown_text(open_directly("today"))
    monkeypatch.setattr("ui.today.last_look", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    app = open_directly("today")
    assert not app.exception
    assert "Since you last looked" in shown_text(app)
    assert "posts came in with 1 import" in shown_text(app)
    monkeypatch.setattr("ui.today.last_look", lambda: datetime.now(UTC))
    assert "Nothing came in, and nobody decided anything." in shown_text(open_directly("today"))


def test_today_shows_the_days_of_an_old_export_when_other_days_are_chosen(small_store: Engine) -> None:
    begin = datetime(2024, 2, 3, 9, tzinfo=UTC)
    posts = [
        PostRecord("old", "old.example", f"o{n}", "den", begin + timedelta(days=n % 26), author=f"o{n}", text="Hello?")
        for n in range(60)
    ]
    import_input(small_store, RecordStream("old", "test", posts, identity="old"), Silence(), options={})
    app = open_directly("today", f_network="old", f_period="Custom", f_days=["2025-01-01", "2025-01-10"])
    app.button(key="full_days").click().run()
    assert not app.exception
    assert "Wednesday, 28 Feb 2024: the last of the days chosen in the sidebar." in shown_text(app)
    assert app.query_params["f_days"] == ["2024-02-03", "2024-02-28"]


def test_today_offers_the_days_of_an_old_export_and_shows_them(small_store: Engine) -> None:
    begin = datetime(2024, 2, 3, 9, tzinfo=UTC)
    posts = [
        PostRecord("old", "old.example", f"o{n}", "den", begin + timedelta(days=n % 26), author=f"o{n}", text="Hello?")
        for n in range(60)
    ]
    import_input(small_store, RecordStream("old", "test", posts, identity="old"), Silence(), options={})
    assert "full_days" not in [button.key for button in open_directly("today").button]
    app = open_directly("today", f_network="old")
    assert "Your posts are from 3 Feb 2024 to 28 Feb 2024: 60." in shown_text(app)
    app.button(key="full_days").click().run()
    assert not app.exception
    assert app.query_params["f_days"] == ["2024-02-03", "2024-02-28"]  # so that a copied address shows them too
    assert "Wednesday, 28 Feb 2024: the last of the days chosen in the sidebar." in shown_text(app)
    assert app.metric[0].value == "2"
    assert "full_days" not in [button.key for button in app.button]
    assert _cases(app) == []
    app.button(key="empty_w_show_others").click().run()
    assert len(_cases(app)) == 10


def test_who_waits_are_as_many_on_the_card_in_the_list_in_the_digest_and_since_the_last_look(
    small_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = datetime.now(UTC)
    moment = datetime(2026, 4, 10, 19, tzinfo=UTC)
    texts = ("Where is it?", "Thanks for telling me")  # the second answers another member
    posts = [
        PostRecord(*NETWORK, f"new{n}", "wall", moment, author=f"p{n}", text=text, parent="post117" if n else None)
        for n, text in enumerate(texts)
    ]
    import_input(small_store, RecordStream("new", "test", posts, identity="new"), Silence(), options={})
    monkeypatch.setattr("ui.today.last_look", lambda: before)
    app = open_directly("today")
    said = shown_text(app)
    (card,) = [number for number in app.metric if number.label == "Waits for an answer"]
    assert f"{card.value} wait, the longest for" in said
    assert card.delta == "4 new on 10 Apr 2026"
    assert "1 more is not said to us." in said
    assert "1 more waits for an answer" in said
    digest = write_digest(small_store)
    assert digest is not None
    assert f"Waiting for an answer, of the last 28 days: {card.value}\n" in digest.text


def test_today_shows_an_angry_customer_first_and_customers_alone_when_asked(small_store: Engine) -> None:
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    bring(small_store, [OrderRecord(*NETWORK, "o1", 4_000_000, "EUR", moment, identity="p7")])
    with writing(small_store) as session:
        session.execute(update(Post).values(title="My order *never* came"))
    app = open_directly("today")
    assert "**My order \\*never\\* came**" in [said.value for said in app.markdown]
    assert [button.proto.label for button in app.get("download_button")] == ["CSV"]
    bought = "customer, EUR 40,000\\.00 bought"
    places = [caption.value for caption in app.caption if "2026, " in caption.value and " net" in caption.value]
    assert places[0].endswith(bought)
    others = len(_cases(app))
    app.toggle(key="w_customers").set_value(True).run()
    assert not app.exception
    assert 0 < len(_cases(app)) < others
    assert "Of customers who wrote since" in shown_text(app)
    assert shown_text(app).count(bought) == len(_cases(app))


def test_today_says_that_no_customer_waits_while_others_do(small_store: Engine) -> None:
    app = open_directly("today")
    others = len(_cases(app))
    app.toggle(key="w_customers").set_value(True).run()
    assert "No customer waits for us in this period." in shown_text(app)
    next(button for button in app.button if button.label == "Show everyone").click().run()
    assert len(_cases(app)) == others > 0


def test_today_says_that_strangers_wait_too_until_a_brand_of_ours_is_named(empty_store: str) -> None:
    engine = open_store(empty_store)
    moment = datetime(2026, 4, 10, 19, tzinfo=UTC)
    asked = [PostRecord(*NETWORK, f"q{n}", "wall", moment, author=f"p{n}", text=f"Where is {n}?") for n in "ab"]
    bring(engine, [*asked, PostRecord(*NETWORK, "qc", "wall", moment, author="pc", text="Where is my Acme?")])
    app = open_directly("today")
    assert "No brand of ours is named" in shown_text(app)
    assert "Settings" in shown_text(app)
    assert len(_cases(app)) == 3
    change_setting(engine, key="own_brands", value=["Acme"], decided_by="Ada")
    derive_brands(engine, Silence())
    named = open_directly("today")
    assert "No brand of ours is named" not in shown_text(named)
    assert len(_cases(named)) == 1
    assert "2 more are not said to us." in shown_text(named)


def test_today_says_for_how_many_others_of_a_thread_a_decision_is(small_store: Engine) -> None:
    moment = datetime(2026, 4, 10, 19, tzinfo=UTC)
    named = PostRecord(
        *NETWORK, "t1", "wall", moment, author="p2", text="Terrible for me too", parent="post117", mentions=("team",)
    )
    unnamed = PostRecord(*NETWORK, "t2", "wall", moment, author="p4", text="Poor you", parent="post117")
    bring(small_store, [named, unnamed])
    app = open_directly("today", f_channel="Wall · net", f_period="7 days")
    before = int(app.metric[5].value)
    with reading(small_store) as session:
        case = session.scalars(select(Post.id).where(Post.native_id == "post117")).one()
    said = "1 other waits in this thread, and what is decided here is for the whole of it"
    assert shown_text(app).count(said) == 2, "of the two who wait for us, not of who answers a member"
    app.button(key=f"no_answer_needed_{case}").click().run()
    assert not app.exception
    assert "Marked as no answer needed, with 1 other who waited in this thread." in shown_text(app)
    assert int(app.metric[5].value) == before - 2
    app.button(key="undo_last").click().run()
    assert int(app.metric[5].value) == before
