"""A web server's log becomes visits of known visitors; an address of a network is nobody."""

import datetime as dt

import pytest

from tests.crm_files import ACCESS_LOG, save


def test_pages_of_known_visitors_are_visits(tmp_path, importing):
    imported = importing(save(tmp_path, ACCESS_LOG))
    assert imported.format == "access_log"
    first, second = imported.visits
    assert (first.identity, first.utm_source, first.utm_medium, first.utm_campaign) == (
        "v-17", "news", "email", "spring"
    )  # fmt: skip
    assert first.occurred_at == dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC)
    assert (first.referrer, second.referrer, second.identity) == ("https://mail.example/", None, "ann")


def test_requests_of_files_robots_and_nobody_are_counted_and_no_visits(tmp_path, importing):
    imported = importing(save(tmp_path, ACCESS_LOG))
    assert dict(imported.inputs[0].rows_skipped) == {
        "a request that is no page seen": 1,
        "a robot's request": 1,
        "a page seen by nobody known: an address of a network is no person": 1,
    }
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (6, "is no line of the combined format")
    ]


@pytest.mark.parametrize(
    ("path", "status", "agent", "is_visit"),
    [("/lamps", "200", "Mozilla/5.0 (Linux; Android 8; CUBOT X18)", True), ("/lamps", "304", "Mozilla/5.0", True),
     ("/lamps", "302", "Mozilla/5.0", False), ("/lamps", "206", "Mozilla/5.0", False),
     ("/api/lamps?page=1", "200", "Mozilla/5.0", False), ("/apiary", "200", "Mozilla/5.0", True),
     ("/lamps", "200", "Mozilla/5.0 (compatible; Googlebot/2.1)", False), ("/lamps", "200", "UptimeRobot/2.0", False),
     ("/lamps", "200", "AdsBot (+https://x.example)", False), ("/lamps", "200", "python-requests/2.3", False)],
)  # fmt: skip
def test_page_is_a_visit_only_when_a_person_saw_it(tmp_path, importing, path, status, agent, is_visit):
    line = f'192.0.2.1 - ann [01/Mar/2024:10:00:00 +0100] "GET {path} HTTP/1.1" {status} 512 "-" "{agent}"\n'
    (tmp_path / "access.log").write_text(line)
    assert len(importing(tmp_path / "access.log").visits) == is_visit


def test_log_is_refused_with_what_to_do_when_it_names_no_visitor(tmp_path, importing):
    line = '192.0.2.1 - - [01/Mar/2024:10:00:00 +0100] "GET /lamps HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'
    (tmp_path / "access.log").write_text(line * 3)
    imported = importing(tmp_path / "access.log")
    assert imported.visits == []
    (refusal,) = imported.refusals
    assert "an address of a network is no person: let the server write its visitors' cookie" in refusal.reason
