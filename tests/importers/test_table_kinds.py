"""Tables that are no posts: what their rows are is told, and each becomes people, deals, orders and so on."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers import ImportOptions, UnknownFormat, find_inputs, preview_mapping
from data_access.importers.hubspot import _is_won as _is_won_in_hubspot
from data_access.importers.hubspot import _Stage
from data_access.importers.reading.mapping import guess_mapping, resolve_mapping
from data_access.importers.reading.outcomes import outcome_named
from data_access.importers.reading.synonyms import KINDS
from data_access.importers.salesforce import _is_won as _is_won_in_salesforce
from data_access.importers.tables.deals import read_outcome


def utc(day, month=1, hour=0):
    return dt.datetime(2024, month, day, hour, tzinfo=dt.UTC)


def rows_of(*lines):
    """The columns and rows of a table whose cells have bars between."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return header, [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def table(tmp_path, importing):
    """Imports a table of these lines, with semicolons between its cells, as a table."""

    def read(*lines, **options):
        path = tmp_path / "table.csv"
        path.write_text("\n".join(lines) + "\n")
        return importing(path, **{"format": "table", **options})

    return read


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("posts", ("text | created_at | user", "Hello to all of you | 2024-01-01 | ann")),
        ("posts", ("author | email | comment | date", "ann | ann@x.example | I do not think so | 2024-01-01")),
        ("posts", ("review | rating | date", "I do not think so at all | 2 | 2024-01-01")),
        ("people", ("email | name", "ann@x.example | Ann")),
        ("people", ("First Name | Last Name | Note", "Ann | Berg | met at the fair")),
        (
            "people",
            ("E-Mail | Company | Created | Notes", "ann@x.example | Acme | 2024-01-01 | long talk at the fair"),
        ),
        ("organisations", ("Company | Industry | Employees", "Acme | tech | 12")),
        ("deals", ("Opportunity | Stage | Amount | Close date", "Big one | Won | 10 | 2024-01-01")),
        ("deals", ("name | entered Demo | entered Won", "Big one | 2024-01-01 | 2024-02-01")),
        ("orders", ("order_id | total | date | email", "1 | 9.99 | 2024-01-01 | ann@x.example")),
        ("orders", ("customer_id | purchase_date | price | description", "7 | 2024-01-01 | 10 | a lamp with a foot")),
        ("visits", ("visitor_id | time | page | utm_source", "v1 | 2024-01-01 10:00 | /lamps | news")),
        ("visits", ("session | timestamp | url | referrer", "v1 | 2024-01-01 10:00 | /lamps | https://a.example")),
        ("feedback", ("customer_id | nps | comment | date", "7 | 9 | I love your lamps a lot | 2024-01-01")),
        ("feedback", ("user_id | rating | created_at | comment", "7 | 4 | 2024-01-01 | quick help")),
        ("posts", ("Beitrag | Veröffentlicht am | Nutzer", "Guten Tag an alle hier | 2024-01-01 | ann")),
        ("people", ("Prénom | Nom | Courriel", "Ann | Berg | ann@x.example")),
        ("orders", ("Bestell-Nr. | Datum | Kunde | Betrag", "1 | 2024-01-13 | Ann Berg | 9,99")),
        ("orders", ("Fecha de compra | Cliente | Importe", "2024-01-13 | Ann Berg | 9,99")),
        ("feedback", ("email | choice | answered_at", "ann@x.example | Red | 2024-01-01")),
    ],
)
def test_guess_tells_what_rows_are_and_why(kind, lines):
    guess = guess_mapping(*rows_of(*lines))
    assert guess.kind == kind
    assert guess.kind_reason.startswith(("there ", "visitors ", "a column "))


def test_guess_takes_numbers_over_time_for_no_sales():
    guess = guess_mapping(*rows_of("timestamp | value", "2024-01-01 10:00 | 12", "2024-01-01 10:05 | 15"))
    assert guess.kind == "posts"


def test_guess_follows_the_fields_that_somebody_names():
    columns, rows = rows_of("Nr | Wann | Was", "1 | 2024-01-01 | 12", "2 | 2024-01-02 | 15")
    guess = resolve_mapping(columns, rows, ImportOptions(mapping={"amount": "Was", "customer": "Nr"}))
    assert (guess.kind, guess.problem, guess.fields["time"]) == ("orders", None, "Wann")


def test_kind_that_somebody_names_goes_before_the_guess():
    columns, rows = rows_of("email | name | created_at | text", "ann@x.example | Ann | 2024-01-01 | Hello to you all")
    assert resolve_mapping(columns, rows, ImportOptions()).kind == "posts"
    guess = resolve_mapping(columns, rows, ImportOptions(mapping={"kind": "contacts"}))
    assert (guess.kind, guess.fields) == ("people", {"email": "email", "name": "name", "time": "created_at"})


def test_kind_is_what_kind_of_post_a_column_says_when_it_names_one():
    columns, rows = rows_of("text | date | Sort", "Hello to all of you | 2024-01-01 | reply")
    guess = resolve_mapping(columns, rows, ImportOptions(mapping={"kind": "Sort"}))
    assert (guess.kind, guess.fields["post_type"]) == ("posts", "Sort")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"kind": "invoices"}, "no kind of rows 'invoices'.*people, organisations"),
        (
            {"kind": "orders"},
            "For orders, choose which.*: Amount paid, in all; Bought at.*--map amount=COLUMN",
        ),
        ({"kind": "orders", "likes": "sku"}, "no field 'likes' for orders"),
        ({"kind": "orders", "amount": "sku", "time": "=2024-01-01", "decimals": "dots"}, "'comma' or 'point'"),
    ],
)
def test_table_is_unknown_when_mapping_cannot_be(tmp_path, mapping, message):
    (tmp_path / "stock.csv").write_text("sku,colour\na1,red\nb2,blue\n")
    with pytest.raises(UnknownFormat, match=message):
        list(find_inputs([tmp_path / "stock.csv"], ImportOptions(mapping=mapping)))


def test_saved_mapping_keeps_its_kind_and_gives_way_to_another(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Wer,Wann,Wieviel\nann@x.example,2024-01-01,5\n")
    shape = preview_mapping(path, ImportOptions()).header_shape
    saved = {shape: {"kind": "orders", "email": "Wer", "time": "Wann", "amount": "Wieviel"}}
    preview = preview_mapping(path, ImportOptions(saved_mappings=saved))
    assert (preview.kind, preview.is_saved, preview.records_kind) == ("orders", True, "orders")
    other = preview_mapping(path, ImportOptions(saved_mappings=saved, mapping={"kind": "people"}))
    assert (other.kind, other.is_saved, dict(other.mapping)) == ("people", False, {"email": "Wer"})


def test_people_are_known_by_id_else_by_email_else_by_handle(table):
    imported = table(
        "id;email;handle;first name;last name;company;owner;phone;email confirmed;updated at",
        "7;Ann@X.example;@AnnB;Ann;Berg;Acme;Kim;123;yes;2024-01-05",
        ";Bob@X.example;;Bob;;;;;no;",
        ";;cat;;;;;;;",
        ";;;Dave;;;;;;",
    )
    ann, bob, cat = imported.identities
    assert (ann.network, ann.source, ann.native_id) == ("crm", "file", "7")
    assert (ann.display_name, ann.email, ann.email_verified, ann.handle) == ("Ann Berg", "ann@x.example", True, "AnnB")
    assert (ann.organization, ann.organization_native_id, ann.owner) == ("Acme", "name:acme", "Kim")
    assert ann.observed_at == utc(5)
    assert (bob.native_id, bob.email_verified) == ("bob@x.example", False)
    assert (cat.native_id, cat.email_verified) == ("@cat", None)
    assert [found.name for found in imported.organizations] == ["Acme"]
    assert [refusal.reason for refusal in imported.refusals] == ["has no id, e-mail address or handle"]


def test_email_counts_as_confirmed_only_where_a_column_says_so(table):
    imported = table("email;name", "ann@x.example;Ann")
    assert imported.identities[0].email_verified is None


def test_organisations_are_known_by_id_else_by_name(table):
    imported = table(
        "id;company;industry;website;employees;country",
        "3;Acme Ltd;tech;https://www.Acme.example/about;1,204;IT",
        ";Bolt;food;bolt.example;;DE",
    )
    acme, bolt = imported.organizations
    assert (acme.native_id, acme.name, acme.domain, acme.employees) == ("3", "Acme Ltd", "acme.example", 1204)
    assert (bolt.native_id, bolt.sector, bolt.country) == ("name:bolt", "food", "DE")


def test_deals_have_stages_outcome_money_and_contacts(table):
    imported = table(
        "deal id;deal name;stage;amount;currency;created;close date;contact;company;owner;entered Demo;entered Won",
        'D1;Big;Won;1.234,50;EUR;2024-01-01;2024-03-01;"ann@x.example,17,Dave Li";Acme;Kim;2024-02-01;2024-03-01',
        "D2;Small;Closed lost;99,00;usd;2024-01-02;2024-02-02;;;;2024-01-20;",
        "D3;Open;Demo;;;2024-01-03;2024-09-09;;;;2024-01-30;",
    )
    assert not imported.refusals
    big, small, is_open = imported.deals
    assert (big.native_id, big.is_won, big.amount_minor, big.currency) == ("D1", True, 123450, "EUR")
    assert big.stages == [
        {"stage": "Demo", "entered_at": "2024-02-01T00:00:00+00:00"},
        {"stage": "Won", "entered_at": "2024-03-01T00:00:00+00:00"},
    ]
    assert big.contacts == ("ann@x.example", "17")  # a name is nobody
    assert (big.created_at, big.closed_at, big.owner) == (utc(1), utc(1, 3), "Kim")
    assert imported.organization(big.organization).name == "Acme"
    assert (small.is_won, small.amount_minor, small.currency, small.closed_at) == (False, 9900, "USD", utc(2, 2))
    assert (is_open.is_won, is_open.amount_minor, is_open.closed_at) == (None, None, None)


def test_orders_have_refunds_of_their_own_day(table):
    imported = table(
        "order id;date;email;customer id;total;product;refund of",
        "O1;2024-01-01;Ann@X.example;7;10.00;Lamp;",
        "O2;2024-01-02;;;$20.50;Chair;",
        "O3;2024-01-05;ann@x.example;7;10.00;;O1",
        "O4;2024-01-06;ann@x.example;7;-2.50;;",
        "O5;2024-01-07;;;many;;",
    )
    facts = [(o.native_id, o.amount_minor, o.currency, o.occurred_at, o.refund_of) for o in imported.orders]
    assert facts == [
        ("O1", 1000, "EUR", utc(1), None),
        ("O2", 2050, "USD", utc(2), None),
        ("O3", -1000, "EUR", utc(5), "O1"),
        ("O4", -250, "EUR", utc(6), None),
    ]
    assert [order.identity for order in imported.orders] == ["7", None, "7", "7"]
    assert imported.identity("7").email == "ann@x.example"
    assert imported.identity("7").email_verified is None
    assert [refusal.line for refusal in imported.refusals] == [6]


def test_orders_give_back_what_stands_as_refunded_in_their_row(table):
    imported = table(
        "id;amount;created;customer email;status;amount refunded;refunded at",
        "c1;10.00;2024-01-01;ann@x.example;paid;4.00;2024-01-09",
        "c2;11.00;2024-01-01;ann@x.example;refunded;;2024-01-03",
        "c3;12.00;2024-01-01;ann@x.example;failed;;",
        "c4;13.00;2024-01-01;ann@x.example;paid;20.00;",
        "c5;5.00;2024-01-04;ann@x.example;Refund;;",
    )
    facts = [(order.native_id, order.amount_minor, order.occurred_at, order.refund_of) for order in imported.orders]
    assert facts == [
        ("c1", 1000, utc(1), None),
        ("c1:refund", -400, utc(9), "c1"),
        ("c2", 1100, utc(1), None),
        ("c2:refund", -1100, utc(3), "c2"),
        ("c5", -500, utc(4), None),
    ]
    assert {note.text for note in imported.notes} == {"An amount names no currency: it is taken as EUR"}
    assert dict(imported.inputs[0].rows_skipped) == {"order that was cancelled or not paid": 1}
    assert [refusal.reason for refusal in imported.refusals] == ["has a refund that is larger than the order"]


def test_order_that_was_cancelled_comes_to_nothing_unless_it_was_refunded(table):
    imported = table(
        "id;amount;created;customer email;status;amount refunded",
        "c1;10.00;2024-01-01;ann@x.example;Cancelled;",
        "c2;11.00;2024-01-01;ann@x.example;voided;11.00",
    )
    facts = [(order.native_id, order.amount_minor, order.refund_of) for order in imported.orders]
    assert facts == [("c1", 0, "c1"), ("c2", 1100, None), ("c2:refund", -1100, "c2")]
    assert dict(imported.inputs[0].rows_skipped) == {"order that was cancelled: it comes to 0": 1}


def test_orders_without_a_number_are_passed_over_when_cancelled(table):
    imported = table("created;total;status;customer email", "2024-01-01;9;cancelled;ann@x.example")
    assert imported.orders == []


def test_refund_without_a_date_stands_on_the_day_of_its_order_and_is_noted(table):
    imported = table("id;created;amount;currency;amount refunded", "c1;2024-01-01;10.00;EUR;4.00")
    assert [(order.amount_minor, order.occurred_at) for order in imported.orders] == [(1000, utc(1)), (-400, utc(1))]
    assert [note.text for note in imported.notes] == [
        "A refund has no date of its own in this file: it is put on the day of its order"
    ]


def test_orders_are_lines_when_several_rows_have_one_number(table):
    lines = ["order number;created at;customer id;sku;price"]
    imported = table(*lines, "1;2024-01-01;7;A;5", "1;2024-01-01;7;B;6", "2;2024-01-02;8;A;5")
    assert [(order.native_id, order.amount_minor) for order in imported.orders] == [
        ("1/A", 500),
        ("1/B", 600),
        ("2/A", 500),
    ]


def test_orders_alike_are_two_when_they_have_no_number(table):
    imported = table("date;customer;total", "2024-01-01;7;5", "2024-01-01;7;5", "2024-01-01;8;5")
    assert len({order.native_id for order in imported.orders}) == 3


def test_amounts_that_can_be_read_two_ways_are_asked_about(tmp_path, importing):
    path = tmp_path / "orders.csv"
    path.write_text("order_id;date;total\n1;2024-01-01;1.234\n2;2024-01-02;2.000\n")
    with pytest.raises(UnknownFormat, match="--map decimals=comma or --map decimals=point"):
        importing(path, format="table")
    assert preview_mapping(path, ImportOptions(format="table")).asks == "decimals"
    by_comma = importing(path, mapping={"decimals": "comma"})
    assert [order.amount_minor for order in by_comma.orders] == [123400, 200000]


def test_orders_take_the_currency_of_the_workspace_where_they_name_none(table):
    imported = table("order id;date;total", "1;2024-01-01;1234", currency="JPY")
    assert [(order.amount_minor, order.currency) for order in imported.orders] == [(1234, "JPY")]


def test_orders_take_a_symbol_of_several_for_the_currency_of_the_workspace_and_say_so(table):
    imported = table("order id;date;total", "1;2024-01-01;$10.00", currency="CAD")
    assert [(order.amount_minor, order.currency) for order in imported.orders] == [(1_000, "CAD")]
    assert [note.text for note in imported.notes] == [
        "'$' is taken as CAD, the workspace's currency: it may stand for others"
    ]


@pytest.mark.parametrize(
    ("name", "is_won"),
    [("Closed Won", True), ("closedwon", True), ("Closed - Won", True), ("Won", True), ("Won (Sales Pipeline)", True),
     ("5. Deal won", True), ("Closed Lost", False), ("Lost: price", False), ("Not won", None), ("Not closed won", None),
     ("no win", None), ("Win-back campaign", None), ("Won't fix", None), ("Won back", None), ("won over", None),
     ("Lost & found", None), ("Lost interest but won", None), ("Negotiation", None)],
)  # fmt: skip
def test_stage_says_that_a_deal_is_over_only_when_it_is_named_so(name, is_won):
    assert (outcome_named(name), read_outcome(name, None)) == (is_won, is_won)
    assert _is_won_in_hubspot({}, _Stage(name, outcome_named(name))) is is_won
    assert _is_won_in_salesforce({}, name) is is_won


def test_deal_that_is_not_won_is_lost_when_it_is_closed(table):
    imported = table("deal id;name;won;is closed;amount", "1;A;Not won;yes;5", "2;B;Not won;no;5")
    assert [deal.is_won for deal in imported.deals] == [False, None]


def test_visits_have_utm_fields_of_columns_or_of_the_address(table):
    imported = table(
        "visitor_id;email;timestamp;page_url;referrer;utm_source;utm_medium",
        "v1;;2024-01-01 10:00;https://s.example/a?utm_campaign=spring&utm_source=x;https://t.example;news;email",
        ";Ann@X.example;2024-01-01 11:00;/b;;(direct);",
        ";;2024-01-01 12:00;/c;;;",
    )
    first, second = imported.visits
    assert (first.network, first.identity, first.occurred_at) == ("web", "v1", utc(1, hour=10))
    assert (first.utm_source, first.utm_medium, first.utm_campaign) == ("news", "email", "spring")
    assert (first.url.split("?")[0], first.referrer) == ("https://s.example/a", "https://t.example")
    assert (second.identity, second.utm_source, second.referrer) == ("ann@x.example", None, None)
    assert [identity.email for identity in imported.identities] == ["ann@x.example"]
    assert [refusal.reason for refusal in imported.refusals] == ["has no visitor"]


def test_feedback_has_a_row_for_each_question(table):
    imported = table(
        "response_id;email;date;satisfaction;nps;comment;case_id",
        "1;ann@x.example;2024-01-01;5 - very good;10;Lovely;C7",
        "2;;2024-01-02;;3;;",
        "3;;2024-01-03;6;;;",
        "4;;2024-01-04;;;;",
    )
    facts = [(f.native_id, f.kind, f.score, f.identity, f.comment, f.about) for f in imported.feedback]
    assert facts == [
        ("1:csat", "csat", 5.0, "ann@x.example", "Lovely", "C7"),
        ("1:nps", "nps", 10.0, "ann@x.example", None, "C7"),
        ("2:nps", "nps", 3.0, None, None, None),
    ]
    assert [refusal.reason for refusal in imported.refusals] == [
        "'6' is no score between 1 and 5 (column satisfaction)",
        "has no answer",
    ]


def test_answers_that_are_alike_are_two_when_nobody_signed_them(table):
    lines = ("nps;answered_at", "9;2024-01-01", "9;2024-01-01")
    first, second = ([answer.native_id for answer in table(*lines).feedback] for _time in range(2))
    assert first == second
    assert len(set(first)) == 2


def test_poll_has_choices(table):
    imported = table("person_id;poll_choice;answered_at", "7;Red;2024-01-01")
    (answer,) = imported.feedback
    assert (answer.kind, answer.choice, answer.score, answer.identity) == ("poll", "Red", None, "7")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_kinds_need_only_fields_that_they_have(kind):
    assert kind.needed <= kind.fields.keys()
    assert all(
        known.label[0].isupper() and "_" not in known.label.replace("utm_", "") for known in kind.fields.values()
    )


names = st.sampled_from(
    sorted({name for kind in KINDS.values() for known in kind.fields.values() for name in known.names})
)
cells = st.sampled_from(["", "1", "2024-01-01", "ann@x.example", "10.00", "Acme", "won", "a b c d e f", "/page", "yes"])


@given(st.lists(names, min_size=1, max_size=6, unique=True), st.data())
def test_guess_never_fails_and_a_column_serves_one_field(columns, data):
    rows = [{name: data.draw(cells) for name in columns} for _ in range(3)]
    guess = resolve_mapping(columns, rows, ImportOptions())
    used = [spec for name, spec in guess.fields.items() if spec in columns and name != "id"]
    assert len(used) == len(set(used))
    assert guess.fields.keys() <= {*KINDS[guess.kind].fields, "date_order", "decimals"}
    assert guess == resolve_mapping(columns, rows, ImportOptions())
