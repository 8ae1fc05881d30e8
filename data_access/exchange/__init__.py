"""A whole store as files, and back: a file a table, Parquet or CSV, with a manifest that says what they are.

``write_tables`` and ``load_tables`` know rows and types and no engine: what one engine wrote, the other reads. Where
the files stand (a folder, a zip) is a ``Place``. Nothing here commits: the caller's transaction is all or nothing.
"""

from data_access.exchange.loading import NotEmpty, check_files, load_tables, require_empty
from data_access.exchange.manifest import DamagedExport, Manifest, NewerExport, NotAnExport, TableFile
from data_access.exchange.places import (
    NewPlace,
    NoSpace,
    Place,
    TargetExists,
    find_export,
    new_archive,
    new_folder,
    open_export,
)
from data_access.exchange.writing import FILE_FORMATS, write_tables

__all__ = [
    "FILE_FORMATS",
    "DamagedExport",
    "Manifest",
    "NewPlace",
    "NewerExport",
    "NoSpace",
    "NotAnExport",
    "NotEmpty",
    "Place",
    "TableFile",
    "TargetExists",
    "check_files",
    "find_export",
    "load_tables",
    "new_archive",
    "new_folder",
    "open_export",
    "require_empty",
    "write_tables",
]
