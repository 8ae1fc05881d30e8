"""Alembic's entry: migrates over the connection that the store hands it."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel

import data_access.models  # noqa: F401  (registers every table)
from data_access.post_index import is_of_models


def render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """SQLModel's own text type is written as plain SQLAlchemy."""
    return "sa.String()" if kind == "type" and isinstance(thing, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render,
    include_object=is_of_models,
)
with context.begin_transaction():
    context.run_migrations()
