"""The doctor: looks a store over, says in plain words what is wrong, and puts right what is derived."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from data_access.store import reading
from jobs.doctor.counts import check_counts
from jobs.doctor.engine import check_engine
from jobs.doctor.findings import Finding, Level
from jobs.doctor.matching import check_matching
from jobs.doctor.missing import check_people, check_post_search, check_posts, check_search
from jobs.doctor.references import check_references
from jobs.doctor.repair import repair
from jobs.doctor.sampling import Sample, draw_all, draw_sample
from jobs.doctor.texts import check_texts
from jobs.doctor.work import check_disk, check_freshness, check_settings, check_work
from jobs.progress import Progress, Silence

__all__ = ["Finding", "Level", "Sample", "examine", "examine_and_repair"]


def examine(
    engine: Engine, progress: Progress | None = None, *, seed: int = 1, every_day: bool = False
) -> list[Finding]:
    """Look a store over, as it stands at one moment, without changing it.

    Days and accounts are a sample, the same for the same ``seed``; all of them with ``every_day``.
    """
    progress = progress or Silence()
    findings = check_disk(engine)
    with reading(engine) as session:
        progress.step("Looking at the engine")
        findings += check_engine(session)
        findings += (settings := check_settings(session))
        if any(finding.level == Level.PROBLEM and not finding.is_repairable for finding in findings[-len(settings) :]):
            return findings  # no day can be told without them
        sample = draw_all(session) if every_day else draw_sample(session, seed)
        findings += check_work(session, engine)
        findings += check_freshness(session, datetime.now(UTC))
        progress.step("Looking for what refers to nothing")
        findings += check_references(session)
        findings += check_posts(session)
        findings += check_people(session)
        findings += check_search(session, sample.accounts)
        findings += check_matching(session, sample.accounts)
        findings += check_post_search(session, sample.posts)
        progress.step("Reading some posts again")
        findings += check_texts(session, sample)
        progress.step("Counting again", len(sample.days), "days")
        findings += check_counts(session, sample)
    return findings


def examine_and_repair(engine: Engine, progress: Progress, *, seed: int = 1) -> tuple[list[Finding], list[Finding]]:
    """Look a store over and put right what can be. Returns what was found before, and after.

    Where a sample has shown that days or accounts do not add up, all of them are looked at before.
    """
    before = examine(engine, progress, seed=seed)
    if not any(finding.is_repairable for finding in before):
        return before, before
    if any(finding.is_repairable and finding.check in ("rollups", "search", "texts") for finding in before):
        before = examine(engine, progress, every_day=True)
    repair(engine, before, progress)
    return before, examine(engine, progress, seed=seed)
