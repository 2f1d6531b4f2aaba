"""Who may do what, as values that stand in the tables beside each verb.

A policy looks at the caller, at the state (None before a thing exists), at the command (None where
nothing is asked yet: for `can`, and for who may know that the thing exists), and at the path of
places in which the thing lies, the district first (empty where its table does not say it).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.runtime.identity import Caller

Rule = Callable[[Caller, Any, Any, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule with a name that a person can read in the access matrix; `|` and `&` compose rules."""

    name: str
    rule: Rule

    def allows(self, caller: Caller, state: Any, command: Any, path: Sequence[str] = ()) -> bool:
        """Whether the caller may."""
        return self.rule(caller, state, command, path)

    def __or__(self, other: "Policy") -> "Policy":
        return Policy(
            f"{self.name} or {other.name}",
            lambda caller, state, command, path: (
                self.rule(caller, state, command, path) or other.rule(caller, state, command, path)
            ),
        )

    def __and__(self, other: "Policy") -> "Policy":
        return Policy(
            f"{_bracketed(self.name)} and {_bracketed(other.name)}",
            lambda caller, state, command, path: (
                self.rule(caller, state, command, path) and other.rule(caller, state, command, path)
            ),
        )


def _bracketed(name: str) -> str:
    return f"({name})" if " or " in name else name


def role(*roles: str) -> Policy:
    """The caller has one of these roles, wherever."""
    wanted = frozenset(roles)
    return Policy(
        " or ".join(roles),
        lambda caller, _state, _command, _path: bool(caller.roles & wanted),
    )


def owner(field: str) -> Policy:
    """The caller is the person whose subject stands in this field of the state (or of the command,
    before there is a state)."""
    return Policy(
        f"the {field}",
        lambda caller, state, command, _path: _is_in_field(caller, state, command, field),
    )


def holder(field: str) -> Policy:
    """The caller is the one in this field of the state, or among those in it: the assignee, a
    panel's members.
    """
    return owner(field)


def within_place(*roles: str) -> Policy:
    """The caller has one of the roles (any role where none is named) and the thing lies in one of
    their places.

    A thing lies where its table says (`shared.runtime.api.AggregateApi.lies_in`); else in every
    place of its ``path``; where it has none, in its ``place`` or in the place it is (``code``).
    """
    wanted = frozenset(roles)

    def rule(caller: Caller, state: Any, command: Any, path: Sequence[str]) -> bool:
        if wanted and not caller.roles & wanted:
            return False
        return bool(caller.places) and not caller.places.isdisjoint(path or _places(state, command))

    return Policy(f"{' or '.join(roles) or 'anyone'} within their places", rule)


def _is_in_field(caller: Caller, state: Any, command: Any, field: str) -> bool:
    value = getattr(command if state is None else state, field, None)
    if isinstance(value, str):
        return value == caller.sub
    return isinstance(value, (tuple, list, frozenset, set)) and caller.sub in value


def _places(state: Any, command: Any) -> tuple[str, ...]:
    thing = command if state is None else state
    if path := getattr(thing, "path", None):
        return tuple(path)
    for field in ("place", "code"):
        if code := getattr(thing, field, None):
            return (code,)
    return ()


anyone = Policy("anyone", lambda _caller, _state, _command, _path: True)
"""Whoever has a valid token."""

public = Policy("everybody, without a token", lambda _caller, _state, _command, _path: True)
"""Of queries only: no token is asked for, and no caller is known."""

nobody = Policy("nobody", lambda _caller, _state, _command, _path: False)

resident = role("resident")
administrator = role("administrator")
operator = role("operator")
