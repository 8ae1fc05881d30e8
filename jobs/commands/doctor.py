"""``rapport doctor``: whether the store is well."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.context import opened_store, own_job
from jobs.logs import LoggedProgress
from jobs.progress import Silence

if TYPE_CHECKING:
    from jobs.doctor import Finding


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what is derived; facts are not touched")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    seed: Annotated[int, typer.Option(help="Another seed looks at other days and accounts")] = 1,
) -> None:
    """Look the store over: whole, complete, adding up, up to date? Says what to do about what is not.

    Ends with 0 where all is well, with 1 where something is wrong, after --repair: is still wrong.

    Example: rapport doctor --repair
    """
    from data_access.post_index import mend_post_index
    from jobs.doctor import Level, examine, examine_and_repair
    from jobs.terminal import TerminalProgress

    engine = opened_store()
    before: list[Finding] = []
    if repair:
        mend_post_index(engine)
        with own_job(engine, "doctor", {"seed": seed}) as progress:
            before, findings = examine_and_repair(engine, progress, seed=seed)
    else:
        with TerminalProgress(LoggedProgress(Silence())) as progress:
            findings = examine(engine, progress, seed=seed)
    mended = _mended(before, findings)
    is_well = not any(finding.level == Level.PROBLEM for finding in findings)
    if as_json:
        shown = {"is_well": is_well, "findings": _plain(findings), "repaired": _plain(mended)}
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        _print(findings, mended, is_well=is_well)
    if not is_well:
        raise typer.Exit(1)


def _mended(before: "list[Finding]", after: "list[Finding]") -> "list[Finding]":
    """What was wrong before and is not any more."""
    from jobs.doctor import Level

    still = {(finding.check, finding.what) for finding in after}
    return [f for f in before if f.level == Level.PROBLEM and f.is_repairable and (f.check, f.what) not in still]


def _plain(findings: "list[Finding]") -> list[dict[str, str | bool]]:
    return [
        {"check": f.check, "level": str(f.level), "what": f.what, "advice": f.advice, "is_repairable": f.is_repairable}
        for f in findings
    ]


def _print(findings: "list[Finding]", mended: "list[Finding]", *, is_well: bool) -> None:
    for finding in findings:
        typer.echo(f"{finding.level:8} {finding.check:10} {finding.what}")
        if finding.advice:
            typer.echo(f"{'':19} {finding.advice}")
    for finding in mended:
        typer.echo(f"{'mended':8} {finding.check:10} {finding.what}")
    typer.echo("The store is well." if is_well else "Something is wrong: see above what to do.")
