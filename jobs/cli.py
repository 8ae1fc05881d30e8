"""The command line: ``rapport``. Results go to standard output, progress and messages to standard error.

Exit codes: 0 done; 1 something was not done (the message says what); 2 the command was not understood.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from answers import scope as scopes
from answers.catalogue import compute_metric, find_metric, list_metrics
from answers.filters import Filters
from answers.scope import Scope, read_scope
from data_access.importers import ImportOptions, UnknownFormat
from data_access.store import StoreTooNew, open_store, reading
from jobs.alerts import COLUMNS, describe_new_alerts, list_alert_rows
from jobs.credit_rows import CREDIT_BY, CREDIT_METRICS, SALES, read_credit_rows
from jobs.demo_import import import_demo
from jobs.digest import MailSettings, MissingMailSettings, send_digest, shortened, write_digest
from jobs.imported import describe_counts
from jobs.importing import RunResult, import_paths
from jobs.influencer_list import influencers
from jobs.launch import running_job
from jobs.refresh import refresh as refresh_store
from jobs.terminal import TerminalProgress, console, plain, print_table
from jobs.train import TRAINERS, NothingToFit, UnknownModel, train
from jobs.watch import watch_folder
from metrics.attribution import RULES

DEFAULT_DAYS = 28

app = typer.Typer(help="Rapport: a social CRM that a team runs itself.", no_args_is_help=True, rich_markup_mode=None)


def _fail(message: str, code: int = 1) -> typer.Exit:
    console.print(message, markup=False, soft_wrap=True)
    return typer.Exit(code)


def _store() -> Engine:
    try:
        return open_store()
    except StoreTooNew as error:
        raise _fail(str(error)) from error


@contextmanager
def _job(engine: Engine, kind: str, arguments: dict[str, Any]) -> Iterator[TerminalProgress]:
    """Run what follows as a job that the pages show, too."""
    with running_job(engine, kind, arguments) as job, TerminalProgress(job) as progress:
        yield progress


def _print_run(run: RunResult) -> None:
    if run.error:
        console.print(f"{run.file}: {run.error}", markup=False, soft_wrap=True)
        return
    skipped = "".join(f", {count:,} {reason} skipped" for reason, count in run.skipped.items())
    words = describe_counts(run.counts)
    added = f"{run.added:,} added" + (f" ({words})" if words else "")
    counts = f"{added}, {run.changed:,} changed, {run.unchanged:,} as before, {run.refused:,} refused{skipped}"
    rate = f", {run.rows_read / run.seconds:,.0f} rows/s" if run.seconds > 1 else ""
    typer.echo(f"{run.file}: {run.format}, {run.rows_read:,} rows: {counts} ({run.seconds:.1f} s{rate})")
    for note, rows in run.notes.items():
        typer.echo(f"  {note} ({rows:,})")


def _print_alerts(engine: Engine, run: RunResult) -> None:
    said = None if run.run_id is None else describe_new_alerts(engine, run.run_id)
    if said is not None:
        typer.echo(f"  {said}")


def _mapping(pairs: list[str]) -> dict[str, str] | None:
    for pair in pairs:
        if "=" not in pair:
            raise _fail(f"--map takes field=column, such as --map text=Message; got {pair!r}.", 2)
    return dict(pair.split("=", 1) for pair in pairs) or None


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, .zip or .gz", exists=True)],
    format: Annotated[str | None, typer.Option(help="Read as this format, whatever it looks like")] = None,
    brand: Annotated[str | None, typer.Option(help="The brand that it is about")] = None,
    channel: Annotated[str | None, typer.Option(help="The channel that it comes from")] = None,
    team: Annotated[
        list[str] | None, typer.Option(help="An account of the team, by handle or id; may be repeated")
    ] = None,
    map: Annotated[
        list[str] | None, typer.Option(help="For tables: field=column, or what the rows are: kind=orders; repeatable")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="The zone of times that say none; else Settings'")] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of amounts that say none; else Settings'")] = None,
) -> None:
    """Import exports: files, folders, zips. The format is recognised from the content.

    Example: rapport import ~/Downloads/slack-export.zip posts.csv --map text=Message --map time="Sent at"
    """
    engine = _store()
    failed = False
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
        with _job(engine, "import", {"paths": [str(path) for path in paths]}) as progress:
            for run in import_paths(engine, paths, options, progress):
                _print_run(run)
                _print_alerts(engine, run)
                failed |= run.error is not None
    except (UnknownFormat, ValueError) as error:
        raise _fail(str(error), 2) from error
    except KeyboardInterrupt as error:
        raise _fail("Stopped. Run the same command again and it goes on from there.") from error
    if failed:
        raise typer.Exit(1)


@app.command()
def demo(
    posts: Annotated[int, typer.Option(help="How many posts", min=100)] = 40_000,
    seed: Annotated[int, typer.Option(help="Another seed makes another community")] = 1,
    truth: Annotated[Path | None, typer.Option(help="Write what is planted to this JSON file")] = None,
) -> None:
    """Load the demo community: a believable company with everything that Rapport shows.

    Example: rapport demo --posts 40000 --seed 1 --truth truth.json
    """
    engine = _store()
    with _job(engine, "demo", {"posts": posts, "seed": seed}) as progress:
        _print_run(import_demo(engine, progress=progress, posts=posts, seed=seed, truth_path=truth))


@app.command()
def refresh() -> None:
    """Rebuild everything that is derived from the facts and the decisions.

    Example: rapport refresh
    """
    engine = _store()
    with _job(engine, "refresh", {}) as progress:
        refresh_store(engine, progress)
    typer.echo("Everything derived was built anew.")


@app.command("train")
def train_(
    model: Annotated[str, typer.Argument(help=f"Which model: {', '.join(sorted(TRAINERS))}")],
) -> None:
    """Fit a model again to what the store holds now, make it the current one, and derive what hangs on it.

    Example: rapport train customer_value
    """
    engine = _store()
    try:
        with _job(engine, "train", {"model": model}) as progress:
            notes = train(engine, model, progress)
    except (UnknownModel, NothingToFit) as error:
        raise _fail(str(error), 2 if isinstance(error, UnknownModel) else 1) from error
    for note in notes:
        typer.echo(note)


@app.command()
def metrics() -> None:
    """List every metric: name, unit, what it is.

    Example: rapport metrics
    """
    for metric in list_metrics():
        typer.echo(f"{metric.name:32} {metric.unit:12} {metric.label}: {metric.formula}")


def _chosen(scope: Scope, first: str | None, last: str | None) -> Filters:
    end = date.fromisoformat(last) + timedelta(days=1) if last else scope.last_days(1).end
    start = date.fromisoformat(first) if first else end - timedelta(days=DEFAULT_DAYS)
    return Filters(start, end)


def _check_known(names: list[str], known: Iterable[str], what: str) -> tuple[str, ...]:
    """``names``, all of which the store knows; else the program ends and says which there are."""
    there_are = sorted(set(known))
    for name in names:
        if name not in there_are:
            listed = f"There are: {', '.join(there_are)}." if there_are else "There is none."
            raise _fail(f"There is no {what} {name!r}. {listed}", 2)
    return tuple(names)


def _channel_ids(scope: Scope, names: list[str]) -> tuple[int, ...]:
    channels = scope.channels
    for name in names:
        if not (channels["native_id"] == name).any():
            _check_known([name], channels["name"].dropna(), "channel")
    is_named = channels["name"].isin(names) | channels["native_id"].isin(names)
    return tuple(int(number) for number in channels.loc[is_named, "id"])


@app.command()
def metric(
    name: Annotated[str, typer.Argument(help="A name that `rapport metrics` lists")],
    from_: Annotated[
        str | None, typer.Option("--from", help="First day, YYYY-MM-DD; else of the 28 days to the last")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Last day, YYYY-MM-DD; else the last with posts, or with sales")
    ] = None,
    network: Annotated[list[str] | None, typer.Option(help="Only this network; may be repeated")] = None,
    channel: Annotated[list[str] | None, typer.Option(help="Only this channel; may be repeated")] = None,
    brand: Annotated[list[str] | None, typer.Option(help="Only this brand; may be repeated")] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="A row for each day, week or month; of attributed_revenue and open_pipeline also for each channel, "
            "network, layer, campaign, member (of the team) or influencer"
        ),
    ] = None,
    rule: Annotated[str, typer.Option(help="The credit rule of such rows: " + ", ".join(RULES))] = "linear",
    lookback: Annotated[int, typer.Option(help="Touches of how many days before a sale: 7, 28, 30 or 90")] = 30,
    sales: Annotated[str | None, typer.Option(help="orders or deals; else orders where there are any")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV")] = False,
) -> None:
    """Print a metric, the same number that the pages show.

    Example: rapport metric net_sentiment --from 2026-06-01 --to 2026-06-30 --by week --csv

    Example: rapport metric attributed_revenue --rule markov --by channel --lookback 30 --sales orders --json
    """
    if name not in {known.name for known in list_metrics()}:
        raise _fail(f"There is no metric {name!r}: `rapport metrics` lists them.", 2)
    is_credit = name in CREDIT_METRICS and by in CREDIT_BY
    if by not in (None, "day", "week", "month") and not is_credit:
        more = f", or {', '.join(CREDIT_BY)}" if name in CREDIT_METRICS else ""
        raise _fail(f"--by takes day, week or month{more}.", 2)
    _check_known([sales] if sales else [], SALES, "kind of sale")
    with reading(_store()) as session:
        scope = read_scope(session, scopes.SALES if find_metric(name).sold else scopes.POSTS)
        try:
            period = _chosen(scope, from_, to)
        except ValueError as error:
            raise _fail(f"{error}. Days are written YYYY-MM-DD, and the first comes first.", 2) from error
        channels = _channel_ids(scope, channel or [])
        networks = _check_known(network or [], scope.channels["network"], "network")
        brands = _check_known(brand or [], scope.channels["brand"].dropna(), "brand")
        filters = Filters(period.start, period.end, networks, channels, brands)
        if is_credit and by:
            asked = {"rule": rule, "by": by, "lookback_days": lookback, "sale_kind": SALES.get(sales or "")}
            try:
                line, keys = read_credit_rows(session, scope, filters, name=name, **asked)  # type: ignore[arg-type]
            except ValueError as error:
                raise _fail(f"{error}.", 2) from error
            print_table(line, keys, as_json=as_json, as_csv=as_csv)
            return
        answer = compute_metric(session, name, filters, by=by, scope=scope)
    shown = {
        "metric": name,
        "from": filters.start.isoformat(),
        "to": (filters.end - timedelta(days=1)).isoformat(),
        "value": plain(answer.value),
        "previous": plain(answer.previous),
        "coverage": answer.coverage,
    }
    rows = [{key: plain(value) for key, value in row.items()} for row in answer.series.to_dict("records")]
    print_table(shown, rows if by else None, as_json=as_json, as_csv=as_csv)


app.command("influencers")(influencers)


@app.command()
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
    engine = _store()
    try:
        mail = MailSettings.from_environment(tuple(mail_to)) if mail_to else None
    except MissingMailSettings as error:
        raise _fail(str(error)) from error
    try:
        for event in watch_folder(engine, folder, every_seconds=every, once=once, mail=mail):
            if isinstance(event, RunResult):
                _print_run(event)
                _print_alerts(engine, event)
            else:
                console.print(event, markup=False, soft_wrap=True)
    except KeyboardInterrupt as error:
        raise _fail("Stopped watching.", 0) from error


@app.command()
def alerts(
    all_: Annotated[bool, typer.Option("--all", help="Also those that somebody has seen")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV")] = False,
) -> None:
    """List the posts of watched people that nobody has seen, newest first.

    Example: rapport alerts --json
    """
    rows = list_alert_rows(_store(), unseen_only=not all_)
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, fieldnames=[*COLUMNS, "is_seen"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif not rows:
        typer.echo("There is no post of a watched person" + ("." if all_ else " that nobody has seen."))
    else:
        for row in rows:
            typer.echo(f"{row['occurred_at']}  {row['person']}, {row['channel']}: {shortened(row['text'])}")


@app.command()
def digest(
    mail_to: Annotated[list[str] | None, typer.Option(help="Mail it here instead of printing; may be repeated")] = None,
) -> None:
    """Print or mail what the last day with posts brought.

    Example: rapport digest
    """
    engine = _store()
    if not mail_to:
        written = write_digest(engine)
        typer.echo(written.text if written else "There are no posts yet. Import some: rapport import PATH")
        return
    try:
        send_digest(engine, MailSettings.from_environment(tuple(mail_to)))
    except MissingMailSettings as error:
        raise _fail(str(error)) from error


if __name__ == "__main__":
    app()
