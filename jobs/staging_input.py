"""Reading what is imported into its staging file: without who was erased, with language and sentiment."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from data_access.erasure import Forgotten
from data_access.records import Note, PostRecord, Record, Refusal
from data_access.staging import Staging
from jobs.progress import Progress
from jobs.scoring import Scorable, Scorer

Item = Record | Refusal | Note

ERASED = "Left out: of somebody who was erased"
_MORE_NOTES = "More was read as something else, in other ways"
_KEPT_NOTES = 500
_BLOCK_RECORDS = 250


class Readable(Protocol):
    """What an import run reads: an ``Input`` of the importers, or the demo."""

    @property
    def name(self) -> str:
        """The file's name, with its place in a folder or zip."""

    @property
    def fingerprint(self) -> str:
        """A hash of content and options: the same again is known by it."""

    @property
    def format(self) -> str:
        """The name of its format."""

    @property
    def size_bytes(self) -> int:
        """How large it is; 0 where nobody knows."""

    def read(self) -> Iterator[Item]:
        """Its records, streamed."""

    @property
    def rows_read(self) -> int:
        """Rows so far."""

    @property
    def bytes_read(self) -> int:
        """Bytes so far."""


def stage(staging: Staging, source: Readable, progress: Progress, forgotten: Forgotten) -> None:
    """Read ``source`` to its end into ``staging``, and seal it. Accounts that turn out to be of somebody who was erased
    are noted in ``forgotten``."""
    progress.step(f"Reading {source.name}", source.size_bytes or None, "bytes" if source.size_bytes else "rows")
    notes: Counter[str] = Counter()
    with Scorer() as scorer:
        for records, scores in scorer.score_blocks(_scorable(staging, source, notes, forgotten)):
            staging.add(records, scores)
            progress.at(source.bytes_read if source.size_bytes else source.rows_read)
    staging.note(notes)
    staging.seal(source.rows_read, getattr(source, "rows_skipped", {}))


def _blocks(source: Readable) -> Iterator[list[Item]]:
    read_blocks = getattr(source, "read_blocks", None)
    if read_blocks is not None:
        yield from read_blocks()
        return
    records = source.read()
    while block := list(islice(records, _BLOCK_RECORDS)):
        yield block


def _known(records: Iterable[Item], forgotten: Forgotten) -> Iterator[Item]:
    """The records without those who were erased."""
    for record in records:
        kept = record if isinstance(record, Refusal | Note) else forgotten.leave_out(record)
        yield Note(ERASED) if kept is None else kept


def _scorable(
    staging: Staging, source: Readable, notes: Counter[str], forgotten: Forgotten
) -> Iterator[tuple[list[Record], list[Scorable]]]:
    """The records in blocks, with what is scored of the posts among them. What is refused or noted is kept."""
    for block in _blocks(source):
        records: list[Record] = []
        posts: list[Scorable] = []
        refused: list[Refusal] = []
        for record in _known(block, forgotten) if forgotten else block:
            if isinstance(record, PostRecord):
                posts.append((record.title, record.text, record.language))
                records.append(record)
            elif isinstance(record, Refusal):
                refused.append(record)
            elif isinstance(record, Note):
                notes[record.text if record.text in notes or len(notes) < _KEPT_NOTES else _MORE_NOTES] += 1
            else:
                records.append(record)
        if refused:
            staging.refuse(refused)
        yield records, posts
