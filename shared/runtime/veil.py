"""Keeping from a caller who somebody is, in all that is shown of a thing."""

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def veiled(shown: Any, concealed: Collection[str]) -> Any:
    """What is shown, with null wherever one of the concealed subjects stands as a value, however
    deep. What is kept under such a subject as its name is left out.

    Only whole values are concealed: a text that has a subject within it stays.
    """
    return _veiled(shown, frozenset(concealed)) if concealed else shown


def _veiled(value: Any, concealed: frozenset[str]) -> Any:
    if isinstance(value, str):
        return None if value in concealed else value
    if isinstance(value, Mapping):
        return {
            name: _veiled(each, concealed) for name, each in value.items() if name not in concealed
        }
    if isinstance(value, (list, tuple)):
        return [_veiled(each, concealed) for each in value]
    if isinstance(value, (set, frozenset)):
        return [_veiled(each, concealed) for each in sorted(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _veiled(getattr(value, field.name), concealed) for field in fields(value)
        }
    return value
