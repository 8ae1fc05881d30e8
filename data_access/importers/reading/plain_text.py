"""Text as people read it: from HTML, with entities decoded, and the handles that it mentions."""

import html
import re
from html.entities import html5

from selectolax.lexbor import LexborHTMLParser

_BLOCK = "p|div|ul|ol|li|blockquote|h[1-6]|table|tr|td|th|pre"
_KNOWN = f"{_BLOCK}|span|a|strong|em|b|i|u|s|font|code|img|br|hr"
#: What nobody writes who means no HTML: "a<b and c>d" and "vector<a>" are none.
_TAG = re.compile(
    rf"</(?:{_KNOWN})\s*>|<[bh]r\s*/?>|<(?:{_KNOWN})\s+[a-z:-]+\s*=[^<>]*>|(?<!\w)<(?:{_BLOCK})\s*/?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_LINE_END = re.compile(r"<br\s*/?>|</(?:li|tr|h[1-6]|dt|dd)\s*>", re.I)
_BLOCK_END = re.compile(r"</(?:p|div|blockquote|ul|ol|table|pre|section|article|aside|figure)\s*>", re.I)
_BLANKS = re.compile(r"[ \t\xa0]+")
_AROUND_LINE_END = re.compile(r" *\n *")
_MANY_LINES = re.compile(r"\n{3,}")
_SOURCE_SPACE = re.compile(r"\s+")
_MENTION = re.compile(r"(?<![\w@/.&])@([A-Za-z0-9_]+)")
_UNSEEN = ["script", "style", "noscript", "template", "head"]


def html_to_text(markup: str) -> str:
    """The words of an HTML fragment, with its line breaks, without scripts and styles.

    >>> html_to_text("<p>Tom &amp; Ann<br>today</p><p>Bye</p><script>x()</script>")
    'Tom & Ann\\ntoday\\n\\nBye'
    """
    marked = _BLOCK_END.sub("\ue001", _LINE_END.sub("\ue000", _SOURCE_SPACE.sub(" ", markup)))
    tree = LexborHTMLParser(marked)
    tree.strip_tags(_UNSEEN, recursive=True)
    words = tree.body.text(deep=True) if tree.body is not None else ""
    broken = _BLANKS.sub(" ", words).replace("\ue001", "\n\n").replace("\ue000", "\n")
    return _MANY_LINES.sub("\n\n", _AROUND_LINE_END.sub("\n", broken)).strip()


def plain_text(text: str) -> str:
    """Text from a cell: HTML where it holds tags, entities decoded once, where they end in a semicolon.

    >>> plain_text("I &lt;3 it &amp; you"), plain_text("if a<b then c>d"), plain_text("?a=1&copy=1")
    ('I <3 it & you', 'if a<b then c>d', '?a=1&copy=1')
    """
    if "<" in text and _TAG.search(text):
        return html_to_text(text)
    return _ENTITY.sub(_decoded, text) if "&" in text else text


def _decoded(entity: re.Match[str]) -> str:
    written = entity[0]
    return html.unescape(written) if written[1] == "#" else html5.get(written[1:], written)


def find_mentions(text: str) -> tuple[str, ...]:
    """The handles that a text addresses with @, each once, in order, as written.

    >>> find_mentions("@ann and @bob, not me@example.com; @ann again")
    ('ann', 'bob')
    """
    return tuple(dict.fromkeys(_MENTION.findall(text))) if "@" in text else ()
