"""Salesforce's exports become contacts, organisations and deals that know each other by their long ids."""

import datetime as dt

import pytest

from data_access.importers.salesforce import long_id
from tests.crm_files import SALESFORCE, save

ANN, NORRBY, DEAL = "003D000000AbcDEIAZ", "001D000000IqhSLIAZ", "006D000000Deal1IAB"


def test_tables_name_each_other_when_their_ids_are_long_and_short(tmp_path, importing):
    imported = importing(save(tmp_path, SALESFORCE))
    assert [found.format for found in imported.inputs] == ["salesforce"]
    ann, norrby, deal = imported.identity(ANN), imported.organization(NORRBY), imported.deals[1]
    assert (ann.display_name, ann.owner, ann.organization_native_id) == ("Ann Lee", "Ida Holm", NORRBY)
    assert (norrby.name, norrby.domain, norrby.employees) == ("Norrby", "norrby.example", 40)
    assert (deal.native_id, deal.organization, deal.owner) == (DEAL, NORRBY, "Ida Holm")
    assert [(deal.native_id, deal.contacts) for deal in imported.deals if deal.contacts] == [(DEAL, (ANN,))]


def test_opportunity_has_its_history_and_outcome(tmp_path, importing):
    imported = importing(save(tmp_path, SALESFORCE))
    deal = imported.deals[1]
    assert [stage["stage"] for stage in deal.stages] == ["Proposal", "Signed"]
    assert (deal.stage, deal.is_won, deal.amount_minor, deal.currency) == ("Signed", True, 120_050, "NOK")
    assert deal.closed_at == dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    still_open = imported.deals[2]
    assert (still_open.is_won, still_open.closed_at, still_open.currency) == (None, None, "EUR")


def test_damaged_id_is_refused_and_a_deleted_record_counted(tmp_path, importing):
    imported = importing(save(tmp_path, SALESFORCE))
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (4, "Opportunity.csv: 'what' is no id of Salesforce, which has 15 or 18 letters and digits")
    ]
    assert imported.inputs[0].rows_skipped["a record deleted in Salesforce"] == 1


@pytest.mark.parametrize("name", [name for name in SALESFORCE if name != "User.csv"])
def test_export_is_recognised_when_it_comes_alone(tmp_path, importing, name):
    save(tmp_path, {name: SALESFORCE[name]})
    imported = importing(tmp_path / name)
    assert imported.format == "salesforce"
    assert imported.deals or imported.identities or imported.organizations


def test_report_is_recognised_when_it_has_ids(tmp_path, importing):
    (tmp_path / "report.csv").write_text(
        "Contact ID,First Name,Last Name,Email,Contact Owner,Account ID,Account Name\n"
        "003D000000AbcDE,Ann,Lee,ann@lee.example,Ida Holm,001D000000IqhSL,Norrby\n"
    )
    imported = importing(tmp_path / "report.csv")
    assert imported.format == "salesforce"
    ann = imported.identity(ANN)
    assert (ann.owner, ann.organization, ann.organization_native_id) == ("Ida Holm", "Norrby", NORRBY)


def test_changes_of_stage_are_read_when_every_field_has_its_rows(tmp_path, importing):
    (tmp_path / "h.csv").write_text(
        "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate\n"
        "017D00000000001,006D000000Deal1,StageName,Proposal,Closed Lost,2024-02-28T09:00:00.000Z\n"
        "017D00000000002,006D000000Deal1,Amount,900,1200,2024-02-27T09:00:00.000Z\n"
    )
    (deal,) = importing(tmp_path / "h.csv").deals
    assert (deal.stage, deal.is_won) == ("Closed Lost", False)
    assert deal.stages == [{"stage": "Closed Lost", "entered_at": "2024-02-28T09:00:00+00:00"}]


def test_tables_of_other_makers_are_left_alone_when_their_ids_are_numbers(tmp_path, importing):
    (tmp_path / "a.csv").write_text("Id,Name,BillingCountry\n1,Norrby,Norway\n2,Elgtun,Sweden\n")
    imported = importing(tmp_path)
    assert [found.format for found in imported.inputs if found.format == "salesforce"] == []


def test_long_id_is_kept_when_it_is_long_already():
    assert long_id(NORRBY) == long_id(NORRBY[:15]) == NORRBY
