"""Insights of pages and accounts become days of their channels."""

import datetime as dt
import json

import pytest


def metric(account, name, *values, period="day"):
    return {"name": name, "period": period, "id": f"{account}/insights/{name}/{period}", "values": list(values)}


def ending(day, value, hour=7):
    return {"value": value, "end_time": f"2024-05-{day:02}T{hour:02}:00:00+0000"}


def test_metrics_of_a_day_become_one_record(tmp_path, importing):
    data = [
        metric("7", "page_impressions", ending(4, 50), ending(5, 60)),
        metric("7", "page_impressions_unique", {"value": 1, "end_time": "soon"}, ending(5, 31)),
        metric("7", "page_fans", ending(4, 900), ending(5, 901)),
        metric("7", "page_follows", ending(5, 950)),
        metric("7", "page_impressions", ending(5, 400), period="week"),
        metric("7", "page_views_total", ending(5, 4)),
    ]
    (tmp_path / "answer").write_text(json.dumps({"data": data, "paging": {}}))
    imported = importing(tmp_path / "answer")
    assert imported.format == "meta_insights"
    found = [(day.native_id, day.day, day.followers, day.impressions, day.reach) for day in imported.channel_days]
    assert found == [
        ("7/2024-05-03", dt.date(2024, 5, 3), 900, 50, None),
        ("7/2024-05-04", dt.date(2024, 5, 4), 950, 60, 31),
    ]
    assert [(channel.network, channel.native_id) for channel in imported.channels] == [("facebook", "7")]
    assert imported.inputs[0].rows_skipped == {
        "metric of another period: page_impressions": 1,
        "metric without use here: page_views_total": 1,
    }
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(2, "'soon' cannot be read as a time")]


@pytest.mark.realdata
def test_real_insights_of_an_account_come_in(shared_data, importing):
    folder = shared_data / "native/meta/instagram/apidata"
    imported = importing(folder / "users/user_insights.json")
    assert [(day.network, day.day, day.impressions, day.reach) for day in imported.channel_days] == [
        ("instagram", dt.date(2017, 5, 3), 4, 3),
        ("instagram", dt.date(2017, 5, 4), 66, 36),
    ]
    of_post = importing(folder / "medias/insights.json")
    assert (of_post.channel_days, sum(of_post.inputs[0].rows_skipped.values())) == ([], 3)
