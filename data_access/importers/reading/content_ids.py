"""Ids of what has none in its file, told by what it says."""

from datetime import datetime

from data_access.records import content_id

_REMEMBERED = 50_000


class ContentIds:
    """Numbers what is alike in all of it: two that wrote "ok" within a minute wrote it twice, and the second import of
    the file finds both again. It looks back over fifty thousand rows at least, so that memory stays flat.

    >>> ids = ContentIds()
    >>> first, second, third = (ids.next("@ann", datetime(2024, 3, 1), text) for text in ("ok", "ok", "no"))
    >>> second == f"{first}.2", third.endswith(".2")
    (True, False)
    """

    def __init__(self) -> None:
        self.next_file()

    def next_file(self) -> None:
        """Begin another file: what it has in common with those before is the same."""
        self._before: dict[str, int] = {}
        self._recent: dict[str, int] = {}

    def next(self, author: str | None, occurred_at: datetime, text: str | None, channel: str | None = None) -> str:
        """The id of the next row. ``channel``: where the row, the file's place or the user says so."""
        native_id = content_id(author, occurred_at, text, channel)
        again = (self._recent.get(native_id) or self._before.get(native_id, 0)) + 1
        if len(self._recent) >= _REMEMBERED:
            self._before, self._recent = self._recent, {}
        self._recent[native_id] = again
        return native_id if again == 1 else f"{native_id}.{again}"
