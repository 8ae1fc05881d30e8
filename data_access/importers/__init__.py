"""Files into records. One module a format: each has a ``FORMAT``, and is found by itself.

``find_inputs`` tells what can be imported, ``Input.read`` streams its records, ``preview_mapping`` shows beforehand
what would come of a table. How to add a format: ``docs/add-a-format.md``.
"""

from data_access.importers.reading.dropped import TogetherFiles, find_together
from data_access.importers.reading.inputs import FORMATS, Input, find_inputs
from data_access.importers.reading.mapping import DATE_ORDER, DECIMALS, KIND, SAYS, SOURCE_FIELD, header_shape
from data_access.importers.reading.options import Format, ImportOptions, UnknownFormat, UnrecognisedInput
from data_access.importers.reading.preview import Beside, ColumnPreview, MappingPreview, preview_mapping
from data_access.importers.reading.questions import DEFAULT_SOURCE, AmbiguousDates, OpenSource
from data_access.importers.reading.synonyms import KINDS, TableKind

__all__ = [
    "DATE_ORDER",
    "DECIMALS",
    "DEFAULT_SOURCE",
    "FORMATS",
    "KIND",
    "KINDS",
    "SAYS",
    "SOURCE_FIELD",
    "AmbiguousDates",
    "Beside",
    "ColumnPreview",
    "Format",
    "ImportOptions",
    "Input",
    "MappingPreview",
    "OpenSource",
    "TableKind",
    "TogetherFiles",
    "UnknownFormat",
    "UnrecognisedInput",
    "find_inputs",
    "find_together",
    "header_shape",
    "preview_mapping",
]
