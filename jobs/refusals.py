"""``rapport refusals``: the rows that an import refused, to mend and to import again."""

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.context import fail, opened_store


def refusals(
    run: Annotated[
        int | None, typer.Argument(help="An import by its number; else the newest that refused anything")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write them here (a file or a folder), as the file that they are of")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print them as CSV: file, line, reason, row")] = False,
) -> None:
    """List the rows that an import refused, or write them to a file to mend: import that, and they come in.

    Example: rapport refusals --out mend.csv

    Example: rapport refusals 12 --csv
    """
    from answers.refusals import LISTED, describe_refused, find_refused, quoted, write_refused
    from data_access.formulas import safe_cell
    from data_access.queries.refusals import list_refused_rows
    from data_access.store import reading

    with reading(opened_store()) as session:
        found = find_refused(session, run)
        if found is None:
            raise fail(
                f"Import {run} refused nothing, or there is none of that number." if run else "Nothing was refused.",
                1 if run else 0,
            )
        if out is not None:
            path = out / found.name if out.is_dir() else out
            path.write_bytes(write_refused(session, found))
            typer.echo(f"{path}: {describe_refused(found)}")
            return
        rows = [
            (found.run.file, row.line, quoted(row.reason), row.raw) for row in list_refused_rows(session, found.run.id)
        ]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(LISTED)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)
        return
    for file, line, reason, _row in rows:
        typer.echo(f"{file}{f', line {line}' if line else ''}: {reason}")
