"""What the importers share: opening files, rows and JSON, values, mappings, and the way from a path to records."""
