"""Several files that are one export, such as a Slack workspace's."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.mapping import MappingGuess
from data_access.importers.reading.table_rows import Table


@dataclass
class Bundle:
    """The files of one export by their path below its root. Of many tables of one shape also how each is read, and
    which column holds which field."""

    name: str
    files: dict[str, Content]
    progress: Progress = field(default_factory=Progress)
    tables: Mapping[str, Table] = field(default_factory=dict)
    mapping: MappingGuess | None = None

    def __post_init__(self) -> None:
        for content in self.files.values():
            content.progress = self.progress

    @property
    def size_bytes(self) -> int:
        return sum(content.size_bytes for content in self.files.values())

    @property
    def bytes_read(self) -> int:
        return sum(content.bytes_read for content in self.files.values())

    def fingerprint(self, options: str) -> str:
        """A hash of all files, their paths and ``options``."""
        digest = hashlib.blake2b(options.encode(), digest_size=20)
        for path, content in sorted(self.files.items()):
            digest.update(f"\x1e{path}\x1f{content.fingerprint('')}".encode())
        return digest.hexdigest()
