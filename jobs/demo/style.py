"""How each person writes: capitals, full stops, typos, emoji, hashtags, length. A pool that people draw from."""

import re
from dataclasses import dataclass
from random import Random

from jobs.demo.phrases import talk


@dataclass(frozen=True, slots=True)
class Style:
    """One way of writing. Shares are of the person's posts."""

    is_lowercase: bool
    ending: str
    emoji_share: float
    typo_share: float
    tag_share: float
    extra_sentences: float
    is_textese: bool
    emoji: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


PLAIN_STYLE = Style(False, ".", 0.0, 0.0, 0.0, 0.5, False, ((), (), ()))
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] ))[a-zà-ÿ]")
_TEXTESE = (
    (" you ", " u "),
    (" because ", " bc "),
    ("to be honest", "tbh"),
    (" people ", " ppl "),
    ("thanks", "thx"),
    (" and ", " & "),
    ("tomorrow", "tmrw"),
)


def make_styles(rng: Random, *, count: int = 600) -> list[Style]:
    """``count`` ways of writing, to be shared out among the people."""
    return [_make_style(rng) for _ in range(count)]


def _make_style(rng: Random) -> Style:
    endings = [".", ".", ".", ".", "!", "", "", "..."]
    pools = (talk.EMOJI_CROSS, talk.EMOJI_PLAIN, talk.EMOJI_GLAD)
    return Style(
        is_lowercase=rng.random() < 0.16,
        ending=rng.choice(endings),
        emoji_share=rng.choice([0.0, 0.0, 0.05, 0.1, 0.3, 0.5]),
        typo_share=rng.choice([0.0, 0.02, 0.05, 0.12]),
        tag_share=rng.choice([0.0, 0.05, 0.15, 0.4]),
        extra_sentences=rng.choice([0.3, 0.7, 1.0, 1.4]),
        is_textese=rng.random() < 0.06,
        emoji=tuple(tuple(rng.sample(pool, 3)) for pool in pools),  # type: ignore[arg-type]
    )


def apply_style(text: str, style: Style, tone: int, rng: Random) -> str:
    """``text`` as someone of that style types it; ``tone`` is -1, 0 or 1."""
    draw = rng.random
    text = text.lower() if style.is_lowercase else _SENTENCE_START.sub(_upper, text)
    if style.is_textese:
        for long, short in _TEXTESE:
            text = text.replace(long, short)
    if style.typo_share and draw() < style.typo_share:
        text = _with_typo(text, rng)
    if text[-1] not in ".!?…":
        ending = "." if style.ending == "!" and tone <= 0 else style.ending
        text += ending
    if style.emoji_share and draw() < style.emoji_share:
        mark = style.emoji[tone + 1][int(draw() * 3)]
        text += " " + mark * (2 if draw() < 0.15 else 1)
    return text


def _upper(match: re.Match[str]) -> str:
    return match.group().upper()


def _with_typo(text: str, rng: Random) -> str:
    """``text`` with two neighbouring letters swapped, or one lost, inside a word."""
    at = int(rng.random() * len(text))
    inner = text[at : at + 2]
    if at < 2 or not inner.isalpha() or not text[at - 1 : at + 4].isalpha() or "@" in text or "#" in text:
        return text
    return text[:at] + (inner[::-1] if rng.random() < 0.6 else inner[0]) + text[at + 2 :]
