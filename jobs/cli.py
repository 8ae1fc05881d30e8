"""The command line: ``rapport``. Results go to standard output, progress and messages to standard error.

``jobs.commands.group`` has the exit codes, and what is said of an error.
"""

from typing import Annotated

import typer

from jobs.commands.copies import backup, export, restore
from jobs.commands.deriving import refresh, train_
from jobs.commands.doctor import doctor
from jobs.commands.group import EXIT_CODES, Commands
from jobs.commands.importing import demo, import_, watch
from jobs.commands.metrics import metric, metrics
from jobs.commands.news import alerts, digest
from jobs.commands.search import search
from jobs.influencer_list import influencers
from jobs.logs import AS_JSON, log, now_about, speak_json
from jobs.refusals import refusals

app = typer.Typer(
    cls=Commands,
    help="Rapport: a social CRM that a team runs itself.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _speak_json(is_asked: bool) -> bool:
    if is_asked:
        speak_json()
    return is_asked


@app.callback()
def rapport(
    context: typer.Context,
    log_json: Annotated[
        bool,
        typer.Option(
            "--log-json",
            envvar=AS_JSON,
            is_eager=True,
            callback=_speak_json,
            help="Progress and messages as a JSON object a line, on standard error",
        ),
    ] = False,
) -> None:
    """Rapport: a social CRM that a team runs itself.

    Results go to standard output, progress and messages to standard error.

    Example: rapport --log-json import exports/ 2> import.log
    """
    now_about(command=context.invoked_subcommand)
    log.info("Started", extra={"event": "start"})


app.command("import")(import_)
app.command("watch")(watch)
app.command("demo")(demo)
app.command("refresh")(refresh)
app.command("train")(train_)
app.command("metrics")(metrics)
app.command("metric")(metric)
app.command("search")(search)
app.command("influencers")(influencers)
app.command("refusals")(refusals)
app.command("alerts")(alerts)
app.command("digest")(digest)
app.command("export")(export)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("doctor")(doctor)


if __name__ == "__main__":
    app()
