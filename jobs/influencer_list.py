"""The command ``rapport influencers``: the people who move the community, as a table or as a graph for Gephi."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.completion import complete_kind, complete_network, complete_period, complete_score
from jobs.commands.context import check_one_output, fail, opened_store
from jobs.commands.words import GRAPH_FORMATS, INFLUENCE_KINDS, INFLUENCE_PERIODS, INFLUENCE_SCORES
from jobs.logs import log

if TYPE_CHECKING:
    from answers.influencers import Influencers

_SHOWN = ("rank", "person_id", "name", "in_people", "in_strength", "pagerank", "betweenness", "core", "reach")
_WORDS = ("community_label", "kinds", "trend")


def influencers(
    period: Annotated[
        str,
        typer.Option(help=f"The last so many days: {', '.join(INFLUENCE_PERIODS)}", autocompletion=complete_period),
    ] = "90",
    by: Annotated[
        str, typer.Option(help=f"In order of: {', '.join(INFLUENCE_SCORES)}", autocompletion=complete_score)
    ] = "in_people",
    kind: Annotated[
        str | None, typer.Option(help=f"Only these: {', '.join(INFLUENCE_KINDS)}", autocompletion=complete_kind)
    ] = None,
    network: Annotated[
        list[str] | None,
        typer.Option(help="Only with ties on this network; may be repeated", autocompletion=complete_network),
    ] = None,
    limit: Annotated[int, typer.Option(help="How many", min=1, max=5_000)] = 20,
    graph: Annotated[
        Path | None, typer.Option(help="Also write them and their ties here: .gexf, .graphml, or .csv (a zip)")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV")] = False,
) -> None:
    """List the people who move the community, by their scores in the graph of who answers whom.

    Example: rapport influencers --period 90 --by betweenness --limit 10 --graph brokers.gexf
    """
    from answers.graph_export import export_graph
    from answers.influencers import GraphFilters, read_influencers
    from answers.scope import read_scope
    from data_access.store import reading
    from jobs.commands.metrics import check_known

    check_one_output(as_json=as_json, as_csv=as_csv)
    if by not in INFLUENCE_SCORES or period not in INFLUENCE_PERIODS:
        raise fail(f"There is no score {by!r} of the period {period!r}: see rapport influencers --help.", 2)
    check_known([kind] if kind else [], INFLUENCE_KINDS, "kind")
    file_kind = graph.suffix.lstrip(".") if graph else None
    if file_kind is not None and file_kind not in GRAPH_FORMATS:
        raise fail(f"A graph is written as .{', .'.join(GRAPH_FORMATS)}; {graph} ends otherwise.", 2)
    try:
        with reading(opened_store()) as session:
            scope = read_scope(session)
            filters = GraphFilters(period, networks=tuple(network or ()), kind=kind)
            found = read_influencers(session, filters, by=by, limit=limit, scope=scope)
    except ValueError as error:
        raise fail(str(error), 2) from error
    if found.is_due:
        log.warning("Something has changed since these scores: rapport refresh brings them up to date.")
    if graph is not None and file_kind is not None:
        graph.write_bytes(export_graph(found.people, found.ties, file_kind, size=by, currency=scope.settings.currency))
        log.info(f"{graph}: {len(found.people):,} people, {len(found.ties):,} ties.")
    _print(found, by, as_json=as_json, as_csv=as_csv)


def _print(found: "Influencers", by: str, *, as_json: bool, as_csv: bool) -> None:
    from jobs.terminal import plain, print_table

    names = [*dict.fromkeys([*_SHOWN, by, *_WORDS])]
    names = [name if name != "revenue" else "revenue_minor" for name in names]
    rows = [{name: _word(row[name]) for name in names} for row in found.people.to_dict("records")]
    period = found.period
    shown: dict[str, Any] = {
        "period": found.filters.period,
        "from": plain(period.start) if period else None,
        "until": plain(period.end) if period else None,
        "people": found.total,
        "with_a_tie": period.people if period else None,
    }
    if not rows and not (as_json or as_csv):
        typer.echo("Nobody has a tie in this period yet. Import some: rapport import PATH")
        return
    print_table(shown, rows, as_json=as_json, as_csv=as_csv)


def _word(value: Any) -> Any:
    import pandas as pd

    from jobs.terminal import plain

    if isinstance(value, tuple):
        return ", ".join(value)
    return None if value is pd.NA else plain(value)
