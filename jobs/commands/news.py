"""``rapport alerts`` and ``digest``: what is new."""

import json
from typing import Annotated

import typer

from jobs.commands.context import check_one_output, fail, opened_store


def alerts(
    all_: Annotated[bool, typer.Option("--all", help="Also those that somebody has seen")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV")] = False,
) -> None:
    """List the posts of watched people that nobody has seen, newest first.

    Example: rapport alerts --json
    """
    from jobs.alerts import COLUMNS, list_alert_rows
    from jobs.digest import shortened
    from jobs.terminal import print_csv

    check_one_output(as_json=as_json, as_csv=as_csv)
    rows = list_alert_rows(opened_store(), unseen_only=not all_)
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif as_csv:
        print_csv(rows, [*COLUMNS, "is_seen"])
    elif not rows:
        typer.echo("There is no post of a watched person" + ("." if all_ else " that nobody has seen."))
    else:
        for row in rows:
            typer.echo(f"{row['occurred_at']}  {row['person']}, {row['channel']}: {shortened(row['text'])}")


def digest(
    mail_to: Annotated[list[str] | None, typer.Option(help="Mail it here instead of printing; may be repeated")] = None,
) -> None:
    """Print or mail what the last day with posts brought.

    Example: rapport digest
    """
    from jobs.digest import MailSettings, MissingMailSettings, send_digest, write_digest

    engine = opened_store()
    if not mail_to:
        written = write_digest(engine)
        typer.echo(written.text if written else "There are no posts yet. Import some: rapport import PATH")
        return
    try:
        send_digest(engine, MailSettings.from_environment(tuple(mail_to)))
    except MissingMailSettings as error:
        raise fail(str(error)) from error
