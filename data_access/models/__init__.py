"""The tables: ``facts`` (imported), ``decisions`` (appended by people), ``derived`` (rebuilt from the two)."""

from data_access.models import decisions, derived, facts

__all__ = ["decisions", "derived", "facts"]
