"""Languages of short texts."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.language import detect_language, language_code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thanks for the quick answer, that solved my problem", "en"),
        ("La livraison est arrivée trop tard et le colis était ouvert", "fr"),
        ("ご不便をおかけしております。アプリをご利用でしょうか。", "ja"),
        ("Почему так долго нет ответа на мой вопрос", "ru"),
        ("thank you!!!", "en"),
    ],
)
def test_detect_language_tells_language(text: str, language: str) -> None:
    assert detect_language(text, None) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wij waren over de dag in de was met het eten klaar en willen weten of we morgen nog komen", "nl"),
        ("Det er for at vi her i dag have noget at spise, og det er godt for dem som vi kender", "da"),
        ("Also war man in den Hotels so nett, am Ende des Tages was her zu geben, an die Bus fahrer", "de"),
        ("On a dit que the walking dead est la meilleure chose pour le dimanche soir à la maison", "fr"),
    ],
)
def test_detect_language_is_not_english_when_words_look_like_it(text: str, language: str) -> None:
    assert detect_language(text, None) == language


def test_detect_language_ignores_accounts_and_links_when_they_outweigh_the_text() -> None:
    text = "@kundenservice_deutschland https://beispiel.example/warum/ist/das/so the parcel never came and I want it"
    assert detect_language(text, None) == "en"


def test_detect_language_beats_reported_when_it_is_sure() -> None:
    assert detect_language("Warum antwortet mir hier denn niemand auf meine Frage", "en") == "de"


@pytest.mark.parametrize("text", ["", "ok", "!!! 123", "😀", "https://example.org"])
def test_detect_language_takes_reported_when_it_cannot_tell(text: str) -> None:
    assert detect_language(text, "pt-BR") == "pt"


@pytest.mark.parametrize("reported", [None, "", "und", "xx", "english"])
def test_detect_language_is_none_when_nobody_can_tell(reported: str | None) -> None:
    assert detect_language("12345 !!", reported) is None


@pytest.mark.parametrize("text", ["what a nice \x00 day this is", "what a nice \ud83d day this is", "\x07\ufffe"])
def test_detect_language_survives_when_text_is_damaged(text: str) -> None:
    assert detect_language(text, "en") == "en"


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_detect_language_returns_two_letters_or_none(text: str) -> None:
    language = detect_language(text, None)
    assert language is None or (len(language) == 2 and language_code(language) == language)


@pytest.mark.realdata
def test_detect_language_calls_airline_tweets_english(shared_data: Path) -> None:
    with (shared_data / "airline" / "tweets_half.csv").open(newline="", encoding="utf-8") as file:
        languages = [detect_language(row["text"], None) for row in csv.DictReader(file)]
    assert languages.count("en") / len(languages) > 0.99
