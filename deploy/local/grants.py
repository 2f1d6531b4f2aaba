"""What the development issuer remembers: who signed in, what it promised to whom. In memory only.

A code counts once and for a minute. A refresh token counts once; one that comes again shortly
after is a browser with two tabs, one that comes later is a thief's or its owner's: all of that
sign-in ends then, as OAuth 2.1 wants it.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.local.people import Person

CODE_LASTS = 60.0
"""Seconds from the answer of `/authorize` to `/token`."""
SIGN_IN_LASTS = 12 * 3600.0
"""Seconds for which somebody stays signed in at the issuer."""
AGAIN_WITHIN = 10.0
"""Seconds in which a refresh token that was used may come again: requests cross each other."""
MOST_KEPT = 10_000
"""Sign-ins kept; of more, the oldest is forgotten."""


class Refused(Exception):
    """An OAuth error: `error` is its code of RFC 6749, the text says why."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(why)
        self.error = error


@dataclass(slots=True)
class SignIn:
    """A sign-in at the issuer: `sid` in tokens. `clients` are the addresses that want to
    hear of its end, by client.
    """

    sid: str
    person: Person
    at: float
    clients: dict[str, str] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for."""

    sign_in: SignIn
    client: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    scope: str
    until: float


@dataclass(slots=True)
class Refresh:
    """What a refresh token stands for; `used` is when it was used first."""

    sign_in: SignIn
    client: str
    scope: str
    used: float | None = None


class Grants:
    """All of it."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives the seconds since 1970."""
        self._now = now
        self._sign_ins: dict[str, SignIn] = {}
        self._codes: dict[str, Code] = {}
        self._spent: dict[str, SignIn] = {}
        self._refreshes: dict[str, Refresh] = {}

    def sign_in(self, person: Person) -> SignIn:
        """Somebody has said who they are."""
        made = SignIn(secrets.token_urlsafe(16), person, self._now())
        self._sign_ins[made.sid] = made
        if len(self._sign_ins) > MOST_KEPT:
            self._forget(self._sign_ins[next(iter(self._sign_ins))])
        return made

    def signed_in(self, sid: str | None, max_age: float | None = None) -> SignIn | None:
        """The sign-in of that id, if it still holds and is no older than `max_age` seconds."""
        found = self._sign_ins.get(sid or "")
        if found is None or found.ended:
            return None
        longest = SIGN_IN_LASTS if max_age is None else min(max_age, SIGN_IN_LASTS)
        return found if self._now() - found.at <= longest else None

    def code(
        self,
        sign_in: SignIn,
        client: str,
        redirect_uri: str,
        challenge: str,
        nonce: str | None,
        scope: str,
    ) -> str:
        """A code for the client."""
        text = secrets.token_urlsafe(32)
        until = self._now() + CODE_LASTS
        self._codes[text] = Code(sign_in, client, redirect_uri, challenge, nonce, scope, until)
        return text

    def redeem(self, text: str, client: str, redirect_uri: str, verifier: str) -> Code:
        """What the code stands for; it is spent with this, whatever comes of it. A second try ends
        what the first was given. Raises `Refused`.
        """
        code = self._codes.pop(text, None)
        if code is None:
            if (replayed := self._spent.get(text)) is not None:
                self.end(replayed)
            raise Refused("invalid_grant", "there is no such code, or it was used")
        self._spent[text] = code.sign_in
        if self._now() > code.until or code.sign_in.ended:
            raise Refused("invalid_grant", "the code's time is over")
        if (code.client, code.redirect_uri) != (client, redirect_uri):
            raise Refused("invalid_grant", "the code was given to another client or address")
        if challenge_of(verifier) != code.challenge:
            raise Refused("invalid_grant", "code_verifier does not fit code_challenge")
        return code

    def refresh_token(self, sign_in: SignIn, client: str, scope: str) -> str:
        """A token that gives new ones."""
        text = secrets.token_urlsafe(32)
        self._refreshes[text] = Refresh(sign_in, client, scope)
        return text

    def refresh(self, text: str, client: str) -> Refresh:
        """What a refresh token stands for; it is spent with this. Raises `Refused`."""
        found = self._refreshes.get(text)
        if found is None or found.client != client:
            raise Refused("invalid_grant", "there is no such refresh token")
        if found.sign_in.ended or self._now() - found.sign_in.at > SIGN_IN_LASTS:
            raise Refused("invalid_grant", "that sign-in has ended")
        if found.used is None:
            found.used = self._now()
        elif self._now() - found.used > AGAIN_WITHIN:
            self.end(found.sign_in)
            raise Refused("invalid_grant", "the refresh token was used before: the sign-in ends")
        return found

    def end(self, sign_in: SignIn) -> None:
        """Nobody is signed in by it any more, and what it was given is worth nothing."""
        sign_in.ended = True
        self._forget(sign_in)

    def _forget(self, sign_in: SignIn) -> None:
        self._sign_ins.pop(sign_in.sid, None)
        for text in [text for text, one in self._codes.items() if one.sign_in is sign_in]:
            del self._codes[text]
        for text in [text for text, one in self._spent.items() if one is sign_in]:
            del self._spent[text]
        for text in [text for text, one in self._refreshes.items() if one.sign_in is sign_in]:
            del self._refreshes[text]


def challenge_of(verifier: str) -> str:
    """The S256 code challenge of RFC 7636."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
