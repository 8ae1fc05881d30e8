"""What the demo's team calls its own brand and the competitors' (``metrics/topics.py``): words, and what rules a post
out. What a competitor says of itself is no talk about it: its advertisements are told by their phrases."""

from jobs.demo.company import BRAND, RIVALS

_OURS = (
    "Sillgrove, @sillgrove, @sillgrovehelp, @sillgrovecare, #SillToTable, "
    "Grove Club, Grove for Schools, Grove for Work, Lumen Bar, Root Sensor"
)
_THEIRS = "{0}, @{0}, #{0}"
_THEIR_OWN_WORDS = (
    "{0} tip, meet the {0}, coming {0}, {0} customers say, new colours for the {0}, off all {0}, your {0} order number"
)

BRAND_RULES: tuple[tuple[str, str, str | None], ...] = (
    (BRAND, _OURS, None),
    *((rival, _THEIRS.format(rival), _THEIR_OWN_WORDS.format(rival)) for rival in RIVALS),
)
