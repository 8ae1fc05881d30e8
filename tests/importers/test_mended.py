"""Refused rows that come back."""

import json

FIRST, SECOND = "import 1 of a.csv 111", "import 2 of b.csv 222"


def test_refused_rows_of_two_imports_in_one_table_are_read_as_the_first_s_only(tmp_path, importing):
    (tmp_path / "rows.csv").write_text(
        "text,date,refused.line,refused.reason,refused.from,refused.row\n"
        f"hello there,2024-03-01,2,no time,{FIRST},\nof another,2024-03-02,3,no time,{SECOND},\n"
        "without a mark,2024-03-03,,,,\n"
    )
    imported = importing(tmp_path / "rows.csv")
    assert [post.text for post in imported.posts] == ["hello there", "without a mark"]
    assert [(refusal.line, refusal.raw) for refusal in imported.refusals] == [(3, "of another,2024-03-02")]
    assert "import the refused rows of each by itself" in imported.refusals[0].reason


def test_refused_records_of_two_imports_in_one_file_are_read_as_the_first_s_only(tmp_path, importing):
    rows = [
        {"text": f"of {name}", "date": "2024-03-01", "refused": {"line": 1, "reason": "no time", "from": name}}
        for name in (FIRST, SECOND)
    ]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    imported = importing(tmp_path / "rows.json")
    assert [post.text for post in imported.posts] == [f"of {FIRST}"]
    assert [json.loads(refusal.raw)["text"] for refusal in imported.refusals] == [f"of {SECOND}"]
