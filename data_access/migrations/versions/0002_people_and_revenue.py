"""People and revenue"""

import sqlalchemy as sa
from alembic import op

import data_access.models.columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "credit_day",
        sa.Column("sale_kind", sa.String(), nullable=False),
        sa.Column("lookback_days", sa.SmallInteger(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("sales", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touched_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_touch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_touch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linear", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("time_decay", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("u_shaped", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("w_shaped", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shapley", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("sale_kind", "lookback_days", "dimension", "day", "key", "currency"),
    )
    op.create_table(
        "due",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_table(
        "match_pair",
        sa.Column("left_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("left_id", "right_id"),
    )
    with op.batch_alter_table("match_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_pair_right_id"), ["right_id"], unique=False)
        batch_op.create_index("ix_match_pair_state", ["state", "probability"], unique=False)

    op.create_table(
        "person_stage",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("first_channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("public_on", sa.Date(), nullable=True),
        sa.Column("hub_on", sa.Date(), nullable=True),
        sa.Column("private_on", sa.Date(), nullable=True),
        sa.Column("customer_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("person_id"),
    )
    with op.batch_alter_table("person_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_stage_first_on"), ["first_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_stage_path"), ["path"], unique=False)

    op.create_table(
        "person_value",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("orders", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revenue_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_order_at", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("last_order_at", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("deals_won", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deals_won_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deals_open", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deals_open_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recency_quintile", sa.SmallInteger(), nullable=True),
        sa.Column("frequency_quintile", sa.SmallInteger(), nullable=True),
        sa.Column("monetary_quintile", sa.SmallInteger(), nullable=True),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column("probability_alive", sa.Float(), nullable=True),
        sa.Column("expected_orders", sa.Float(), nullable=True),
        sa.Column("expected_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "currency"),
    )
    op.create_table(
        "sale",
        sa.Column("sale_kind", sa.String(), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurred_at", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("journey_at", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("lead_at", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("opportunity_at", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("is_refund", sa.Boolean(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sale_kind", "fact_id", "person_id"),
    )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.create_index("ix_sale_kind_day", ["sale_kind", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_sale_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_sale_person", ["person_id"], unique=False)

    op.create_table(
        "stage_day",
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("first_channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lags", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("first_on", "first_channel_id", "path"),
    )
    op.create_table(
        "touch",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurred_at", data_access.models.columns.UtcTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "kind", "fact_id"),
    )
    with op.batch_alter_table("touch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_touch_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index("ix_touch_day", ["day"], unique=False)
        batch_op.create_index("ix_touch_person_time", ["person_id", "occurred_at"], unique=False)

    op.create_table(
        "transition_day",
        sa.Column("sale_kind", sa.String(), nullable=False),
        sa.Column("lookback_days", sa.SmallInteger(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sale_kind", "lookback_days", "dimension", "day"),
    )
    op.create_table(
        "account_word",
        sa.Column("identity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
        ),
        sa.PrimaryKeyConstraint("identity_id", "word"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("account_word", schema=None) as batch_op:
        batch_op.create_index("ix_account_word", ["word", "identity_id"], unique=False)

    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_channel_id"))
        batch_op.drop_index(batch_op.f("ix_credit_deal_id"))
        batch_op.drop_index(batch_op.f("ix_credit_order_id"))
        batch_op.drop_index(batch_op.f("ix_credit_person_id"))

    op.drop_table("credit")
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_created_at"), ["created_at"], unique=False)

    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.String(), nullable=True))
        batch_op.create_index("ix_identity_company", ["organization"], unique=False)
        batch_op.create_index("ix_identity_name", ["display_name"], unique=False)

    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.create_index(
            "ix_order_refund_of",
            ["refund_of_native_id"],
            unique=False,
            sqlite_where=sa.text("refund_of_native_id IS NOT NULL"),
            postgresql_where=sa.text("refund_of_native_id IS NOT NULL"),
        )

    with op.batch_alter_table("post_topic", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("occurred_at", data_access.models.columns.UtcTime(), nullable=False, server_default="0")
        )
        batch_op.drop_index(batch_op.f("ix_post_topic_topic"))
        batch_op.create_index("ix_post_topic_time", ["topic", "occurred_at", "post_id"], unique=False)

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("referrer", sa.String(), nullable=True))
    # what the new tables hold of each person follows with the next import or refresh
    op.execute("INSERT INTO due (kind, key) SELECT 'person', id FROM person")
    op.execute("INSERT INTO due (kind, key) SELECT 'words', id FROM identity")
    op.execute("INSERT INTO due (kind, key) SELECT 'order', id FROM \"order\"")
    op.execute("INSERT INTO due (kind, key) SELECT 'deal', id FROM deal")
    moment = "SELECT occurred_at FROM post WHERE post.id = post_topic.post_id"
    op.execute("UPDATE post_topic SET occurred_at = (" + moment + ")")
