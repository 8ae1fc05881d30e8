"""Which encoding a text is in, told from its first bytes."""

from charset_normalizer import from_bytes

UTF8_MARK = b"\xef\xbb\xbf"
_MARKS = (
    (UTF8_MARK, "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DETECT_BYTES = 1 << 17
#: What people's programs write besides UTF-8. Those of the west and of central Europe differ in a few letters.
_OLD = [
    "cp1252", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254",
    "cp1255", "cp1256",
]  # fmt: skip
_LATIN = frozenset({"cp1250", "cp1252", "cp1254"})
_WESTERN = frozenset(
    "àâäãåáæçèéêëìíîïñòóôõöøùúûüßœÿÀÂÄÃÅÁÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒŠšŽž€‚„…†‡‰‹‘’“”•–—˜™›¡¢£¥§¨©ª«¬®°´·º»¿½¼¾×\xa0"
)
_TURKISH_OR_ICELANDIC = frozenset("ðþýÐÞÝ")
_ISO_CENTRAL = frozenset(b"\xb1\xb6\xa1\xa6")


def detect_encoding(head: bytes) -> str:
    """The encoding of text by its first bytes: by its mark, else UTF-8 where it is that, else the likeliest.

    >>> detect_encoding("größer".encode()), detect_encoding("text,größer\\n".encode("utf-16-le"))
    ('utf-8', 'utf-16-le')
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if (wide := _wide_without_mark(head)) is not None:
        return wide
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 and not _is_mostly_utf8(head):  # a letter may be cut off at the end
            sound, damaged = _lines_beyond_ascii(head)
            if sound < len(damaged):  # else UTF-8 was meant, and some lines were pasted in from elsewhere
                return _detect_old(b"".join(damaged)[:_DETECT_BYTES])
    return "utf-8"


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of what is mostly ASCII is zero."""
    start = head[:4096]
    half = len(start) // 2
    if half < 2 or b"\x00" not in start:
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 0.5 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.5 * half and odd < 0.1 * half else None


def _is_mostly_utf8(head: bytes) -> bool:
    """Whether UTF-8 was meant and a few letters are damaged: the letters beyond ASCII that are sound outnumber them."""
    decoded = head.decode("utf-8", errors="replace")
    damaged = decoded.count("\ufffd")
    sound = sum(not character.isascii() for character in decoded) - damaged
    return sound > 4 * damaged


def _lines_beyond_ascii(head: bytes) -> tuple[int, list[bytes]]:
    """How many lines have letters beyond ASCII in sound UTF-8, which no other encoding has but by chance; and the lines
    that are none."""
    sound, damaged = 0, []
    for line in head.splitlines(keepends=True):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            damaged.append(line)
        else:
            sound += 1
    return sound, damaged


def _detect_old(head: bytes) -> str:
    best = from_bytes(head, cp_isolation=_OLD).best()
    if best is None:
        return "cp1252"
    return _of_latin(head) if best.encoding in _LATIN else best.encoding


def _of_latin(head: bytes) -> str:
    """Which of the Latin alphabets: the western one, unless letters occur that nobody writes there."""
    letters = set(head.decode("cp1252", errors="replace"))
    odd = {letter for letter in letters if not letter.isascii()} - _WESTERN
    if not odd:
        return "cp1252"
    if odd <= _TURKISH_OR_ICELANDIC:
        return "cp1252" if letters & set("áæ") else "cp1254"
    return "iso8859_2" if _ISO_CENTRAL & set(head) else "cp1250"
