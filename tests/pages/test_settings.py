"""Settings: what is typed becomes decisions, which can be taken back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from data_access.models.derived import Person
from data_access.settings import Rate, Settings, list_setting_rows, read_settings
from data_access.store import reading
from jobs.decisions import change_setting
from jobs.erasure import erase_person
from tests.pages.conftest import open_directly, shown_text
from ui.audit import read_audit_trail


def _settings(engine: Engine) -> Settings:
    with reading(engine) as session:
        return read_settings(session)


def _press(app: object, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()  # type: ignore[attr-defined]


def test_settings_are_saved_as_decisions_of_whoever_changed_them(small_store: Engine) -> None:
    app = open_directly("settings", me="Ana")
    app.text_input[0].set_value("Our people")
    _press(app, "Save")
    assert not app.exception
    assert _settings(small_store).workspace_name == "Our people"
    trail = next(frame.value for frame in app.dataframe if "decided_by" in frame.value)
    assert len(trail) == 1
    assert trail.iloc[0][["decided_by", "what", "stands"]].tolist() == ["Ana", "setting", True]


def test_settings_stand_as_before_when_the_change_is_undone(small_store: Engine) -> None:
    app = open_directly("settings")
    app.text_input[0].set_value("Our people")
    _press(app, "Save")
    app.button(key="undo_last").click().run()
    assert not app.exception
    assert _settings(small_store).workspace_name == "My community"
    assert app.text_input[0].value == "My community"


def test_settings_write_nothing_when_nothing_changed(small_store: Engine) -> None:
    app = open_directly("settings")
    _press(app, "Save")
    assert not app.exception
    assert "Nobody has decided anything yet" in shown_text(app)


def test_trail_says_that_somebody_was_erased_and_nothing_more(small_store: Engine) -> None:
    with reading(small_store) as session:
        person = session.scalar(select(func.min(col(Person.id)))) or 0
    erase_person(small_store, person_id=person, decided_by="Ana")
    with reading(small_store) as session:
        salt = list_setting_rows(session)["erasure_salt"]
        trail = read_audit_trail(session)
    assert trail[["what", "detail", "stands", "can_undo"]].to_numpy().tolist() == [
        ["erasure", "somebody was erased", True, False]
    ]
    assert salt not in trail.to_string()


def test_settings_list_what_is_muted_until_it_is_unmuted(small_store: Engine) -> None:
    app = open_directly("settings")
    next(field for field in app.text_input if field.label == "Word to mute").set_value("Giveaway")
    _press(app, "Mute")
    assert "word: giveaway" in shown_text(app)
    _press(app, "Unmute")
    assert not app.exception
    assert "Nothing is muted" in shown_text(app)


def test_settings_compute_everything_again_when_the_time_zone_changes_and_when_that_is_undone(
    small_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    for module in ("ui.settings_forms", "ui.actions"):
        monkeypatch.setattr(f"{module}.start_job", lambda engine, kind, arguments: started.append(kind))
    app = open_directly("settings")
    app.selectbox[1].set_value("Europe/Berlin")
    _press(app, "Save")
    assert not app.exception
    assert _settings(small_store).time_zone == "Europe/Berlin"
    assert started == ["refresh"]
    app.button(key="undo_last").click().run()
    assert _settings(small_store).time_zone == "UTC"
    assert started == ["refresh", "refresh"]


def test_settings_of_influence_are_saved_and_scores_derived_also_when_that_is_undone(
    small_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    for module in ("ui.settings_forms", "ui.actions"):
        monkeypatch.setattr(f"{module}.start_job", lambda engine, kind, arguments: started.append(kind))
    app = open_directly("settings", me="Ana")
    field = next(field for field in app.number_input if field.label == "Half-life of a tie, days")
    assert (field.value, field.min, field.max) == (90, 1, 3_650)
    field.set_value(30)
    _press(app, "Save influence")
    assert not app.exception
    now = _settings(small_store)
    assert (now.influence_half_life_days, now.advocate_posts) == (30, 3)
    assert started == ["influence"]
    app.button(key="undo_last").click().run()
    assert _settings(small_store).influence_half_life_days == 90
    assert started == ["influence", "influence"]


def test_settings_of_influence_show_the_nearest_value_that_can_be_when_another_stands(small_store: Engine) -> None:
    change_setting(small_store, key="influence_half_life_days", value=0, decided_by="Ana")
    app = open_directly("settings")
    assert not app.exception
    assert next(field.value for field in app.number_input if field.label == "Half-life of a tie, days") == 1


def test_settings_take_hours_a_day_at_a_time(small_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.settings_forms.start_job", lambda engine, kind, arguments: 1)
    app = open_directly("settings")
    app.session_state["hours_table"] = {"edited_rows": {0: {"open": True}}, "added_rows": [], "deleted_rows": []}
    _press(app, "Save hours")
    assert not app.exception
    assert _settings(small_store).business_hours == ((9, 17), None, None, None, None, None, None)


def test_settings_refuse_hours_that_end_before_they_begin(small_store: Engine) -> None:
    app = open_directly("settings")
    app.session_state["hours_table"] = {
        "edited_rows": {0: {"open": True, "from": 18}},
        "added_rows": [],
        "deleted_rows": [],
    }
    _press(app, "Save hours")
    assert "Monday" in app.error[0].value
    assert _settings(small_store).business_hours == ()


def _enter_rates(app: Any, *rows: dict[str, Any]) -> None:
    app.session_state["rates_table_EUR"] = {"edited_rows": {}, "added_rows": list(rows), "deleted_rows": []}
    _press(app, "Save rates")


def test_settings_keep_rates_that_somebody_entered(small_store: Engine) -> None:
    app = open_directly("settings", me="Ana")
    _enter_rates(
        app,
        {"currency": "USD", "rate": 0.92, "since": "2026-03-01"},
        {"currency": "JPY", "rate": 0.0061, "since": "2026-01-01"},
    )
    assert not app.exception
    assert _settings(small_store).rates == (
        Rate("JPY", Decimal("0.0061"), date(2026, 1, 1)),
        Rate("USD", Decimal("0.92"), date(2026, 3, 1)),
    )
    shown = next(frame.value for frame in app.dataframe if "since" in frame.value)
    assert shown["currency"].tolist() == ["JPY", "USD"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"currency": "USD", "since": "2026-03-01"}, "Each rate needs"),
        ({"currency": "USD", "rate": 0.0, "since": "2026-03-01"}, "above 0"),
    ],
)
def test_settings_refuse_a_rate_that_is_half(small_store: Engine, row: dict[str, Any], problem: str) -> None:
    app = open_directly("settings")
    _enter_rates(app, row)
    assert problem in app.error[0].value
    assert _settings(small_store).rates == ()


def test_settings_drop_rates_when_the_currency_changes_that_they_are_in(small_store: Engine) -> None:
    app = open_directly("settings")
    _enter_rates(app, {"currency": "USD", "rate": 0.92, "since": "2026-03-01"})
    next(field for field in app.selectbox if field.label == "Currency").set_value("GBP")
    _press(app, "Save")
    assert not app.exception
    assert (_settings(small_store).currency, _settings(small_store).rates) == ("GBP", ())
