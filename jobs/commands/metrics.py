"""``rapport metrics`` and ``metric``: the numbers of the pages."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.completion import (
    complete_brand,
    complete_by,
    complete_channel,
    complete_metric,
    complete_network,
    complete_rule,
    complete_sales,
)
from jobs.commands.context import check_one_output, fail, opened_store
from jobs.commands.words import CREDIT_BY, CREDIT_METRICS, CREDIT_RULES, SALES

if TYPE_CHECKING:
    from answers.filters import Filters
    from answers.scope import Scope

DEFAULT_DAYS = 28


def metrics() -> None:
    """List every metric: name, unit, what it is.

    Example: rapport metrics
    """
    from answers.catalogue import list_metrics

    for metric in list_metrics():
        typer.echo(f"{metric.name:32} {metric.unit:12} {metric.label}: {metric.formula}")


def _chosen(scope: "Scope", first: str | None, last: str | None) -> "Filters":
    from answers.filters import Filters

    end = date.fromisoformat(last) + timedelta(days=1) if last else scope.last_days(1).end
    start = date.fromisoformat(first) if first else end - timedelta(days=DEFAULT_DAYS)
    return Filters(start, end)


def check_known(names: list[str], known: Iterable[str], what: str) -> tuple[str, ...]:
    """``names``, all of which the store knows; else the program ends and says which there are."""
    there_are = sorted(set(known))
    for name in names:
        if name not in there_are:
            listed = f"There are: {', '.join(there_are)}." if there_are else "There is none."
            raise fail(f"There is no {what} {name!r}. {listed}", 2)
    return tuple(names)


def channel_ids(scope: "Scope", names: list[str]) -> tuple[int, ...]:
    """The channels of these names, or ids on their networks; else the program ends and says which there are."""
    channels = scope.channels
    for name in names:
        if not (channels["native_id"] == name).any():
            check_known([name], channels["name"].dropna(), "channel")
    is_named = channels["name"].isin(names) | channels["native_id"].isin(names)
    return tuple(int(number) for number in channels.loc[is_named, "id"])


def metric(
    name: Annotated[str, typer.Argument(help="A name that `rapport metrics` lists", autocompletion=complete_metric)],
    from_: Annotated[
        str | None, typer.Option("--from", help="First day, YYYY-MM-DD; else of the 28 days to the last")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Last day, YYYY-MM-DD; else the last with posts, or with sales")
    ] = None,
    network: Annotated[
        list[str] | None, typer.Option(help="Only this network; may be repeated", autocompletion=complete_network)
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Only this channel; may be repeated", autocompletion=complete_channel)
    ] = None,
    brand: Annotated[
        list[str] | None, typer.Option(help="Only this brand; may be repeated", autocompletion=complete_brand)
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="A row for each day, week or month; of attributed_revenue and open_pipeline also for each channel, "
            "network, layer, campaign, member (of the team) or influencer",
            autocompletion=complete_by,
        ),
    ] = None,
    rule: Annotated[
        str, typer.Option(help="The credit rule of such rows: " + ", ".join(CREDIT_RULES), autocompletion=complete_rule)
    ] = "linear",
    lookback: Annotated[int, typer.Option(help="Touches of how many days before a sale: 7, 28, 30 or 90")] = 30,
    sales: Annotated[
        str | None, typer.Option(help="orders or deals; else orders where there are any", autocompletion=complete_sales)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV")] = False,
) -> None:
    """Print a metric, the same number that the pages show.

    Example: rapport metric net_sentiment --from 2026-06-01 --to 2026-06-30 --by week --csv

    Example: rapport metric attributed_revenue --rule markov --by channel --lookback 30 --sales orders --json
    """
    from answers import scope as scopes
    from answers.catalogue import compute_metric, find_metric, list_metrics
    from answers.filters import Filters
    from answers.scope import read_scope
    from data_access.store import reading
    from jobs.credit_rows import SALES as SALE_KINDS
    from jobs.credit_rows import read_credit_rows
    from jobs.terminal import plain, print_table

    check_one_output(as_json=as_json, as_csv=as_csv)
    if name not in {known.name for known in list_metrics()}:
        raise fail(f"There is no metric {name!r}: `rapport metrics` lists them.", 2)
    is_credit = name in CREDIT_METRICS and by in CREDIT_BY
    if by not in (None, "day", "week", "month") and not is_credit:
        more = f", or {', '.join(CREDIT_BY)}" if name in CREDIT_METRICS else ""
        raise fail(f"--by takes day, week or month{more}.", 2)
    check_known([sales] if sales else [], SALES, "kind of sale")
    with reading(opened_store()) as session:
        scope = read_scope(session, scopes.SALES if find_metric(name).sold else scopes.POSTS)
        try:
            period = _chosen(scope, from_, to)
        except ValueError as error:
            raise fail(f"{error}. Days are written YYYY-MM-DD, and the first comes first.", 2) from error
        channels = channel_ids(scope, channel or [])
        networks = check_known(network or [], scope.channels["network"], "network")
        brands = check_known(brand or [], scope.channels["brand"].dropna(), "brand")
        filters = Filters(period.start, period.end, networks, channels, brands)
        if is_credit and by:
            asked = {"rule": rule, "by": by, "lookback_days": lookback, "sale_kind": SALE_KINDS.get(sales or "")}
            try:
                line, keys = read_credit_rows(session, scope, filters, name=name, **asked)  # type: ignore[arg-type]
            except ValueError as error:
                raise fail(f"{error}.", 2) from error
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
