"""What a mail's writer wrote in it: without what is quoted, signed below, or added by lists and programs."""

import re

_QUOTED = re.compile(r"\s{0,3}(?:>|\|(?=\s)|[A-Z]{2,3}>)")
_SIGNATURE = re.compile(r"-- ?")
_END = re.compile(
    r"-{8,} next part -{8,}"  # what Mailman makes of attachments
    r"|_{20,}"  # a list's footer, or Outlook's line above the mail that it answers
    r"|-{3,}\s?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message transféré|mensaje original|messaggio originale|oorspronkelijk bericht)\s?-{3,}"
    r"|begin forwarded message:",
    re.IGNORECASE,
)
_ATTRIBUTION_LINES = 3
_ATTRIBUTED = re.compile(
    r"\d{4}|\d:\d\d|@|\bat\b.+\.\w{2,}|\b(?:wrote|writes|said|schrieb|écrit|escribió|scrive)\b", re.IGNORECASE
)
_SIGNATURE_LINES = 15
_MANY_LINES = re.compile(r"\n{3,}")


def own_words(text: str) -> str:
    """The lines of a mail that its writer wrote.

    Left out are: lines that begin with ``>`` (or ``|``, ``AB>``), with the line above them that says whose they are
    (up to three lines that end with a colon); everything from a line ``--`` on, unless what follows it is longer than
    a signature; everything from "Original message", "next part" or a list's footer on. Nothing is told from words of
    greeting: "Thanks" may be all that somebody wrote.

    >>> own_words("On Monday Ann wrote:\\n> Is it on?\\n\\nYes.\\n\\n> Since when?\\nTuesday.\\n-- \\nBob")
    'Yes.\\n\\nTuesday.'
    """
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if _END.fullmatch(line.strip()) or _begins_signature(lines, number):
            break
        if _QUOTED.match(line):
            _drop_attribution(kept)
        else:
            kept.append(line.rstrip())
    return _MANY_LINES.sub("\n\n", "\n".join(kept)).strip()


def _begins_signature(lines: list[str], number: int) -> bool:
    """Whether this line is ``--`` with a signature below it: few lines, or quotes and footers behind those."""
    if not _SIGNATURE.fullmatch(lines[number]):
        return False
    below = 0
    for line in lines[number + 1 :]:
        if _QUOTED.match(line) or _END.fullmatch(line.strip()):
            break
        below += bool(line.strip())
    return below <= _SIGNATURE_LINES


def _drop_attribution(kept: list[str]) -> None:
    """Take away the paragraph above a quote, where it ends with a colon and names somebody or a day."""
    end = len(kept)
    while end and not kept[end - 1]:
        end -= 1
    if not end or not kept[end - 1].endswith(":"):
        return
    start = end - 1
    while start and kept[start - 1] and end - start <= _ATTRIBUTION_LINES:
        start -= 1
    said = " ".join(kept[start:end])
    if end - start <= _ATTRIBUTION_LINES and _ATTRIBUTED.search(said):
        del kept[start:]
