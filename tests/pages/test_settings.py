"""Settings: what is typed becomes decisions, which can be taken back."""

from sqlalchemy import Engine

from data_access.settings import Settings, read_settings
from data_access.store import reading
from tests.pages.conftest import open_directly, shown_text


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


def test_settings_list_what_is_muted_until_it_is_unmuted(small_store: Engine) -> None:
    app = open_directly("settings")
    next(field for field in app.text_input if field.label == "Word to mute").set_value("Giveaway")
    _press(app, "Mute")
    assert "word: giveaway" in shown_text(app)
    _press(app, "Unmute")
    assert not app.exception
    assert "Nothing is muted" in shown_text(app)
