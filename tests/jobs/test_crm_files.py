"""Exports of CRMs, shops and servers, from file to store: twice is once, and what is real adds up."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from data_access.importers import ImportOptions
from data_access.models.decisions import Setting
from data_access.models.derived import PersonStage, PersonValue, Sale
from data_access.models.facts import Deal, DealContact, Identity, ImportRun, Organization
from data_access.settings import add_setting
from data_access.store import reading, writing
from data_access.upsert import table
from jobs.importing import RunResult, import_paths
from jobs.progress import Silence
from tests.crm_files import EXPORTS, HUBSPOT_TABLES, PIPELINE, SALESFORCE, save
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
    assert result.notes == {"An amount names no currency: it is taken as CHF": 1}
    with reading(engine) as session:
        assert set(session.scalars(select(table(Deal).c.currency))) == {"CHF", None}
        assert session.execute(select(func.count()).select_from(table(Setting))).scalar() == 1
        assert session.execute(select(table(ImportRun).c.notes)).scalar_one() == result.notes


def test_amounts_have_the_currency_that_was_said_of_their_file(engine: Engine, tmp_path: Path) -> None:
    paths = [save(tmp_path / "pipeline", PIPELINE), save(tmp_path / "hubspot", HUBSPOT_TABLES)]
    list(import_paths(engine, paths, ImportOptions(currencies={str(paths[0]): "USD"}), Silence()))
    deal = table(Deal)
    with reading(engine) as session:
        found = session.execute(select(deal.c.source, deal.c.currency).where(deal.c.amount_minor.is_not(None)))
        assert {tuple(row) for row in found} == {("maven", "USD"), ("hubspot", "EUR")}


_SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Cancelled at,"
    "Refunded Amount,Id,Outstanding Balance\n"
)
_SHOPIFY_ROW = (
    "#1,ann@lee.example,{},2024-03-02 10:00:00 +0100,NOK,100.00,2024-03-01 10:00:00 +0100,1,Lamp,{},0.00,5001,0.00\n"
)
_TABLE = "order id;date;email;total;currency;status\n1;2024-03-01;ann@lee.example;100.00;NOK;{}\n"
PAID_AND_VOIDED = {
    "shopify": (
        _SHOPIFY_HEADER + _SHOPIFY_ROW.format("paid", ""),
        _SHOPIFY_HEADER + _SHOPIFY_ROW.format("voided", "2024-03-05 10:00:00 +0100"),
    ),
    "table": (_TABLE.format("paid"), _TABLE.format("cancelled")),
}


def orders_counted(engine: Engine) -> tuple[int, int]:
    """Orders that count, and what all come to."""
    sale = table(Sale)
    counted = func.count().filter(sale.c.is_refund.is_(False))
    with reading(engine) as session:
        count, amount = session.execute(select(counted, func.coalesce(func.sum(sale.c.amount_minor), 0))).one()
        return int(count), int(amount)


@pytest.mark.parametrize("name", PAID_AND_VOIDED)
@pytest.mark.parametrize("is_paid_first", [True, False])
def test_order_comes_to_nothing_when_another_file_says_that_it_was_cancelled(
    engine: Engine, tmp_path: Path, name: str, is_paid_first: bool
) -> None:
    files = dict(zip(("paid", "voided"), PAID_AND_VOIDED[name], strict=True))
    paths = {one: save(tmp_path / one, {"orders_export.csv": text}) for one, text in files.items()}
    for one in sorted(paths, reverse=not is_paid_first):
        bring_files(engine, paths[one])
        assert orders_counted(engine) == ((1, 10_000) if one == "paid" and is_paid_first else (0, 0))
    before = rows_of(engine)
    for path in paths.values():
        (again,) = bring_files(engine, path)
        assert (again.added, again.changed) == (0, 0)
    assert rows_of(engine) == before


@pytest.mark.parametrize("name", PAID_AND_VOIDED)
def test_order_never_seen_as_paid_makes_nobody_a_customer(engine: Engine, tmp_path: Path, name: str) -> None:
    bring_files(engine, save(tmp_path, {"orders_export.csv": PAID_AND_VOIDED[name][1]}))
    assert orders_counted(engine) == (0, 0)
    with reading(engine) as session:
        assert session.execute(select(func.count()).where(table(PersonStage).c.customer_on.is_not(None))).scalar() == 0
        assert session.execute(select(func.count()).where(table(PersonValue).c.orders > 0)).scalar() == 0


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
