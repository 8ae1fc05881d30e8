"""Several files that are one export, such as a Slack workspace's."""

import io
from collections import Counter
from dataclasses import dataclass, field

from data_access.importers.reading.content import Content, Progress


@dataclass
class Bundle:
    """The files of one export by their path below its root."""

    name: str
    files: dict[str, Content]
    progress: Progress = field(default_factory=Progress)

    @property
    def size_bytes(self) -> int:
        return sum(content.size_bytes for content in self.files.values())

    @property
    def bytes_read(self) -> int:
        return sum(content.bytes_read for content in self.files.values())

    @property
    def skipped(self) -> Counter[str]:
        return self.progress.skipped

    def fingerprint(self, options: str) -> str:
        """A hash of all files, their paths and ``options``."""
        parts = [f"{path}\x1f{content.fingerprint('')}" for path, content in sorted(self.files.items())]
        empty = Content("", 0, _no_bytes)
        return empty.fingerprint("\x1e".join([options, *parts]))


def _no_bytes() -> io.BytesIO:
    return io.BytesIO()
