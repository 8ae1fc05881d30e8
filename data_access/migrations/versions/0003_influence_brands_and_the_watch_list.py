"""Influence, brands and the watch list"""

import sqlalchemy as sa
from alembic import op

import data_access.models.columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # these were empty until now
    for name in ("influence", "alert", "brand_mention"):
        op.drop_table(name)
    op.create_table(
        "alert_seen",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", data_access.models.columns.UtcTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("withdraws", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("alert_seen", schema=None) as batch_op:
        batch_op.create_index("ix_alert_seen_key", ["network", "source", "native_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_seen_withdraws"), ["withdraws"], unique=False)

    op.create_table(
        "brand_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("positive", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("neutral", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("negative", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reach", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reach_posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("views", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("views_posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel_id", "brand_id"),
    )
    op.create_table(
        "brand_topic_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("positive", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("neutral", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("negative", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel_id", "brand_id", "topic"),
    )
    op.create_table(
        "community",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("size_before", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("positive", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("negative", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scored", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight_within", sa.Float(), nullable=False),
        sa.Column("weight_across", sa.Float(), nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("period", "number"),
    )
    op.create_table(
        "influence",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("positive", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("negative", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scored", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("praise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("blame", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_strength", sa.Float(), nullable=False),
        sa.Column("out_strength", sa.Float(), nullable=False),
        sa.Column("in_people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("out_people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_replies", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_mentions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_shares", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pagerank", sa.Float(), nullable=True),
        sa.Column("core", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("betweenness", sa.Float(), nullable=True),
        sa.Column("constraint", sa.Float(), nullable=True),
        sa.Column("reach", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("h_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("community", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pagerank_before", sa.Float(), nullable=True),
        sa.Column("in_strength_before", sa.Float(), nullable=True),
        sa.Column("trend", sa.String(), nullable=True),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("networks", sa.String(), nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("period", "person_id"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("influence", schema=None) as batch_op:
        batch_op.create_index("ix_influence_betweenness", ["period", "betweenness"], unique=False)
        batch_op.create_index("ix_influence_community", ["period", "community", "pagerank"], unique=False)
        batch_op.create_index("ix_influence_in_strength", ["period", "in_strength"], unique=False)
        batch_op.create_index("ix_influence_pagerank", ["period", "pagerank"], unique=False)

    op.create_table(
        "influence_period",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ties", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("communities", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sampled_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("half_life_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("has_before", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("period"),
    )
    op.create_table(
        "thanked",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", data_access.models.columns.UtcTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("withdraws", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.Column("until", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("thanked", schema=None) as batch_op:
        batch_op.create_index("ix_thanked_key", ["network", "source", "native_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thanked_withdraws"), ["withdraws"], unique=False)

    op.create_table(
        "tie",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("times", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("period", "source_id", "target_id", "kind", "network"),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index("ix_tie_target", ["period", "target_id"], unique=False)

    op.create_table(
        "watch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", data_access.models.columns.UtcTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("withdraws", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.Column("since", data_access.models.columns.UtcTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index("ix_watch_key", ["network", "source", "native_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_watch_withdraws"), ["withdraws"], unique=False)

    op.create_table(
        "alert",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("occurred_at", data_access.models.columns.UtcTime(), nullable=False),
        sa.Column("is_seen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
        ),
        sa.PrimaryKeyConstraint("post_id"),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_alert_time", ["occurred_at", "post_id"], unique=False)
        batch_op.create_index("ix_alert_unseen", ["is_seen", "occurred_at", "post_id"], unique=False)

    op.create_table(
        "brand_mention",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurred_at", data_access.models.columns.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"],
            ["brand.id"],
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
        ),
        sa.PrimaryKeyConstraint("post_id", "brand_id"),
    )
    with op.batch_alter_table("brand_mention", schema=None) as batch_op:
        batch_op.create_index("ix_brand_mention_time", ["brand_id", "occurred_at", "post_id"], unique=False)

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(
            "ix_post_shares",
            ["author_id", "occurred_at", "shares"],
            unique=False,
            sqlite_where=sa.text("shares IS NOT NULL"),
            postgresql_where=sa.text("shares IS NOT NULL"),
        )
    # what the new tables hold follows with the next import or refresh
    op.execute("INSERT INTO due (kind, key) SELECT 'influence', 0 WHERE EXISTS (SELECT 1 FROM post)")
    op.execute("INSERT INTO due (kind, key) SELECT 'brands', 0 WHERE EXISTS (SELECT 1 FROM post)")
