"""The brands that are looked for in what people write, and by which words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from data_access.decisions import list_standing
from data_access.models.decisions import BrandRule
from data_access.models.facts import Brand, Channel
from data_access.settings import Settings, read_settings

_PLAIN_ENTRY = re.compile(r'[^,"*\n-][^,"*\n]*')
_HANDLE = re.compile(r"[a-z][a-z0-9_]{2,}")
_HAS_WORD = re.compile(r"\w")
#: What begins or ends a phrase in a pattern, in any writing. In a name it is a sign between words, as an apostrophe is.
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»', "'"))


@dataclass(frozen=True)
class BrandWords:
    """A brand and the words that name it, as ``metrics/topics.py`` reads them; a post with one of ``exclusions`` does
    not name it. ``is_decided``: somebody chose the words; else they are its name, the account of that name, and the
    handles of its channels. ``is_active`` False: nobody looks for it. ``is_unclaimed``: neither a file nor Settings
    says whose it is, so it counts as ours."""

    brand_id: int
    name: str
    is_competitor: bool
    pattern: str
    exclusions: str = ""
    is_decided: bool = False
    is_active: bool = True
    is_unclaimed: bool = False


def is_competitor(name: str, fact: bool | None, settings: Settings) -> bool:
    """Whose a brand is: Settings beat the file, in capitals or not; a brand that nobody calls a competitor's is ours.

    >>> is_competitor("Acme", True, Settings()), is_competitor("Acme", True, Settings(own_brands=("acme",)))
    (True, False)
    """
    return (bool(fact) or _is_among(name, settings.competitors)) and not _is_among(name, settings.own_brands)


def _is_among(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in {known.casefold() for known in names}


def list_brand_decisions(session: Session) -> dict[str, BrandRule]:
    """The newest standing decision on each brand, by its name in small letters."""
    return {row.brand.casefold(): row for row in list_standing(session, BrandRule)}


def list_named_brands(session: Session) -> list[str]:
    """The names of the brands that Settings speaks of: ours, the competitors', and those with words of their own."""
    return _named(read_settings(session), list_brand_decisions(session))


def _named(settings: Settings, decided: dict[str, BrandRule]) -> list[str]:
    every = (*(row.brand for row in decided.values()), *settings.competitors, *settings.own_brands)
    names = {name.casefold(): name for name in every if name.strip()}
    return [names[key] for key in sorted(names)]


def list_brands(session: Session) -> list[BrandWords]:
    """Every brand that a file or Settings names, by name. One that only Settings named, and no longer does, is none."""
    settings = read_settings(session)
    decided = list_brand_decisions(session)
    named = {name.casefold() for name in _named(settings, decided)}
    with_channel = set(session.exec(select(col(Channel.brand_id)).where(col(Channel.brand_id).is_not(None)).distinct()))
    handles = _list_handles(session)
    found = []
    for row in session.exec(select(Brand).order_by(col(Brand.name), col(Brand.id))):
        is_known = row.run_id is not None or row.is_competitor is not None or row.id in with_channel
        if row.id is not None and (is_known or row.name.casefold() in named):
            whose = is_competitor(row.name, row.is_competitor, settings)
            words = default_words(row.name, handles[row.id])
            brand = _words(row.id, row.name, whose, words, decided.get(row.name.casefold()))
            said = row.is_competitor is not None or _is_among(row.name, (*settings.own_brands, *settings.competitors))
            found.append(replace(brand, is_unclaimed=not said))
    return found


def list_own_brands(session: Session) -> list[int]:
    """The brands that are ours. One that is looked for no longer is: its channels are still our places."""
    return [brand.brand_id for brand in list_brands(session) if not brand.is_competitor]


def list_rival_channels(session: Session, settings: Settings) -> list[int]:
    """The channels of competitors, as ``answers.scope`` has it: what happens there is not with us."""
    statement = select(Channel.id, Brand.name, Brand.is_competitor).join(Brand, col(Brand.id) == col(Channel.brand_id))
    return [
        channel
        for channel, name, fact in session.exec(statement)
        if channel is not None and is_competitor(name, fact, settings)
    ]


def _list_handles(session: Session) -> dict[int, list[str]]:
    """The names of each brand's channels that begin with @."""
    is_handle = col(Channel.name).startswith("@", autoescape=True) & col(Channel.brand_id).is_not(None)
    found: dict[int, list[str]] = defaultdict(list)
    for brand_id, name in session.exec(select(col(Channel.brand_id), col(Channel.name)).where(is_handle)):
        if brand_id is not None:
            found[brand_id].append(name)
    return found


def _words(brand_id: int, name: str, whose: bool, default: str, rule: BrandRule | None) -> BrandWords:
    if rule is None:
        return BrandWords(brand_id, name, whose, default, is_active=bool(default))
    return BrandWords(brand_id, name, whose, rule.pattern, rule.exclusions or "", True, rule.is_active)


def default_words(name: str, handles: Sequence[str] = ()) -> str:
    """The words that name a brand where nobody chose any: its name as it stands, an account of that name, and the
    handles of its channels.

    >>> default_words("Virgin America", ["@virginhelp"]), default_words("A, B & Co"), default_words("!!!")
    ('Virgin America, @virginamerica, @virginhelp', '"A, B & Co"', '')
    """
    known = [name, *_handle_of(name), *sorted(handles, reverse=True)]
    entries = {entry.casefold(): entry for entry in _entries(known)}
    first, *rest = entries.values() if entries else [""]
    return ", ".join([first, *sorted(rest)]) if first else ""


def _handle_of(name: str) -> list[str]:
    """The account called as a brand is, where its name is of nothing but words in Latin letters. It is mostly the
    brand's; where it is somebody else's, other words are to be chosen."""
    run_together = name.replace(" ", "").lower()
    return [f"@{run_together}"] if _HANDLE.fullmatch(run_together) else []


def _entries(texts: list[str]) -> Iterator[str]:
    """Each text as an entry of a pattern: in quotes where a sign of it would mean something there."""
    for text in texts:
        entry = " ".join(text.translate(_QUOTES).split())
        if _HAS_WORD.search(entry):
            yield entry if _PLAIN_ENTRY.fullmatch(entry) else f'"{entry}"'


def list_brand_rules(session: Session) -> dict[int, tuple[str, str]]:
    """The words of each brand that is looked for, and what rules it out, by the brand's id."""
    return {brand.brand_id: (brand.pattern, brand.exclusions) for brand in list_brands(session) if brand.is_active}
