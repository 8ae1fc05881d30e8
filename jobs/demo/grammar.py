"""A small template grammar: ``[this|that]`` picks one, ``{slot}`` is filled from the context or is a number.

Alternatives nest and may be empty: ``"[|really ]good"``. Each template is compiled once, to closures.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

#: The next random number in [0, 1).
Draw = Callable[[], float]
Context = Mapping[str, str]
Node = Callable[[Context, Draw], str]

#: Slots that are numbers: (lowest, highest).
NUMBERS = {
    "n": (2, 9),
    "nn": (11, 60),
    "cm": (4, 38),
    "pct": (12, 90),
    "hour": (1, 11),
    "temp": (17, 25),
    "temp2": (24, 31),
    "hum": (34, 82),
    "lamp": (9, 17),
    "euro": (12, 95),
    "grams": (40, 480),
    "serial": (20_400, 98_900),
    "version": (2, 19),
}


class TemplateError(ValueError):
    """A template that does not parse."""


def pick(options: Sequence[str], draw: Draw) -> str:
    """One of ``options``, all as likely."""
    return options[int(draw() * len(options))]


def say(template: str, context: Context, draw: Draw) -> str:
    """``template`` with its choices made and its slots filled.

    >>> say("[the|the] {plant} grew", {"plant": "basil"}, lambda: 0.5)
    'the basil grew'
    """
    return compile_template(template)(context, draw)


@cache
def compile_template(template: str) -> Node:
    """The closure that writes ``template``. Raises :class:`TemplateError` where brackets do not match."""
    node, end = _parse(template, 0, closing="")
    if end != len(template):
        raise TemplateError(f"{template!r} has an unmatched bracket at {end}")
    return node


def _literal(text: str) -> Node:
    return lambda context, draw: text


def _slot(name: str) -> Node:
    if name in NUMBERS:
        low, high = NUMBERS[name]
        span = high - low + 1
        return lambda context, draw: context[name] if name in context else str(low + int(draw() * span))
    return lambda context, draw: context[name]


def _sequence(parts: list[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    return lambda context, draw: "".join([part(context, draw) for part in parts])


def _choice(options: list[Node]) -> Node:
    count = len(options)
    return lambda context, draw: options[int(draw() * count)](context, draw)


def _parse(template: str, start: int, *, closing: str) -> tuple[Node, int]:
    """Read until a character of ``closing`` (or the end): the node, and where it stopped."""
    parts: list[Node] = []
    text = ""
    at = start
    while at < len(template) and template[at] not in closing:
        mark = template[at]
        if mark not in "[{":
            text, at = text + mark, at + 1
            continue
        if text:
            parts.append(_literal(text))
            text = ""
        node, at = _parse_slot(template, at) if mark == "{" else _parse_choice(template, at)
        parts.append(node)
    if text or not parts:
        parts.append(_literal(text))
    return _sequence(parts), at


def _parse_slot(template: str, at: int) -> tuple[Node, int]:
    end = template.find("}", at)
    if end < 0:
        raise TemplateError(f"{template!r} does not close the slot at {at}")
    return _slot(template[at + 1 : end]), end + 1


def _parse_choice(template: str, at: int) -> tuple[Node, int]:
    options: list[Node] = []
    while True:
        node, at = _parse(template, at + 1, closing="|]")
        options.append(node)
        if at >= len(template):
            raise TemplateError(f"{template!r} does not close a choice")
        if template[at] == "]":
            return _choice(options), at + 1
