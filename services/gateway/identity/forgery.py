"""Requests that another site had a browser send: cross-site request forgery.

What changes something has to carry a token that only the session's own pages know, and to come from
the door's own pages, as far as the browser says where it comes from.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from starlette.requests import Request

from services.gateway.identity.sealing import KEY_BYTES, derived
from services.gateway.identity.session import Forged
from services.gateway.settings import GatewaySettings

FIELD = "csrf"
"""The form's field."""
HEADER = "x-csrf-token"
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
OWN_SITES = ("same-origin", "none")
"""What `Sec-Fetch-Site` says of the door's own pages, and of what somebody typed in themselves."""


class Forgery:
    """Tells the session's own requests from forged ones."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._origin = settings.public_url

    def token(self, session: str) -> str:
        """A token for the session of this id, which is as secret as any key: it leaves the sealed
        cookie nowhere. No two look alike: a page that is compressed must not tell it by its length.
        """
        pad = secrets.token_bytes(KEY_BYTES)
        return urlsafe_b64encode(pad + _xor(pad, derived(session, "csrf"))).decode()

    def need_same(self, own: str, told: str) -> None:
        """Raises `Forged` unless both are tokens of the same session."""
        if not hmac.compare_digest(_unmasked(own), _unmasked(told)):
            raise Forged

    def need_own_origin(self, request: Request) -> None:
        """Raises `Forged` where the browser says that another site's page sent this. One that says
        nothing is no browser of this decade, or no browser: the token decides.
        """
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            if site not in OWN_SITES:
                raise Forged
            return
        origin = request.headers.get("origin")
        if origin is not None and origin != self._origin:
            raise Forged


def _unmasked(token: str) -> bytes:
    """What is the same in all tokens of a session."""
    try:
        told = urlsafe_b64decode(token.encode("ascii", "replace"))
    except (NotBase64, ValueError):
        raise Forged from None
    if len(told) != 2 * KEY_BYTES:
        raise Forged
    return _xor(told[:KEY_BYTES], told[KEY_BYTES:])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
