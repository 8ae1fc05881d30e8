"""HubSpot's exports and the tables of its API become contacts, organisations and deals that know each other."""

import datetime as dt

import pytest

from tests.crm_files import HUBSPOT_EXPORTS, HUBSPOT_TABLES, save


def at(*moment):
    return dt.datetime(*moment, tzinfo=dt.UTC)


def test_tables_are_one_input_when_they_lie_in_a_folder(tmp_path, importing):
    imported = importing(save(tmp_path / "hub", HUBSPOT_TABLES))
    assert [(found.name, found.format) for found in imported.inputs] == [("hub", "hubspot")]
    assert imported.refusals == imported.unrecognised == imported.posts == []
    assert dict(imported.inputs[0].rows_skipped) == {
        "an owner, whom contacts and deals name": 1,
        "a stage, which deals name": 2,
        "a contact merged into another": 1,
        "a contact deleted in HubSpot": 1,
        "a deal merged into another": 1,
        "tables of something else than contacts, companies and deals": 1,
    }


def test_merged_contacts_are_one_when_tables_say_so(tmp_path, importing):
    imported = importing(save(tmp_path, HUBSPOT_TABLES))
    assert [contact.native_id for contact in imported.identities] == ["71", "75"]
    ann = imported.identity("71")
    assert (ann.display_name, ann.email, ann.email_verified) == ("Ann Lee", "ann@lee.example", True)
    assert (ann.owner, ann.bio, ann.organization) == ("Ida Holm", "customer", "Norrby")
    assert {contact for deal in imported.deals for contact in deal.contacts} == {"71"}


def test_deal_has_its_stages_and_outcome_when_tables_name_them(tmp_path, importing):
    deal = importing(save(tmp_path, HUBSPOT_TABLES), currency="NOK").deal("31")
    assert [stage["stage"] for stage in deal.stages] == ["Appointment", "Signed"]
    assert deal.stages[0]["entered_at"] == "2024-01-05T09:00:00+00:00"
    assert (deal.stage, deal.is_won, deal.owner) == ("Signed", True, "Ida Holm")
    assert (deal.amount_minor, deal.currency, deal.closed_at) == (120_050, "NOK", at(2024, 3, 1, 9))


def test_deal_is_open_and_has_no_day_of_closing_when_its_date_is_only_expected(tmp_path, importing):
    deal = importing(save(tmp_path, HUBSPOT_TABLES)).deal("32")
    assert (deal.is_won, deal.closed_at, deal.amount_minor, deal.owner) == (None, None, None, "404")


def test_amount_has_the_workspace_currency_and_a_note_when_it_names_none(tmp_path, importing):
    imported = importing(save(tmp_path, HUBSPOT_TABLES), currency="CHF")
    assert imported.deal("31").currency == "CHF"
    assert [note.text for note in imported.notes] == ["An amount names no currency: it is taken as CHF"]


def test_exports_are_read_when_they_come_as_a_folder(tmp_path, importing):
    imported = importing(save(tmp_path, HUBSPOT_EXPORTS))
    ann, norrby, deal = imported.identity("71"), imported.organization("51"), imported.deal("31")
    assert (ann.owner, ann.organization_native_id, ann.email) == ("Ida Holm", "51", "ann@lee.example")
    assert (norrby.name, norrby.domain, norrby.employees) == ("Norrby", "norrby.example", 40)
    assert (deal.amount_minor, deal.currency, deal.contacts, deal.organization) == (120_050, "NOK", ("71", "75"), "51")
    assert [stage["stage"] for stage in deal.stages] == ["Appointment", "Closed Won"]
    assert (deal.stage, deal.is_won) == ("Closed Won", True)
    assert (imported.deal("32").stage, imported.deal("32").is_won) == ("Appointment", None)
    (refusal,) = imported.refusals
    assert refusal.reason == "deals.csv: 'some' is no amount of money"


@pytest.mark.parametrize("name", ["contacts.csv", "companies.csv", "deals.csv"])
def test_export_is_recognised_when_it_comes_alone(tmp_path, importing, name):
    save(tmp_path, {name: HUBSPOT_EXPORTS[name]})
    imported = importing(tmp_path / name)
    assert imported.format == "hubspot"
    assert len(imported.identities) + len(imported.organizations) + len(imported.deals) == (2 if "deals" in name else 1)


def test_history_alone_is_kept_when_no_table_describes_the_deal(tmp_path, importing):
    save(tmp_path, {"deal_stage.csv": HUBSPOT_TABLES["deal_stage.csv"]})
    (deal,) = importing(tmp_path / "deal_stage.csv").deals
    assert (deal.stage, len(deal.stages), deal.name) == ("s2", 2, None)


def test_posts_beside_the_tables_stay_posts_when_they_share_a_folder(tmp_path, importing):
    save(tmp_path, HUBSPOT_TABLES)
    rows = "".join(f"2024-03-0{day},ann,Hello number {day}\n" for day in range(1, 8))
    (tmp_path / "posts.csv").write_text(f"time,author,text\n{rows}")
    imported = importing(tmp_path)
    assert sorted(found.format for found in imported.inputs) == ["hubspot", "table"]
    assert len(imported.posts) == 7


def test_contacts_of_another_crm_are_left_alone_when_they_have_no_record_id(tmp_path, importing):
    (tmp_path / "c.csv").write_text("First name,Last name,Email,Lead status\nAnn,Lee,ann@lee.example,new\n")
    assert [found.format for found in importing(tmp_path).inputs if found.format == "hubspot"] == []


@pytest.mark.realdata
def test_real_tables_are_all_imported(real_data, importing):
    imported = importing(real_data / "native/hubspot")
    found = next(found for found in imported.inputs if found.format == "hubspot")
    assert imported.refusals == imported.posts == []
    assert (len(imported.identities), found.rows_skipped["a contact merged into another"]) == (19, 3)
    assert len({company.native_id for company in imported.organizations}) == 24
    described = [deal for deal in imported.deals if deal.name is not None]
    assert len(described) == 44
    assert {deal.amount_minor for deal in described} == {None}
    assert sum(len(deal.contacts) for deal in imported.deals) == 11
    assert len(imported.visits) == 5
