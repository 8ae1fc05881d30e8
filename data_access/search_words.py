"""The words by which an account is found, and those that somebody types to find it. A search is for what begins so."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_WORD = 40
MOST_WORDS = 20
LONGEST_NAME = 200
_HOSTS = (
    "aol.com att.net bigpond.com bluewin.ch comcast.net email.com fastmail.com free.fr freenet.de gmail.com gmx.at "
    "gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr icloud.com "
    "laposte.net libero.it live.co.uk live.com mac.com mail.com mail.ru me.com msn.com naver.com orange.fr "
    "outlook.com outlook.de pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com "
    "sbcglobal.net t-online.de tutanota.com verizon.net wanadoo.fr web.de yahoo.co.in yahoo.co.jp yahoo.co.uk "
    "yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru ymail.com zoho.com 126.com 163.com"
)
#: Where anyone may have an e-mail address: it says nothing of whom they work for.
PUBLIC_MAIL_HOSTS = frozenset(_HOSTS.split())
_PARTS = re.compile(r"[^\W_]+")
_HUMPS = re.compile(r"(?<=[^\W\dA-Z_])(?=[A-Z])")


def fold(text: str) -> str:
    """A text without case, accents and other ways to write the same letter.

    >>> fold("ZOË Müller"), fold("STRASSE") == fold("Straße")
    ('zoe muller', True)
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def list_account_words(
    handle: str | None,
    display_name: str | None,
    email: str | None,
    organization: str | None,
    email_verified: bool | None = None,
    names: Sequence[tuple[str, str]] = (),
) -> list[str]:
    """The words of an account, each once: its handle and its e-mail whole and in parts, the words of its name and its
    organisation, then those of its other ``names`` (kind and name, as ``identity_names.list_names`` gives them); at
    most ``MOST_WORDS``, each cut to ``LONGEST_WORD`` letters; then those that nobody types
    (``organization_word``, ``domain_word``; the latter of a verified e-mail), by which an organisation's people are
    found.

    >>> list_account_words("Anna_B", "Anna Berg", "Anna.Berg@x.example", None, True)
    ['anna_b', 'anna', 'anna.berg@x.example', 'berg', '@x.example']
    >>> list_account_words("RealZoe", None, None, "Kilbride & Sons")
    ['realzoe', 'real', 'zoe', 'kilbride', 'sons', '=kilbride & sons']
    >>> list_account_words("anna", None, None, None, names=[("handle", "anna"), ("handle", "ann_k")])
    ['anna', 'ann_k', 'ann']
    """
    words: dict[str, None] = {}
    if handle:
        words |= _handle_words(handle)
    if email:
        words[fold(email.strip())] = None
        words |= _long_parts(email.partition("@")[0])
    for name in (display_name, organization):
        if name:
            words |= dict.fromkeys(_PARTS.findall(fold(name)))
    for kind, name in names:
        words |= _handle_words(name) if kind == "handle" else dict.fromkeys(_PARTS.findall(fold(name)))
    cut = list(dict.fromkeys(word[:LONGEST_WORD] for word in words))[:MOST_WORDS]
    employer = organization_word(organization) if organization else None
    domain = domain_word(email.partition("@")[2]) if email and email_verified else None
    return [*cut, *(word for word in (employer, domain) if word)]


def _handle_words(handle: str) -> dict[str, None]:
    return {fold(handle).replace("\x00", ""): None} | _long_parts(_HUMPS.sub(" ", handle))


def organization_word(name: str) -> str | None:
    """The word of all accounts that say that they are of an organisation of this name, in any case.

    >>> organization_word(" Kilbride  FOODS ")
    '=kilbride foods'
    """
    plain = " ".join(fold(name).split())
    return f"={plain}"[:LONGEST_NAME] if plain else None


def domain_word(domain: str) -> str | None:
    """The word of all accounts whose verified e-mail is of this domain; None of a host where anyone may have one.

    >>> domain_word("https://www.Acme.example/about"), domain_word("gmail.com"), domain_word("")
    ('@acme.example', None, None)
    """
    host = fold(domain.strip()).rpartition("//")[2].partition("/")[0].removeprefix("www.")
    return f"@{host}"[:LONGEST_NAME] if host and host not in PUBLIC_MAIL_HOSTS else None


def _long_parts(text: str) -> dict[str, None]:
    """A letter of a handle alone is no word that anybody types."""
    return dict.fromkeys(word for word in _PARTS.findall(fold(text)) if len(word) > 1)


def list_typed_words(text: str) -> list[list[str]]:
    """What to look for, in each of the ways in which ``text`` may be meant, the closest first: as typed (a handle or an
    e-mail has marks in it), and its words alone. All the words of a way must be found.

    >>> list_typed_words("@Anna_B"), list_typed_words("Zoë  Müller"), list_typed_words("@")
    ([['anna_b'], ['anna', 'b']], [['zoe', 'muller']], [])
    """
    folded = fold(text.replace("\x00", " "))
    typed = [word[:LONGEST_WORD] for word in (part.lstrip("@") for part in folded.split()) if word]
    words = [word[:LONGEST_WORD] for word in _PARTS.findall(folded)]
    ways = [list(dict.fromkeys(way)) for way in (typed, words) if way]
    return ways[:1] if len(ways) == 2 and ways[0] == ways[1] else ways
