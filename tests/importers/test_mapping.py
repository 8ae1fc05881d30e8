"""Which column is which field is told from names and values, and people's word goes first."""

import zipfile

import pytest

from data_access.importers import ImportOptions, header_shape, preview_mapping
from data_access.importers.reading.mapping import guess_mapping, resolve_mapping


def rows_of(**columns):
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


TEXTS = ["the lamp does not light up any more", "where is the shop that sells your lamps"]
DAYS = ["2024-03-01", "2024-03-02"]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Tweet ID", "id"),
        ("full_text", "text"),
        ("createdAt", "time"),
        ("Screen Name", "author_handle"),
        ("In reply to status id", "parent"),
        ("Permalink", "url"),
        ("Like Count", "likes"),
        ("Retweets", "shares"),
        ("num_comments", "replies"),
        ("Impressions", "views"),
        ("lang", "language"),
        ("Platform", "network"),
    ],
)
def test_guess_finds_field_when_column_is_called_so(column, field):
    values = {
        "time": DAYS,
        "text": TEXTS,
        "id": ["11", "12"],
        "parent": ["11", ""],
        "author_handle": ["ann", "bob"],
        "url": ["https://example.org/1", "https://example.org/2"],
        "language": ["en", "de"],
        "network": ["forum", "forum"],
    }
    rows = rows_of(**{column: values.get(field, ["1", "2"])})
    assert guess_mapping([column], rows).fields[field] == column


def test_guess_finds_text_time_id_and_url_by_values_when_names_say_nothing():
    links = ["https://forum.example/t/1", "https://forum.example/t/2"]
    rows = rows_of(a=DAYS, b=TEXTS, row_key=["k1", "k2"], d=links, e=["x", "x"])
    guess = guess_mapping(list(rows[0]), rows)
    assert guess.fields == {"time": "a", "text": "b", "id": "row_key", "url": "d"}
    assert guess.reasons["text"] == "by its values"


def test_guess_passes_over_column_when_its_values_do_not_fit():
    rows = rows_of(date=["a while ago", "soon"], posted=DAYS, text=TEXTS, likes=["none at all", "quite some"])
    assert guess_mapping(list(rows[0]), rows).fields == {"time": "posted", "text": "text"}


@pytest.mark.parametrize(
    ("authors", "field"),
    [(["17", "18"], "author"), (["ann_b", "@bob"], "author_handle"), (["Ann Berg", "Bob Li"], "author_name")],
)
def test_guess_tells_ids_handles_and_names_apart_when_column_is_called_author(authors, field):
    rows = rows_of(author=authors, text=TEXTS, date=DAYS)
    assert guess_mapping(list(rows[0]), rows).fields[field] == "author"


def test_guess_names_the_network_when_all_addresses_lead_there():
    links = ["https://x.com/a/status/1", "https://twitter.com/b/status/2"]
    rows = rows_of(id=["1", "2"], text=TEXTS, date=DAYS, link=links)
    assert guess_mapping(list(rows[0]), rows).fields["network"] == "=twitter"


def test_header_shape_is_the_same_when_order_and_spelling_differ():
    assert header_shape(["Created At", "text"]) == header_shape(["Text", "createdAt"])
    assert header_shape(["created_at", "text"]) != header_shape(["created_at", "title"])


@pytest.fixture
def odd_table(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Wann,Was,Wer\n2024-03-01,hello to all of you out there,ann\nnever,good bye to all of you,bob\n")
    return path


def test_preview_shows_columns_guess_and_posts_when_table_can_be_mapped(odd_table):
    preview = preview_mapping(odd_table, ImportOptions(mapping={"time": "Wann", "author_handle": "Wer"}))
    assert preview.format == "table"
    assert preview.problem is None
    assert [column.name for column in preview.columns] == ["Wann", "Was", "Wer"]
    assert preview.columns[2].values == ("ann", "bob")
    assert preview.mapping == {"text": "Was", "time": "Wann", "author_handle": "Wer"}
    assert preview.reasons == {"text": "by its values", "time": "chosen", "author_handle": "chosen"}
    assert [post["author"] for post in preview.records] == ["@ann"]
    assert [refusal.line for refusal in preview.refusals] == [3]


def test_preview_says_what_is_missing_when_table_cannot_be_mapped(tmp_path):
    path = tmp_path / "stock.csv"
    path.write_text("sku,amount\na1,5\nb2,6\n")
    preview = preview_mapping(path, ImportOptions())
    assert preview.format is None
    assert preview.problem == (
        "Choose what these rows are; for posts, choose which column holds: Text or Title; Written at."
    )
    assert [column.name for column in preview.columns] == ["sku", "amount"]
    assert preview.records == ()


def test_preview_of_a_zip_says_of_each_of_its_files_what_comes_of_it(tmp_path):
    files = {
        "a.csv": "Wann,Was\n2024-03-01,hello to all of you out there\n",
        "dates.csv": "date,text\n03/04/2024,hello\n",
        "orders.csv": "Order ID,Date,Email,Total\n1,2024-01-02,a@b.example,7.00\n",
        "page 2.json": "[]",
        "README.md": "What this is.",
    }
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    preview = preview_mapping(tmp_path / "export.zip", ImportOptions(mapping={"text": "Was", "time": "Wann"}))
    assert (preview.name, preview.problem) == ("export.zip/a.csv", None)
    dates, orders = preview.beside
    assert (dates.name, dates.format) == ("export.zip/dates.csv", None)
    assert "'03/04/2024' is 3 April or 4 March 2024" in (dates.problem or "")
    assert (orders.format, orders.kind, orders.problem) == ("table", "orders", None)


def test_mapping_is_used_by_itself_when_it_was_saved_for_the_header(odd_table, importing):
    saved = {"text": "Was", "time": "Wann", "author_name": "Wer"}
    shape = preview_mapping(odd_table, ImportOptions()).header_shape
    options = ImportOptions(saved_mappings={shape: saved})
    preview = preview_mapping(odd_table, options)
    assert preview.is_saved
    assert preview.mapping == saved
    assert importing(odd_table, saved_mappings={shape: saved}).identities[0].display_name == "ann"


def test_guess_is_dropped_when_mapping_says_no_column(odd_table, importing):
    mapping = {"time": "Wann", "author_handle": "Wer"}
    assert importing(odd_table, mapping=mapping).identities
    assert not importing(odd_table, mapping=mapping | {"author_handle": ""}).identities


def test_fingerprint_follows_content_and_mapping_but_not_the_name(odd_table, tmp_path, importing):
    def fingerprint(path, **options):
        return importing(path, **options).inputs[0].fingerprint

    copy = tmp_path / "copy.csv"
    copy.write_bytes(odd_table.read_bytes())
    mapping = {"time": "Wann"}
    assert fingerprint(odd_table, mapping=mapping) == fingerprint(copy, mapping=mapping)
    assert fingerprint(odd_table, mapping=mapping) != fingerprint(odd_table, mapping=mapping | {"author_handle": "Wer"})
    assert fingerprint(odd_table, mapping=mapping) != fingerprint(odd_table, mapping=mapping, brand="Lumen")
    copy.write_bytes(odd_table.read_bytes() + b"2024-03-02,once more to all of you,ann\n")
    assert fingerprint(odd_table, mapping=mapping) != fingerprint(copy, mapping=mapping)


@pytest.mark.parametrize("column", ["Member", "Posted by", "User", "From", "Sender"])
def test_author_is_known_when_a_column_of_names_is_called_who_posted(column: str) -> None:
    rows = [
        {"Message": f"Hello to all of you, number {n}", "Sent at": f"2026-03-0{n}", column: "Ann Lee"} for n in (1, 2)
    ]
    guess = guess_mapping(list(rows[0]), rows)
    assert (guess.kind, guess.fields["author_name"]) == ("posts", column)


def test_field_without_a_column_is_not_said_to_be_chosen():
    rows = rows_of(text=TEXTS, date=DAYS)
    guess = resolve_mapping(("text", "date"), rows, ImportOptions(mapping={"text": "text", "title": ""}))
    assert (guess.reasons["text"], guess.reasons["title"]) == ("chosen", "")
