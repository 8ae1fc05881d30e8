"""The command line: ``rapport``. Results go to standard output, progress and messages to standard error.

Exit codes: 0 done; 1 something was not done (the message says what); 2 the command was not understood.
"""

import typer

from jobs.commands.deriving import refresh, train_
from jobs.commands.importing import demo, import_, watch
from jobs.commands.metrics import metric, metrics
from jobs.commands.news import alerts, digest
from jobs.influencer_list import influencers

app = typer.Typer(help="Rapport: a social CRM that a team runs itself.", no_args_is_help=True, rich_markup_mode=None)

app.command("import")(import_)
app.command("watch")(watch)
app.command("demo")(demo)
app.command("refresh")(refresh)
app.command("train")(train_)
app.command("metrics")(metrics)
app.command("metric")(metric)
app.command("influencers")(influencers)
app.command("alerts")(alerts)
app.command("digest")(digest)


if __name__ == "__main__":
    app()
