"""Orders of Shopify, payments of Stripe and purchases of CDNOW become orders, and refunds orders below zero."""

import datetime as dt

import pytest

from tests.crm_files import CDNOW_MASTER, CDNOW_SAMPLE, SHOPIFY, STRIPE, save


def at(*moment):
    return dt.datetime(*moment, tzinfo=dt.UTC)


def orders_of(imported):
    return [(order.native_id, order.amount_minor, order.currency, order.refund_of) for order in imported.orders]


def test_shopify_order_is_one_when_it_has_several_lines(tmp_path, importing):
    imported = importing(save(tmp_path, SHOPIFY))
    assert imported.format == "shopify_orders"
    assert orders_of(imported) == [
        ("5001", 125_000, "NOK", None),
        ("5001/refund", -10_000, "NOK", "5001"),
        ("5003", 5_500, "NOK", None),
        ("5003/refund", -5_500, "NOK", "5003"),
    ]
    order = imported.orders[0]
    assert (order.product, order.quantity, order.identity) == ("Lamp Pro, Lamp Mini", 3, "ann@lee.example")
    assert imported.identity("ann@lee.example").display_name == "Ann Lee"


def test_shopify_refund_says_its_day_when_the_file_dates_none(tmp_path, importing):
    imported = importing(save(tmp_path, SHOPIFY))
    assert [order.occurred_at for order in imported.orders] == [
        at(2024, 3, 1, 9), at(2024, 3, 2, 9), at(2024, 3, 4, 9), at(2024, 3, 9, 9)
    ]  # fmt: skip
    assert [note.text.rpartition(" ")[2] for note in imported.notes] == ["paid", "cancelled"]


@pytest.mark.parametrize(
    ("outstanding", "refunded", "amounts"),
    [("-40.00", "0.00", [5_500]), ("0.00", "-30.00", [5_500, -3_000]), ("15.00", "0.00", [4_000])],
)
def test_shopify_amounts_below_zero_never_raise_an_order(tmp_path, importing, outstanding, refunded, amounts):
    header = SHOPIFY["orders_export.csv"].splitlines()[0]
    row = (
        "#1,bo@example.org,paid,2024-03-05 10:00:00 +0100,NOK,55.00,0.00,0.00,55.00,2024-03-05 10:00:00 +0100,1,Lamp,"
        f"55.00,Bo Ek,,,{refunded},5004,{outstanding}\n"
    )
    imported = importing(save(tmp_path, {"orders_export.csv": f"{header}\n{row}"}))
    assert [order.amount_minor for order in imported.orders] == amounts


def test_shopify_order_is_passed_over_or_refused_when_unpaid_or_damaged(tmp_path, importing):
    imported = importing(save(tmp_path, SHOPIFY))
    assert dict(imported.inputs[0].rows_skipped) == {"an order that is pending": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [(6, "'much' is no amount of money")]


def test_stripe_payments_are_orders_and_refunds_stand_on_their_own_day(tmp_path, importing):
    imported = importing(save(tmp_path, STRIPE))
    assert imported.format == "stripe_charges"
    assert orders_of(imported) == [
        ("ch_1", 125_000, "USD", None),
        ("ch_1/refund", -10_000, "USD", "ch_1"),
        ("ch_3", 5_500, "JPY", None),
        ("ch_3/refund", -5_500, "JPY", "ch_3"),
    ]
    assert imported.orders[1].occurred_at == at(2024, 3, 8, 10)
    assert [note.text.rpartition(": ")[2] for note in imported.notes] == ["it is put on the day of its payment"]
    assert (imported.orders[0].identity, imported.identity("cus_1").email) == ("cus_1", "ann@lee.example")


def test_stripe_times_are_utc_when_the_workspace_is_elsewhere(tmp_path, importing):
    imported = importing(save(tmp_path, STRIPE), time_zone="Asia/Tokyo")
    assert imported.orders[0].occurred_at == at(2024, 3, 1, 10)


def test_stripe_payment_is_passed_over_or_refused_when_failed_or_damaged(tmp_path, importing):
    imported = importing(save(tmp_path, STRIPE))
    assert dict(imported.inputs[0].rows_skipped) == {"a payment that is failed": 1}
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (5, "'zzz' is no currency: use its ISO code, such as EUR"),
        (6, "'some' is no amount of money"),
    ]


def test_cdnow_purchases_are_orders_in_cents(tmp_path, importing):
    imported = importing(save(tmp_path, CDNOW_MASTER))
    assert imported.format == "cdnow"
    assert orders_of(imported) == [
        ("00001/19970101/1", 1_177, "USD", None),
        ("00002/19970112/1", 1_200, "USD", None),
        ("00002/19970112/2", 7_700, "USD", None),
    ]
    assert (imported.orders[2].quantity, imported.orders[2].identity) == (5, "00002")
    assert [(refusal.line, refusal.reason) for refusal in imported.refusals] == [
        (5, "is not customer, day, number of CDs and dollars")
    ]


def test_cdnow_sample_names_the_purchases_of_the_whole_set(tmp_path, importing):
    whole = importing(save(tmp_path / "whole", CDNOW_MASTER))
    sample = importing(save(tmp_path / "sample", CDNOW_SAMPLE))
    assert sample.orders == whole.orders[1:]


@pytest.mark.realdata
def test_real_cdnow_adds_up(real_data, importing):
    whole = importing(real_data / "cdnow/CDNOW_master.txt")
    assert (len(whole.orders), len({order.identity for order in whole.orders})) == (69_659, 23_570)
    assert sum(order.amount_minor for order in whole.orders) == 250_031_563
    sample = importing(real_data / "cdnow/CDNOW_sample.txt")
    assert (len(sample.orders), len({order.identity for order in sample.orders})) == (6_919, 2_357)
    by_id = {order.native_id: order for order in whole.orders}
    assert all(by_id[order.native_id] == order for order in sample.orders)
