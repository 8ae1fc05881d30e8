"""JSON as programs write it, as a parser takes it: UTF-8, nothing that is no number, no raw tab within a text, no whole
number beyond 64 bits: such an id becomes a text, so that no digit of it is lost. So does 1e999, which is larger than
any: its record is refused, not the rest of the file."""

import codecs
import io
import math
import re
from functools import partial

import ijson

from data_access.importers.reading.encodings import UTF8_MARK, detect_encoding

#: No export nests so deeply; a file that does is meant to do harm, and the time to read it grows with the square.
DEEPEST = 1_000
_BLOCK_BYTES = 1 << 16
#: Alphabets of a byte a letter in which what is UTF-8 by chance is never written.
_LATIN = ("cp1252", "cp1250", "cp1254", "iso8859_2")
# A NUL stands behind the end of the text at hand: a string that reaches it is not closed there.
_STRING = rb'"[^"\\\x00]*+(?:\\[^\x00][^"\\\x00]*+)*+["\x00]'
_IS_STRING = re.compile(_STRING, re.DOTALL)
_LONG_NUMBER = rb"(?<![\d.eE+-])-?\d{19,}(?![\d.eE])"
_LONG_NUMBERS = re.compile(_LONG_NUMBER)
#: A number that may be larger than any: with three digits of an exponent, or with hundreds before its point.
_HUGE_NUMBER = rb"(?<![\d.eE+-])-?(?:\d+(?:\.\d+)?[eE]\+?\d{3,}|\d{300,}\.\d+(?:[eE][-+]?\d+)?)"
_HUGE_NUMBERS = re.compile(_HUGE_NUMBER)
_TOKEN = re.compile(_STRING + rb"|-?Infinity|NaN|[\[\]{}]|" + _HUGE_NUMBER + rb"|" + _LONG_NUMBER, re.DOTALL)
_STRING_OR_LONG = re.compile(_STRING + rb"|" + _HUGE_NUMBER + rb"|" + _LONG_NUMBER, re.DOTALL)
_LARGEST = (1 << 63) - 1
_LARGEST_DIGITS = str(_LARGEST).encode()
_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_ZEROS = b"0" * len(_LARGEST_DIGITS)
_HUNDREDS = b"0" * 300 + b"."
_CONTROLS = bytes(range(1, 32))
_CONTROL = re.compile(rb"[\x01-\x1f]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
#: A word, or a number, that a block may end within.
_CUT_WORD = re.compile(rb"[-+.A-Za-z\d]{1,80}\Z")


class TooDeep(ijson.JSONError):  # type: ignore[misc]
    """JSON that is nested beyond all reason."""


def _as_old(encoding: str, error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode(encoding, errors="replace"), error.end


for _name in _LATIN:
    codecs.register_error(f"else-{_name}", partial(_as_old, _name))


def json_decoder(encoding: str) -> codecs.IncrementalDecoder:
    """What decodes JSON in this encoding. Where it is UTF-8 or a Latin alphabet, either may hold a word in the other.

    >>> json_decoder("utf-8").decode("gr\\u00fc".encode() + b" gr\\xfc ")
    'grü grü '
    """
    if encoding.startswith("utf-8") or encoding in _LATIN:
        other = encoding if encoding in _LATIN else "cp1252"
        return codecs.getincrementaldecoder("utf-8")(errors=f"else-{other}")
    return codecs.getincrementaldecoder(encoding)(errors="replace")


class _InUtf8(io.RawIOBase):
    """A stream of JSON in UTF-8, whatever it is in: the first letters beyond ASCII tell."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._decoder = json_decoder("utf-8")
        self._is_ascii_so_far = True
        self._ready = b""
        self._is_at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready and not self._is_at_end:
            block = self._stream.read1(_BLOCK_BYTES)
            self._is_at_end = not block
            self._ready = self._made_sound(self._decoded(block))
        chunk, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _decoded(self, block: bytes) -> bytes:
        if self._is_ascii_so_far and not block.isascii():
            self._is_ascii_so_far = False
            block = block.removeprefix(UTF8_MARK)
            self._decoder = json_decoder(detect_encoding(block))
        text = self._decoder.decode(block, self._is_at_end)
        return text.encode("utf-8", "replace").replace(b"\x00", b"")

    def _made_sound(self, text: bytes) -> bytes:
        return text


class _Sound(_InUtf8):
    """The same with null for what is no number, raw control characters escaped, and numbers beyond 64 bits as texts. It
    ends where it is too deep."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        super().__init__(stream)
        self._rest = b""
        self._is_in_string = False
        self._depth = 0
        self._is_too_deep = False

    def _made_sound(self, text: bytes) -> bytes:
        if self._is_too_deep:
            raise TooDeep(f"it is nested deeper than {DEEPEST:,} levels there")
        text = self._rest + text
        self._rest = b"" if self._is_at_end else _cut_off(text)
        opened = b'"' if self._is_in_string else b""
        text = opened + text[: len(text) - len(self._rest)] + b"\x00"
        bare = _IS_STRING.sub(b"", text)
        self._is_in_string = not bare.endswith(b"\x00")
        if self._may_be_too_deep(bare) and (cut := self._too_deep_from(text)) is not None:
            self._is_too_deep, self._is_at_end = True, False
            text = text[:cut] + b"\x00"
        self._depth = max(0, self._depth + _net(bare))
        if self._is_unsound(bare) or _count_controls(text) > _count_controls(bare):
            text = _TOKEN.sub(_sound_token, text)
        return text[len(opened) : -1]

    @staticmethod
    def _is_unsound(bare: bytes) -> bool:
        return b"NaN" in bare or b"Infinity" in bare or _has_number_for_text(bare)

    def _may_be_too_deep(self, bare: bytes) -> bool:
        brackets = bare.translate(None, _NO_BRACKETS)
        deepest = self._depth
        while deepest <= DEEPEST:
            fewer = brackets.replace(b"[]", b"").replace(b"{}", b"")
            if len(fewer) == len(brackets):
                break
            brackets, deepest = fewer, deepest + 1
        return deepest + brackets.count(b"[") + brackets.count(b"{") > DEEPEST

    def _too_deep_from(self, text: bytes) -> int | None:
        depth = self._depth
        for token in _TOKEN.finditer(text):
            depth += _net(token[0]) if len(token[0]) == 1 else 0
            if depth > DEEPEST:
                return token.start()
        return None


def _net(brackets: bytes) -> int:
    return brackets.count(b"[") + brackets.count(b"{") - brackets.count(b"]") - brackets.count(b"}")


def _count_controls(text: bytes) -> int:
    return len(text) - len(text.translate(None, _CONTROLS))


def _cut_off(text: bytes) -> bytes:
    """The end of a block that may be half of something: of an escape, or of a word."""
    slashes = len(text) - len(text.rstrip(b"\\"))
    if slashes:
        return b"\\" * (slashes % 2)
    found = _CUT_WORD.search(text, max(0, len(text) - 80))
    return b"" if found is None else found[0]


def _sound_token(token: re.Match[bytes]) -> bytes:
    if token[0].startswith(b'"'):
        return _CONTROL.sub(lambda control: b"\\u%04x" % ord(control[0]), token[0])
    if len(token[0]) == 1:
        return token[0]
    return in_quotes_if_long(token[0]) if token[0][-1:].isdigit() else b"null"


def in_quotes_if_long(number: bytes) -> bytes:
    """A number as a text where it is a whole one of more than 64 bits, or larger than any.

    >>> in_quotes_if_long(b"9223372036854775807"), in_quotes_if_long(b"9223372036854775808")
    (b'9223372036854775807', b'"9223372036854775808"')
    >>> in_quotes_if_long(b"1e300"), in_quotes_if_long(b"1e999")
    (b'1e300', b'"1e999"')
    """
    is_whole = number.lstrip(b"-").isdigit()
    return b'"' + number + b'"' if (_is_long(number) if is_whole else _is_huge(number)) else number


def _is_long(number: bytes) -> bool:
    return len(number) > 20 or abs(int(number)) > _LARGEST


def _is_huge(number: bytes) -> bool:
    return math.isinf(float(number))


def _has_number_for_text(text: bytes) -> bool:
    """Whether a number, be it within a string, takes more than 64 bits, or is larger than any."""
    digits = text.translate(_AS_ZEROS)
    if _has_many_digits(text, digits) and any(map(_is_long, _LONG_NUMBERS.findall(text))):
        return True
    may_be_huge = b"0e" in digits or b"0E" in digits or _HUNDREDS in digits
    return may_be_huge and any(map(_is_huge, _HUGE_NUMBERS.findall(text)))


def _has_many_digits(text: bytes, digits: bytes) -> bool:
    """Whether more digits (in ``digits`` all zeros) stand together than a number of 64 bits has, or greater ones. Takes
    a tenth of the time of looking for numbers: few texts have any, but all of X's have ids of as many digits."""
    size = len(_ZEROS)
    at = digits.find(_ZEROS)
    while at >= 0:
        if digits[at + size : at + size + 1] == b"0" or text[at : at + size] > _LARGEST_DIGITS:
            return True
        at = digits.find(_ZEROS, at + size)
    return False


def with_long_numbers_as_texts(line: bytes) -> bytes:
    """JSON, whole, of which no number takes more than 64 bits, or is larger than any.

    >>> with_long_numbers_as_texts(b'{"id": 12345678901234567890, "text": "12345678901234567890"}')
    b'{"id": "12345678901234567890", "text": "12345678901234567890"}'
    """
    if not _has_number_for_text(line):
        return line
    return _STRING_OR_LONG.sub(lambda token: token[0] if token[0][:1] == b'"' else in_quotes_if_long(token[0]), line)


def open_sound(stream: io.BufferedIOBase) -> io.RawIOBase:
    """A stream of one JSON document as a parser takes it. Reading it raises ``TooDeep``, as an ``ijson.JSONError``. It
    has no buffer, which would keep what can be read before a break to itself."""
    return _Sound(stream)


def open_lines(stream: io.BufferedIOBase) -> "io.BufferedReader[_InUtf8]":
    """A stream of NDJSON in UTF-8."""
    return io.BufferedReader(_InUtf8(stream), _BLOCK_BYTES)


def why_broken(error: ijson.JSONError) -> str:
    """What a parser says is wrong, in a line.

    >>> why_broken(ijson.JSONError("parse error: premature EOF"))
    'it ends in the middle'
    """
    said = error.args[0] if error.args else ""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    if "premature EOF" in text:
        return "it ends in the middle"
    return (text.strip().splitlines() or ["it cannot be read"])[0].strip().rstrip(".")
