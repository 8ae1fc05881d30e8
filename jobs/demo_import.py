"""Load the demo community into a store: settings and topics as decisions, records as any file's."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from data_access.brands import list_brand_decisions
from data_access.decisions import append_decision, withdraw_decision
from data_access.models.decisions import BrandRule, DecisionBase, TopicRule
from data_access.settings import add_setting, list_setting_rows
from data_access.store import writing
from data_access.topics import list_topic_decisions
from jobs.brands import derive_brands
from jobs.demo import generate
from jobs.demo.brand_rules import BRAND_RULES
from jobs.demo.topic_rules import TOPIC_RULES
from jobs.importing import RecordStream, RunResult, import_input
from jobs.influence import derive_influence
from jobs.progress import Cancelled, Progress
from jobs.text_rules import BRANDS, TOPICS, derive_rules, note_rules

DECIDED_BY = "Demo"


def import_demo(
    engine: Engine, *, progress: Progress, posts: int = 40_000, seed: int = 1, truth_path: Path | None = None
) -> RunResult:
    """Generate and import the demo community. ``truth_path``: where to write, as JSON, what is planted in it.

    Settings and topics that somebody decided stay. Cancelled, the demo's go with its records.
    """
    community = generate(posts=posts, seed=seed)
    decided = _decide(engine, community.settings)
    stream = RecordStream("Demo community", "demo", community.records(), f"demo:{posts}:{seed}")
    try:
        result = import_input(engine, stream, progress, options={"posts": posts, "seed": seed})
        derive_rules(engine, TOPICS, progress)
    except Cancelled:
        with writing(engine) as session:
            for row in decided:
                assert row.id is not None
                withdraw_decision(session, type(row), decision_id=row.id, decided_by=DECIDED_BY)
            note_rules(session, TOPICS)
            note_rules(session, BRANDS)
        raise
    derive_brands(engine, progress)
    derive_influence(engine, progress)
    if truth_path is not None:
        truth_path.write_text(json.dumps(community.truth(), indent=1))
    return result


def _decide(engine: Engine, settings: list[tuple[str, Any]]) -> list[DecisionBase]:
    """What nobody has decided yet. The demo's own posts find the topics there; others are read afterwards."""
    with writing(engine) as session:
        standing = list_setting_rows(session)
        rows: list[DecisionBase] = [
            add_setting(session, key=key, value=value, decided_by=DECIDED_BY)
            for key, value in settings
            if key not in standing
        ]
        known = {row.topic.casefold() for row in list_topic_decisions(session)}
        topics = [
            append_decision(session, TopicRule, decided_by=DECIDED_BY, topic=topic, pattern=pattern)
            for topic, pattern in TOPIC_RULES
            if topic.casefold() not in known
        ]
        if topics:
            note_rules(session, TOPICS)
        named = list_brand_decisions(session)
        brands = [
            append_decision(
                session, BrandRule, decided_by=DECIDED_BY, brand=brand, pattern=words, exclusions=exclusions
            )
            for brand, words, exclusions in BRAND_RULES
            if brand.casefold() not in named
        ]
        if brands:
            note_rules(session, BRANDS)
        return rows + topics + brands
