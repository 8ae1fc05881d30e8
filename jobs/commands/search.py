"""``rapport search``: the posts that say some words."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.completion import complete_channel, complete_network
from jobs.commands.context import check_one_output, fail, opened_store
from jobs.commands.metrics import channel_ids, check_known
from jobs.logs import log

if TYPE_CHECKING:
    from answers.filters import Filters
    from answers.scope import Scope

_SHOWN = ("occurred_at", "network", "channel", "author", "label", "title", "text", "url")


def search(
    words: Annotated[
        list[str],
        typer.Argument(help='All of them; "side by side" in quotation marks, begin*; after --, also -without'),
    ],
    from_: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD; else of the first post")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD; else of the last post")] = None,
    network: Annotated[
        list[str] | None, typer.Option(help="Only this network; may be repeated", autocompletion=complete_network)
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Only this channel; may be repeated", autocompletion=complete_channel)
    ] = None,
    limit: Annotated[int, typer.Option(help="How many", min=1, max=20_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV")] = False,
) -> None:
    """List the posts that say some words, the newest first.

    Example: rapport search '"does not work"' lamp --from 2026-06-01 --limit 20 --csv
    """
    from answers.records import RecordFilters, read_records
    from answers.scope import read_scope
    from data_access.queries.post_search import SearchTooWide, parse_words
    from data_access.store import reading
    from jobs.terminal import print_table

    check_one_output(as_json=as_json, as_csv=as_csv)
    typed = " ".join(words)
    if not parse_words(typed):
        raise fail("Say at least one word that posts should have: a - before a word only leaves posts out.", 2)
    with reading(opened_store()) as session:
        scope = read_scope(session)
        networks = check_known(network or [], scope.channels["network"], "network")
        filters = _chosen(scope, from_, to, networks, channel_ids(scope, channel or []))
        try:
            page = read_records(session, RecordFilters(filters, side=None, words=typed), limit=limit, scope=scope)
        except SearchTooWide as error:
            raise fail(str(error)) from error
    shown = {"words": typed, "from": filters.start.isoformat(), "to": filters.last_day.isoformat()}
    if page.looked_at:
        log.warning(f"Of posts with these words, only the newest {page.looked_at:,} were looked at: name a period.")
    if page.rows.empty and not (as_json or as_csv):
        typer.echo(f"No post from {shown['from']} to {shown['to']} says that.")
        return
    rows = [{name: _on_a_line(row[name]) for name in _SHOWN} for row in page.rows.to_dict("records")]
    print_table(shown, rows, as_json=as_json, as_csv=as_csv)


def _on_a_line(value: object) -> object:
    from jobs.terminal import plain

    return " ".join(value.split()) if isinstance(value, str) else plain(value)


def _chosen(
    scope: "Scope", first: str | None, last: str | None, networks: tuple[str, ...], channels: tuple[int, ...]
) -> "Filters":
    from answers.filters import Filters

    known_last = scope.last_day or date.today()
    try:
        end = (date.fromisoformat(last) if last else known_last) + timedelta(days=1)
        start = date.fromisoformat(first) if first else min(scope.first_day or known_last, end)
        return Filters(start, end, networks, channels)
    except ValueError as error:
        raise fail(f"{error}. Days are written YYYY-MM-DD, and the first comes first.", 2) from error
