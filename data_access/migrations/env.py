"""Alembic's entry: migrates over the connection that the store hands it."""

from alembic import context
from sqlmodel import SQLModel

import data_access.models  # noqa: F401  (registers every table)

with_connection = context.config.attributes["connection"]
context.configure(connection=with_connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
