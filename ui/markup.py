"""Member text where Streamlit reads Markdown: labels, captions, links. Elsewhere ``st.text`` and tables show it."""

import re
from collections.abc import Callable

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=/@])")
_SPACE = re.compile(r"\s+")
#: What Markdown turns into a link by itself, escaped or not: a mail address, www., a scheme. A word joiner, which
#: nobody sees, keeps it from being one.
_LINK_LIKE = re.compile(r"(?<=\w)@(?=\w)|(?<=\bwww)\.|(?<=\bhttps):|(?<=\bhttp):", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_CUT_WORD = re.compile(r"(?<=\s)\S{1,40}$")
_WORDS = re.compile(r"[^\W_]+")
#: How much stands before the first marked word where a text is cut.
_BEFORE = 200


def plain(text: str | None, longest: int = 200) -> str:
    """``text`` on one line, with each sign that Markdown would act on escaped, cut at ``longest`` letters.

    >>> print(plain("**bold** [x](javascript:1) :red[y]"))
    \\*\\*bold\\*\\* \\[x\\]\\(javascript\\:1\\) \\:red\\[y\\]
    """
    line = _SPACE.sub(" ", text or "").strip()
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return _escape(line)


def shortened(text: str, longest: int) -> str:
    """``text`` with its lines, cut behind a word where it is longer than ``longest`` letters.

    >>> shortened("Ask the owner", 9), shortened("Ask", 9)
    ('Ask the…', 'Ask')
    """
    if len(text) <= longest:
        return text
    return _CUT_WORD.sub("", text[:longest]).rstrip() + "…"


def _escape(line: str) -> str:
    return _SIGNS.sub(r"\\\1", _LINK_LIKE.sub(lambda found: f"{_WORD_JOINER}{found.group()}", line))


def marked(text: str, is_meant: Callable[[str], bool], longest: int = 1_200) -> str:
    """``text`` as Markdown in its paragraphs and lines, with every word in bold that ``is_meant``, each sign escaped.
    A text longer than ``longest`` is cut, around the first such word.

    >>> print(marked("A *lamp*, a Lamp-post", lambda word: word == "lamp"))
    A \\***lamp**\\*, a Lamp\\-post
    """
    first = next((found.start() for found in _WORDS.finditer(text) if is_meant(found.group())), 0)
    start = first - _BEFORE if first > longest - _BEFORE else 0
    cut = ("…" if start else "") + text[start : start + longest] + ("…" if len(text) > start + longest else "")
    paragraphs = _BLANK_LINES.split("\n".join(cut.splitlines()))
    return "\n\n".join(_mark_lines(paragraph, is_meant) for paragraph in paragraphs if paragraph.strip())


def _mark_lines(paragraph: str, is_meant: Callable[[str], bool]) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in paragraph.splitlines())
    return "  \n".join(_mark(line, is_meant) for line in lines if line)


def _mark(line: str, is_meant: Callable[[str], bool]) -> str:
    parts, last = [], 0
    for found in _WORDS.finditer(line):
        if is_meant(found.group()):
            parts += [_escape(line[last : found.start()]), f"**{found.group()}**"]
            last = found.end()
    return "".join([*parts, _escape(line[last:])])


def web_address(url: str | None) -> str | None:
    """``url`` where it leads to the web, else None: a file can name any scheme, such as ``javascript:``.

    >>> web_address("javascript:alert(1)"), web_address("https://example.org/a")
    (None, 'https://example.org/a')
    """
    cleaned = (url or "").strip()
    return cleaned if re.match(r"https?://[^\s/]", cleaned, re.IGNORECASE) else None
