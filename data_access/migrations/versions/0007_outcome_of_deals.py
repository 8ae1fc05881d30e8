"""The outcome of deals in one index"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deal_outcome", ["organization_id", "is_won", "currency", "amount_minor"], unique=False
        )
        batch_op.drop_index(batch_op.f("ix_deal_organization_id"))
