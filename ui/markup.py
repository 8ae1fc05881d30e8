"""Member text where Streamlit reads Markdown: labels, captions, links. Elsewhere ``st.text`` and tables show it."""

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=/@])")
_SPACE = re.compile(r"\s+")
#: What Markdown turns into a link by itself, escaped or not: a mail address, www., a scheme. A word joiner, which
#: nobody sees, keeps it from being one.
_LINK_LIKE = re.compile(r"(?<=\w)@(?=\w)|(?<=\bwww)\.|(?<=\bhttps):|(?<=\bhttp):", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: str | None, longest: int = 200) -> str:
    """``text`` on one line, with each sign that Markdown would act on escaped, cut at ``longest`` letters.

    >>> print(plain("**bold** [x](javascript:1) :red[y]"))
    \\*\\*bold\\*\\* \\[x\\]\\(javascript\\:1\\) \\:red\\[y\\]
    """
    line = _SPACE.sub(" ", text or "").strip()
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return _SIGNS.sub(r"\\\1", _LINK_LIKE.sub(lambda found: f"{_WORD_JOINER}{found.group()}", line))


def web_address(url: str | None) -> str | None:
    """``url`` where it leads to the web, else None: a file can name any scheme, such as ``javascript:``.

    >>> web_address("javascript:alert(1)"), web_address("https://example.org/a")
    (None, 'https://example.org/a')
    """
    cleaned = (url or "").strip()
    return cleaned if re.match(r"https?://[^\s/]", cleaned, re.IGNORECASE) else None
