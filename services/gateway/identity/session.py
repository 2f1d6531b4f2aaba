"""A session: what pages know of who is there, and what the cookie holds of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. `csrf` is what their forms carry, `language` what the issuer knows
    of their choice; `authenticated` is when they last proved to the issuer who they are.
    """

    sub: str
    name: str
    roles: frozenset[str]
    places: frozenset[str]
    org: str | None
    access_token: str
    csrf: str
    language: str | None = None
    authenticated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the issuer gives for a code or a refresh token; `until` is when the access token ends,
    in seconds since 1970.
    """

    access: str
    until: float
    refresh: str | None
    id_token: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the cookie holds, sealed. Times are seconds since 1970.

    `id` is the session's own, `sid` the issuer's of the sign-in. `begun` is when the session began
    here, `renewed` when its tokens were last renewed, `authenticated` when the person last proved
    who they are.
    """

    id: str
    sid: str | None
    sub: str
    name: str
    language: str | None
    begun: float
    renewed: float
    authenticated: float | None
    tokens: Tokens


class SignInFirst(Exception):
    """Only those who are signed in may see this; where `within` is given, those who signed in no
    longer ago than so many seconds.
    """

    def __init__(self, within: int | None = None) -> None:
        super().__init__()
        self.within = within


class Forged(Exception):
    """A form or a request came from elsewhere, or without the CSRF token of its session."""
