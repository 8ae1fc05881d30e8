"""Fitted models, as they are stored."""

from sqlmodel import Session, col, select

from data_access.models.derived import Model

CUSTOMER_VALUE = "customer_value"


def read_current_model(session: Session, name: str) -> Model | None:
    """The model of that name that is applied now; None where none was fitted."""
    current = select(Model).where(col(Model.name) == name, col(Model.is_current)).order_by(col(Model.id).desc())
    return session.exec(current).first()


def list_model_versions(session: Session, name: str) -> list[Model]:
    """Every version of a model, the newest first."""
    return list(session.exec(select(Model).where(col(Model.name) == name).order_by(col(Model.id).desc())))
