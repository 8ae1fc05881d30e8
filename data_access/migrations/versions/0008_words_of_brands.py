"""Posts are read again for brands: those that nobody chose words for are also looked for by the account of their name"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    noted = "EXISTS (SELECT 1 FROM due WHERE kind = 'brands' AND key = 0)"
    op.execute(f"INSERT INTO due (kind, key) SELECT 'brands', 0 WHERE EXISTS (SELECT 1 FROM post) AND NOT {noted}")
