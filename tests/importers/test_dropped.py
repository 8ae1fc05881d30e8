"""Files dropped one by one or side by side: parts of an export of several files, and those that are one."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from data_access.importers import ImportOptions, find_inputs, find_together, preview_mapping

PIPELINE = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    "A1,Ann,Lamp Pro,Acme,Won,2026-01-01,2026-02-01,500\n"
)
PRODUCTS = "product,series,sales_price\nLamp Pro,Lamp,500\n"
OWNERS = "owner_id,_fivetran_synced,email,first_name,last_name\n1,2026-01-01 00:00:00,,Ann,Lee\n"
DEALS = "deal_id,_fivetran_synced,property_dealname,deal_pipeline_stage_id\n7,2026-01-01 00:00:00,Lamps,won\n"
OPENED = "id,_fivetran_synced,browser,ip_address\n1,2026-01-01 00:00:00,x,127.0.0.1\n"
USERS = [{"id": "U1", "team_id": "T1", "name": "ann", "profile": {"display_name": "Ann"}, "updated": 1700000000}]
CHANNELS = [{"id": "C1", "name": "general", "created": 1700000000, "members": ["U1"]}]
REALM = {"zerver_realm": [{"id": 1, "string_id": "lamp"}], "zerver_userprofile": [], "zerver_stream": []}


@pytest.fixture
def folder(tmp_path):
    def write(files: Mapping[str, object]) -> list[Path]:
        for name, content in files.items():
            (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
        return [tmp_path / name for name in files]

    return write


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("users.json", USERS, "is a part of an export of several files (Slack export): its people. By itself"),
        ("channels.json", CHANNELS, "(Slack export): its channels. By itself nothing comes of it: bring the whole"),
        ("realm.json", REALM, "(Zulip export): its people and channels. By itself"),
        ("products.csv", PRODUCTS, "the products that its deals name. By itself nothing comes of it: bring the whole "
         "export in, all files at once, or in one folder or zip."),
        ("owner.csv", OWNERS, "(HubSpot): the owners of its contacts and deals. By itself"),
        ("opened.csv", OPENED, "(HubSpot): a table that a connector copied, but none of contacts, companies or deals. "
         "Nothing of it is read, also beside the others: leave it out."),
    ],
)  # fmt: skip
def test_part_of_an_export_says_of_which(folder, name, content, said):
    (path,) = folder({name: content})
    shown = preview_mapping(path, ImportOptions())
    assert (shown.format, said in (shown.part or "")) == (None, True)
    assert preview_mapping(path, ImportOptions(mapping={"kind": "people"})).part is None


def test_times_at_which_a_connector_copied_rows_are_no_times_of_posts(folder):
    (path,) = folder({"sent.csv": "id,_fivetran_synced,subject\n1,2026-01-01 10:00:00,Your lamp\n"})
    assert "time" not in preview_mapping(path, ImportOptions()).mapping


def test_files_that_are_one_export_are_found_beside_others(folder):
    answers = {"ok": True, "messages": [{"type": "message", "user": "U1", "text": "Hi", "ts": "1700000000.0"}]}
    paths = folder(
        {
            "pipeline.csv": PIPELINE,
            "posts.csv": "text,date\nHi there,2026-01-01\n",
            "products.csv": PRODUCTS,
            "history.json": answers,
            "channel.json": {"ok": True, "channel": CHANNELS[0]},
        }
    )
    found = {together.format: {path.name for path in together.paths} for together in find_together(paths)}
    assert found == {"maven_crm": {"pipeline.csv", "products.csv"}, "slack_api": {"history.json", "channel.json"}}


def test_table_that_another_format_knows_is_of_no_export_beside_it(folder):
    tweets = "_fivetran_synced,date,organic_tweet_id,impressions,likes,retweets,replies\n"
    paths = folder(
        {"owner.csv": OWNERS, "deal.csv": DEALS, "opened.csv": OPENED, "pipeline.csv": PIPELINE, "t.csv": tweets}
    )
    (together,) = find_together(paths)
    assert (together.format, {path.name for path in together.paths} & {"pipeline.csv"}) == ("hubspot", set())
    assert {"owner.csv", "deal.csv", "opened.csv"} <= {path.name for path in together.paths}


def test_files_of_one_name_stay_alone(folder, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other/pipeline.csv").write_text(PIPELINE)
    paths = folder({"pipeline.csv": PIPELINE, "products.csv": PRODUCTS})
    assert find_together([*paths, tmp_path / "other/pipeline.csv"]) == []


def test_part_in_a_folder_by_itself_is_left_out_with_the_reason(folder, tmp_path):
    folder({"users.json": USERS})
    (found,) = find_inputs([tmp_path], ImportOptions())
    assert "a part of an export of several files (Slack export)" in found.reason
