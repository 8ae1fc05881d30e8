"""An archive tells whose it is, but not whether that account speaks for us."""

from collections.abc import Iterator

from data_access.importers.reading.options import ImportOptions
from data_access.records import Note


def whose_archive(handle: str, options: ImportOptions) -> Iterator[Note]:
    """A reminder to name the archive's account as ours; none where ``--team`` names somebody."""
    if not options.team:
        yield Note(
            f"@{handle}, whose archive this is, counts as one of the public: name the account in Settings, or with "
            "--team, if it speaks for us"
        )
