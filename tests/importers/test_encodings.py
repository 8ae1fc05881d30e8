"""Files of which some lines are in another encoding than the rest."""


def test_lines_of_utf8_are_kept_when_one_is_in_another_encoding(tmp_path, importing):
    rows = [f"{n},der Gerät {n},2024-03-01\n".encode() for n in range(3)]
    pasted = "x,größere Übergröße für öftere Düsenflüge,2024-03-01\n".encode("latin-1")
    (tmp_path / "mixed.csv").write_bytes(b"".join([b"id,text,date\n", rows[0], pasted, *rows[1:]]))
    imported = importing(tmp_path / "mixed.csv")
    assert [post.text for post in imported.posts] == [f"der Gerät {n}" for n in range(3)]
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(3, "holds bytes that are not utf-8")]
