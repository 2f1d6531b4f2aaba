"""Development OIDC issuer: hands a signed token to whoever asks. For a local run and for tests.

People sign in by OpenID Connect (`deploy.local.oidc`), without a password; `make token` and tests
ask for a token straight out. It refuses to start unless JINLIN_MODE=local. Production points the
services at a real issuer.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from deploy.local.grants import Refused
from deploy.local.layout import HOST, PORTS, LocalError, issuer_key
from deploy.local.oidc import Form, Provider, form_of, refusal
from deploy.local.people import SERVICE, Person, split
from deploy.local.processes import WebProcess
from shared.contracts.envelope import SERVICES

AUDIENCE = "jinlin"
ALGORITHM = "ES256"
LIFETIME = 12 * 3600
"""Seconds for which a token holds when nothing else is asked: a working day."""

ALL_SCOPES = " ".join((*SERVICES, "gateway"))
"""What a program's token is given for where nothing else is asked."""

LONGEST_LIFETIME = 31 * 24 * 3600


def load_key(file: Path | None = None) -> ECKey:
    """The issuer's private key from its file (var/issuer-key.json); made when there is none.

    Raises LocalError when the file holds no such key.
    """
    file = file or issuer_key()
    if not file.exists():
        _write_new_key(file)
    try:
        key = ECKey.import_key(json.loads(file.read_text()))
    except (ValueError, TypeError, AttributeError, JoseError) as error:
        raise LocalError(f"{file} holds no signing key ({error}): remove it") from error
    if not key.is_private or "kid" not in key.as_dict(private=False):
        raise LocalError(f"{file} holds no private key with a kid: remove it")
    return key


def new_key() -> ECKey:
    """A fresh signing key that is kept nowhere."""
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig"}, private=True)


def _write_new_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(new_key().as_dict(private=True), out)
    try:
        # Of two processes that make the first key at once, the second takes the first one's.
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def mint(
    key: ECKey,
    issuer: str,
    sub: str,
    roles: Sequence[str],
    places: Sequence[str],
    org: str | None = None,
    lifetime: float = LIFETIME,
    **claims: Any,
) -> str:
    """A signed access token (JWT).

    sub: pseudonymous id of the person. places: codes in the place tree, each the root of what the
    person may see. lifetime: seconds; a negative one gives an expired token. claims: replace or add
    to the usual ones, for tests of refusals; a claim given as None is left out.
    """
    now = int(time.time())
    payload: dict[str, Any] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": sub,
        "iat": now,
        "exp": int(now + lifetime),
        "jti": str(uuid.uuid4()),
        "roles": list(roles),
        "places": list(places),
        "org": org,
        "scope": ALL_SCOPES if SERVICE in roles else None,
        **claims,
    }
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.as_dict(private=False)["kid"]}
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(header, kept, key, algorithms=[ALGORITHM])


def jwks(key: ECKey) -> dict[str, Any]:
    """The public key set that services check signatures with."""
    public = key.as_dict(private=False)
    return {"keys": [{**public, "alg": ALGORITHM, "use": "sig"}]}


def local_issuer() -> str:
    """The `iss` of the local run: the address of its issuer, or JINLIN_ISSUER_URL where browsers
    and services know it by another.
    """
    return os.environ.get("JINLIN_ISSUER_URL", f"http://{HOST}:{PORTS['issuer'].value}")


def need_local_mode() -> None:
    """Raise LocalError unless JINLIN_MODE=local: no one else may hand out tokens for the asking."""
    mode = os.environ.get("JINLIN_MODE")
    if mode != "local":
        raise LocalError(
            f"the development issuer runs with JINLIN_MODE=local only, and it is {mode!r}: "
            "set JINLIN_OIDC_ISSUER to a real issuer instead"
        )


class IssuerProcess(WebProcess):
    """An issuer in a process of its own, and tokens that it stands for."""

    def __init__(self, *, port: int, key_file: Path, log: Path) -> None:
        """`key_file` is made when it does not exist."""
        env = {
            "JINLIN_MODE": "local",
            "JINLIN_ISSUER_PORT": str(port),
            "JINLIN_ISSUER_KEY": str(key_file),
        }
        super().__init__("issuer", "deploy.local.issuer", port=port, log=log, env=env)
        self.key = load_key(key_file)

    def token(
        self,
        sub: str,
        roles: Sequence[str] = (),
        places: Sequence[str] = (),
        org: str | None = None,
        lifetime: float = LIFETIME,
        **claims: Any,
    ) -> str:
        """A token as `mint` makes it, signed by this issuer."""
        return mint(self.key, self.url, sub, roles, places, org, lifetime, **claims)


class IssuerKey:
    """The issuer's key, as OpenID Connect uses it."""

    def __init__(self, key: ECKey, issuer: str) -> None:
        self._key = key
        self._issuer = issuer

    def access(self, person: Person, **claims: Any) -> str:
        """A signed access token for the services."""
        about = (person.sub, person.roles, person.places, person.org)
        return mint(self._key, self._issuer, *about, **claims)

    def sign(self, typ: str, claims: Mapping[str, Any]) -> str:
        """A signed token of another type; claims that are None are left out."""
        header = {"alg": ALGORITHM, "typ": typ, "kid": self._key.as_dict(private=False)["kid"]}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, kept, self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Mapping[str, Any] | None:
        """The claims of a token that this key signed, expired or not; None for another's."""
        try:
            return jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return None


def build_app(key: ECKey, issuer: str, now: Callable[[], float] = time.time) -> FastAPI:
    """The issuer as a web application, known to its clients as `issuer`. `now` gives the seconds
    since 1970 that codes and sign-ins go by.
    """
    need_local_mode()
    app = FastAPI(title="Jinlin development issuer", docs_url=None, redoc_url=None)
    provider = app.state.provider = Provider(issuer, IssuerKey(key, issuer), now)
    app.router.routes += provider.routes

    @app.exception_handler(Refused)
    async def refuse(_request: Request, refused: Refused) -> Response:
        return refusal(refused)

    @app.get("/.well-known/openid-configuration")
    async def configuration() -> dict[str, Any]:
        return provider.document()

    @app.get("/jwks")
    async def keys() -> dict[str, Any]:
        return jwks(key)

    @app.post("/token")
    async def token(request: Request) -> Response:
        """Form fields: those of a grant; or, to have a token for the asking, sub, roles, places
        (comma-separated or repeated), org, lifetime (s).
        """
        form = await form_of(request)
        if "grant_type" in form:
            return provider.grant(form, request.headers.get("authorization"))
        return _for_the_asking(key, issuer, form)

    @app.get("/livez")
    @app.get("/readyz")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _for_the_asking(key: ECKey, issuer: str, form: Form) -> Response:
    sub = form.get("sub", "").strip()
    if not sub:
        raise Refused("invalid_request", "sub is missing: the pseudonymous id of the person")
    asked = form.get("lifetime", str(LIFETIME))
    if not asked.isdecimal() or not 0 < int(asked) <= LONGEST_LIFETIME:
        why = f"lifetime is seconds from 1 to {LONGEST_LIFETIME}, not {asked!r}"
        raise Refused("invalid_request", why)
    roles, places = split(form.get("roles", "")), split(form.get("places", ""))
    signed = mint(key, issuer, sub, roles, places, form.get("org"), int(asked))
    return JSONResponse(
        {"access_token": signed, "token_type": "Bearer", "expires_in": int(asked)},
        headers={"Cache-Control": "no-store"},
    )


def main() -> None:
    """Serve at JINLIN_ISSUER_PORT of 127.0.0.1, or of JINLIN_ISSUER_HOST, until told to stop."""
    try:
        need_local_mode()
        app = build_app(load_key(), local_issuer())
        port = PORTS["issuer"].value
    except LocalError as error:
        sys.exit(f"issuer: {error}")
    host = os.environ.get("JINLIN_ISSUER_HOST", HOST)
    uvicorn.run(app, host=host, port=port, log_level="warning")


if __name__ == "__main__":
    main()
