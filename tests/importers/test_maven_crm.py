"""A sales pipeline and its tables become organisations and deals; what was matched is said."""

from collections import Counter

import pytest

from tests.crm_files import PIPELINE, save


def test_products_and_sectors_are_matched_and_said_when_they_are_written_otherwise(tmp_path, importing):
    imported = importing(save(tmp_path / "crm", PIPELINE))
    assert [(found.name, found.format) for found in imported.inputs] == [("crm", "maven_crm")]
    assert [deal.product for deal in imported.deals] == ["Lamp Pro", "Lamp Pro", "Lamp Mini", "Lantern"]
    assert {organization.sector for organization in imported.organizations} == {"technology"}
    assert Counter(note.text for note in imported.notes) == {
        "The product 'LampPro' is read as 'Lamp Pro'": 1,
        "The product 'Lantern' is none of the table of products": 1,
        "The sector 'technolgy' is read as 'technology'": 1,
        "An amount names no currency: it is taken as EUR": 2,
        "A deal names no account": 1,
    }


def test_deals_have_stages_owner_and_outcome(tmp_path, importing):
    imported = importing(save(tmp_path, PIPELINE))
    won, lost, engaging, prospecting = imported.deals
    assert (won.organization, won.owner, won.is_won, won.amount_minor) == ("Norrby", "Ida Holm", True, 120_000)
    assert [stage["stage"] for stage in won.stages] == ["Engaging", "Won"]
    assert (lost.is_won, lost.amount_minor) == (False, 0)
    assert (engaging.is_won, engaging.organization, engaging.closed_at, engaging.amount_minor) == (None,) * 4
    assert (prospecting.stages, prospecting.created_at) == ([], None)
    (refusal,) = imported.refusals
    assert refusal.reason == "sales_pipeline.csv: '2024-02-30' cannot be read as a time: there is no such day"


def test_pipeline_keeps_its_products_when_it_comes_alone(tmp_path, importing):
    save(tmp_path, {"p.csv": PIPELINE["sales_pipeline.csv"]})
    imported = importing(tmp_path / "p.csv")
    assert (imported.format, imported.deals[0].product) == ("maven_crm", "LampPro")


def test_other_files_stay_out_when_they_share_the_folder(tmp_path, importing):
    save(tmp_path, PIPELINE)
    (tmp_path / "posts.csv").write_text("time,author,text\n2024-03-01,ann,Hello there\n2024-03-02,bo,And hello\n")
    assert sorted(found.format for found in importing(tmp_path).inputs) == ["maven_crm", "table"]


@pytest.mark.realdata
def test_real_pipeline_adds_up(real_data, importing):
    imported = importing(real_data / "maven_crm")
    won = [deal for deal in imported.deals if deal.is_won]
    assert (len(imported.deals), len(won), imported.refusals) == (8_800, 4_238, [])
    assert sum(deal.amount_minor for deal in won) == 1_000_553_400
    assert {deal.currency for deal in won} == {"EUR"}
    assert {deal.product for deal in imported.deals} == {
        "GTX Basic", "GTX Pro", "MG Special", "MG Advanced", "GTX Plus Pro", "GTX Plus Basic", "GTK 500"
    }  # fmt: skip
    notes = Counter(note.text for note in imported.notes)
    assert notes["The product 'GTXPro' is read as 'GTX Pro'"] == 1_480
    assert notes["A deal names no account"] == 1_425
    assert len(imported.organizations) == 85
