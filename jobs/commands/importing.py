"""``rapport import``, ``watch`` and ``demo``: what brings facts in."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.completion import complete_brand, complete_currency, complete_format, complete_time_zone
from jobs.commands.context import INTERRUPTED, fail, opened_store, own_job
from jobs.commands.copies import bring_back
from jobs.logs import log

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from jobs.importing import RunResult

#: A rate says something of an import that took longer, a line of totals of one of more files.
_RATE_FROM_SECONDS = 5
_TOTALS_FROM_FILES = 20


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _outcome(runs: "list[RunResult]") -> str:
    """What came of these, in words."""
    from jobs.imported import describe_counts

    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(run.counts)
    words = describe_counts(counts)
    added, changed, unchanged, refused = (
        sum(getattr(run, name) for run in runs) for name in ("added", "changed", "unchanged", "refused")
    )
    said = f" ({words})" if words else ""
    return f"{added:,} added{said}, {changed:,} changed, {unchanged:,} with nothing new, {refused:,} refused"


def print_totals(runs: "list[RunResult]") -> None:
    """One line on all files, where they are so many that nobody adds them up."""
    if len(runs) <= _TOTALS_FROM_FILES:
        return
    came = [run for run in runs if run.came_in]
    failed = f"; {len(runs) - len(came):,} files could not be read" if len(came) < len(runs) else ""
    typer.echo(f"In all {len(runs):,} files, {_rows(sum(run.rows_read for run in came))}: {_outcome(came)}{failed}")


def print_run(run: "RunResult") -> None:
    if run.error:
        log.error(f"{run.file}: {run.error}")
    if not run.came_in:
        return
    skipped = "".join(f", {count:,} skipped ({reason})" for reason, count in run.skipped.items())
    rate = f", {run.rows_read / run.seconds:,.0f} rows/s" if run.seconds > _RATE_FROM_SECONDS else ""
    took = f"({run.seconds:.1f} s{rate})"
    typer.echo(f"{run.file}: {run.format}, {_rows(run.rows_read)}: {_outcome([run])}{skipped} {took}")
    for note, rows in run.notes.items():
        typer.echo(f"  {note} ({rows:,})")


def say_what_to_mend(runs: "list[RunResult]") -> None:
    """How to get the rows that were refused, where any was: on standard error."""
    numbers = [str(run.run_id) for run in runs if run.came_in and run.refused]
    if numbers:
        others = f" (so, too, of imports {', '.join(numbers[1:6])})" if len(numbers) > 1 else ""
        command = f"rapport refusals {numbers[0]} --out mend.csv"
        log.info(f"What was refused can be mended and imported again: {command}{others}.")


def print_alerts(engine: "Engine", run: "RunResult") -> None:
    from jobs.alerts import describe_new_alerts

    said = None if run.run_id is None else describe_new_alerts(engine, run.run_id)
    if said is not None:
        typer.echo(f"  {said}")


def _mapping(pairs: list[str]) -> dict[str, str] | None:
    for pair in pairs:
        if "=" not in pair:
            raise fail(f"--map takes field=column, such as --map text=Message; got {pair!r}.", 2)
    return dict(pair.split("=", 1) for pair in pairs) or None


def bring_whole_store(paths: list[Path]) -> None:
    """Import what ``rapport export`` or ``rapport backup`` wrote: alone, and whatever else there is after it."""
    if len(paths) > 1:
        raise fail("What Rapport itself exported is imported alone, into an empty store: name that path only.", 2)
    bring_back(opened_store(), paths[0])


def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, .zip or .gz", exists=True)],
    format: Annotated[
        str | None, typer.Option(help="Read as this format, whatever it looks like", autocompletion=complete_format)
    ] = None,
    brand: Annotated[str | None, typer.Option(help="The brand that it is about", autocompletion=complete_brand)] = None,
    channel: Annotated[str | None, typer.Option(help="The channel that it comes from")] = None,
    team: Annotated[
        list[str] | None, typer.Option(help="An account of the team, by handle or id; may be repeated")
    ] = None,
    map: Annotated[
        list[str] | None,
        typer.Option(
            help="For tables: field=column, field=@file, @folder or @path (where the file lies), what the rows are: "
            "kind=orders, date_order=day or month; for lines of text: pattern=REGEX with named groups. Repeatable"
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(help="The zone of times that say none; else Settings'", autocompletion=complete_time_zone),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option(help="The currency of amounts that say none; else Settings'", autocompletion=complete_currency),
    ] = None,
) -> None:
    """Import exports: files, folders, zips. The format is recognised from the content. What rapport export wrote comes
    into an empty store.

    Example: rapport import ~/Downloads/slack-export.zip posts.csv --map text=Message --map time="Sent at"
    """
    from data_access.exchange import find_export
    from data_access.importers import FORMATS, ImportOptions, UnknownFormat
    from data_access.importers.reading.money import DECIMALS
    from jobs.commands.metrics import check_known
    from jobs.importing import import_paths

    check_known([format] if format else [], (known.name for known in FORMATS), "format")
    if currency and currency.upper() not in DECIMALS:
        raise fail(f"There is no currency {currency!r}. Use its ISO code, such as EUR.", 2)
    if any(find_export(path) for path in paths):
        bring_whole_store(paths)
        return
    engine = opened_store()
    runs: list[RunResult] = []
    try:
        options = ImportOptions(
            format=format,
            brand=brand,
            channel=channel,
            team=tuple(team or ()),
            mapping=_mapping(map or []),
            time_zone=time_zone,
            currency=currency.upper() if currency else None,
        )
        with own_job(engine, "import", {"paths": [str(path) for path in paths]}) as progress:
            for run in import_paths(engine, paths, options, progress):
                print_run(run)
                print_alerts(engine, run)
                runs.append(run)
            print_totals(runs)
            say_what_to_mend(runs)
    except (UnknownFormat, ValueError) as error:
        raise fail(str(error), 2) from error
    except KeyboardInterrupt as error:
        raise fail("Stopped. Run the same command again and it goes on from there.", INTERRUPTED) from error
    if any(run.error for run in runs):
        raise typer.Exit(1)


def watch(
    folder: Annotated[Path, typer.Argument(help="Where exports land", exists=True, file_okay=False)],
    every: Annotated[float, typer.Option(help="Seconds between looks", min=0.1)] = 30.0,
    once: Annotated[bool, typer.Option(help="Look once, then end")] = False,
    mail_to: Annotated[list[str] | None, typer.Option(help="Mail each new day's digest here; may be repeated")] = None,
) -> None:
    """Import whatever lands in a folder; mail at once what watched people wrote, and the day's digest.

    Mail goes through RAPPORT_SMTP_URL (smtp://user:password@host:587, or smtps://) from RAPPORT_MAIL_FROM.

    Example: rapport watch exports/ --mail-to team@shop.example
    """
    from jobs.digest import MailSettings, MissingMailSettings
    from jobs.importing import RunResult
    from jobs.watch import watch_folder

    engine = opened_store()
    try:
        mail = MailSettings.from_environment(tuple(mail_to)) if mail_to else None
    except MissingMailSettings as error:
        raise fail(str(error)) from error
    try:
        for event in watch_folder(engine, folder, every_seconds=every, once=once, mail=mail):
            if isinstance(event, RunResult):
                print_run(event)
                print_alerts(engine, event)
            else:
                log.warning(event)
    except KeyboardInterrupt as error:
        raise fail("Stopped watching.", 0) from error


def demo(
    posts: Annotated[int, typer.Option(help="How many posts", min=100)] = 40_000,
    seed: Annotated[int, typer.Option(help="Another seed makes another community")] = 1,
    truth: Annotated[Path | None, typer.Option(help="Write what is planted to this JSON file")] = None,
) -> None:
    """Load the demo community: a believable company with everything that Rapport shows.

    Example: rapport demo --posts 40000 --seed 1 --truth truth.json
    """
    from jobs.demo_import import import_demo

    engine = opened_store()
    with own_job(engine, "demo", {"posts": posts, "seed": seed}) as progress:
        print_run(import_demo(engine, progress=progress, posts=posts, seed=seed, truth_path=truth))
