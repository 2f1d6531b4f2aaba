"""What the ledger seals and issues there: values by field, and by event where they differ."""

from typing import Any

VALUES: dict[str, Any] = {}
"""Of the log."""

VALUES |= {}
"""Of credentials."""

VALUES_OF: dict[str, dict[str, Any]] = {}
