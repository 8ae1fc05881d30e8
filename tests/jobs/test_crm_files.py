"""Exports of CRMs, shops and servers, from file to store: twice is once, and what is real adds up."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_access.importers import ImportOptions
from data_access.models.decisions import Setting
from data_access.models.facts import Deal, DealContact, Identity, ImportRun, Organization
from data_access.settings import add_setting
from data_access.store import reading, writing
from data_access.upsert import table
from jobs.importing import RunResult, import_paths
from jobs.progress import Silence
from tests.crm_files import EXPORTS, HUBSPOT_TABLES, SALESFORCE, save
from tests.jobs.stores import rows_of

FACTS = ["deal", "deal_contact", "identity", "order", "organization", "visit"]


def bring_files(engine: Engine, *paths: Path) -> list[RunResult]:
    return list(import_paths(engine, paths, ImportOptions(), Silence()))


@pytest.mark.parametrize("name", EXPORTS)
def test_second_import_changes_nothing(engine: Engine, tmp_path: Path, name: str) -> None:
    folder = save(tmp_path / "export", EXPORTS[name])
    (first,) = bring_files(engine, folder)
    assert (first.status, first.format) == ("done", name.split()[0])
    assert first.added > 0
    before = rows_of(engine, FACTS), rows_of(engine)
    (again,) = bring_files(engine, folder)
    assert (again.added, again.changed) == (0, 0)
    assert (rows_of(engine, FACTS), rows_of(engine)) == before


@pytest.mark.parametrize("files", [HUBSPOT_TABLES, SALESFORCE], ids=["hubspot", "salesforce"])
def test_deal_knows_its_contact_and_organisation(engine: Engine, tmp_path: Path, files: dict[str, str]) -> None:
    bring_files(engine, save(tmp_path / "export", files))
    deal, contact = table(Deal), table(DealContact)
    people = select(table(Identity).c.display_name, table(Organization).c.name, deal.c.amount_minor)
    people = people.join(contact, contact.c.identity_id == table(Identity).c.id)
    people = people.join(deal, deal.c.id == contact.c.deal_id)
    people = people.join(table(Organization), table(Organization).c.id == deal.c.organization_id)
    with reading(engine) as session:
        assert session.execute(people).all() == [("Ann Lee", "Norrby", 120_050)]


def test_history_of_stages_is_kept_when_a_newer_export_has_none(engine: Engine, tmp_path: Path) -> None:
    bring_files(engine, save(tmp_path / "old", SALESFORCE))
    newer = SALESFORCE["Opportunity.csv"].replace("2024-03-01T10:00", "2024-04-01T10:00").replace("Signed", "Paid")
    bring_files(engine, save(tmp_path / "new", {"Opportunity.csv": newer}))
    deal = table(Deal)
    with reading(engine) as session:
        (row,) = session.execute(select(deal.c.stage, deal.c.stages).where(deal.c.amount_minor == 120_050)).all()
    assert row.stage == "Paid"
    assert [stage["stage"] for stage in row.stages] == ["Proposal", "Signed"]


def test_amounts_have_the_currency_of_the_workspace_when_files_name_none(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        add_setting(session, key="currency", value="CHF", decided_by="Test")
    (result,) = bring_files(engine, save(tmp_path / "export", HUBSPOT_TABLES))
    assert result.notes == {"An amount names no currency: it is taken as CHF, the workspace's": 1}
    with reading(engine) as session:
        assert set(session.scalars(select(table(Deal).c.currency))) == {"CHF", None}
        assert session.execute(select(func.count()).select_from(table(Setting))).scalar() == 1
        assert session.execute(select(table(ImportRun).c.notes)).scalar_one() == result.notes


@pytest.mark.realdata
def test_real_pipeline_adds_up(engine: Engine, shared_data: Path) -> None:
    (result,) = bring_files(engine, shared_data / "maven_crm")
    assert (result.status, result.refused, result.rows_read) == ("done", 0, 8_927)
    assert result.notes["The product 'GTXPro' is read as 'GTX Pro'"] == 1_480
    deal = table(Deal)
    won = select(func.count(), func.sum(deal.c.amount_minor)).where(deal.c.is_won.is_(True))
    with reading(engine) as session:
        assert tuple(session.execute(won).one()) == (4_238, 1_000_553_400)
        without = select(func.count()).where(deal.c.organization_id.is_(None))
        assert session.execute(without).scalar() == 1_425
        assert session.execute(select(func.count()).select_from(table(Organization))).scalar() == 85
    (again,) = bring_files(engine, shared_data / "maven_crm")
    assert (again.added, again.changed) == (0, 0)
