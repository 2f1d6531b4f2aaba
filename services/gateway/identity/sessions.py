"""Sessions of one process of the door: opened from cookies, renewed in time, begun and ended."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
import structlog
from starlette.requests import Request

from services.gateway.domain.sessions import Drawer, EndSessions, drawer_of, ended_sessions
from services.gateway.identity.cookies import SESSION, Cookies
from services.gateway.identity.forgery import Forgery
from services.gateway.identity.id_tokens import IdTokens, Who
from services.gateway.identity.provider import GrantRefused, Provider
from services.gateway.identity.sealing import Seal
from services.gateway.identity.session import Kept, Session, Tokens
from services.gateway.settings import GatewaySettings
from shared.runtime.clock import Clock
from shared.runtime.door import Door
from shared.runtime.keys import IssuerKeys, IssuerUnavailable, discovered_keys, issuer_client
from shared.runtime.signed_tokens import NotAuthenticated

LONGEST = timedelta(hours=12)
"""From the sign-in on, whatever is done: a working day."""
IDLE = timedelta(hours=2)
"""Without a request."""
EARLY = 45.0
"""Seconds before its end at which an access token is renewed, so that a service that is asked with
it has time to take it. Of a token's short life, half at most.
"""
RENEWALS_KNOWN = 120.0
"""Seconds for which a process knows what a refresh token was renewed to: a browser's requests that
were under way come with the cookie from before.
"""
MOST_RENEWALS = 10_000
COPY_COMES_WITHIN = 600.0
"""Seconds for which a process itself remembers what it ended: from the copy it hears of it a moment
later, and later still while the store is away.
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a refresh token is being renewed to, and since when."""

    outcome: asyncio.Task[Kept | None]
    at: float


class Sessions:
    """Opens and seals session cookies."""

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        door: Door,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """`door.parts` has the copies that tell which sessions have ended; `http` asks the
        issuer.
        """
        http = http or issuer_client(settings.oidc_issuer)
        keys = IssuerKeys(discovered_keys(settings.oidc_issuer, http))
        self.settings = settings
        self.clock = clock
        self.door = door
        self.cookies = Cookies(settings)
        self.forgery = Forgery(settings)
        self.provider = Provider(settings, self.now, http)
        self.id_tokens = IdTokens(settings.oidc_issuer, settings.oidc_client_id, keys, self.now)
        secret, before = settings.cookie_secret, settings.cookie_secret_before
        self.begun_sign_ins = Seal(secret, "signing-in", before)
        self._seal = Seal(secret, "session", before)
        self._renewals: OrderedDict[str, Renewal] = OrderedDict()
        self._ended_here: dict[str, float] = {}

    def now(self) -> float:
        """Seconds since 1970."""
        return self.clock.now().timestamp()

    def among(self, cookies: str) -> bool:
        """Whether a Cookie header seems to hold a session: asked of every request to ``/api``."""
        return SESSION in cookies

    # --- a request ---------------------------------------------------------------------------

    async def of(self, request: Request) -> Session | None:
        """The session of a request; a cookie that is worth nothing is taken back. Raises
        `IssuerUnavailable`, and `Problem` 503 while it is not known which sessions have ended.
        """
        kept = self.kept(request)
        if kept is None:
            self.cookies.take_back_session(request)
            return None
        renewed = await self._renewed_in_time(kept)
        if renewed is None:
            # The cookie stays: another of the browser's requests may just have been given a better
            # one, which this answer must not take away again.
            return None
        if renewed is not kept:
            self.cookies.give_session(request, self._seal.sealed(renewed))
        try:
            return await self._session(renewed)
        except NotAuthenticated as error:
            log.warning("session_refused", reason=str(error))
            self.cookies.take_back_session(request)
            return None

    def kept(self, request: Request) -> Kept | None:
        """What the cookie of a request holds, as long as that session goes on."""
        text = self.cookies.session_in(request.cookies)
        kept = None if text is None else self._seal.opened(text, Kept)
        if kept is None:
            return None
        now = self.now()
        if now - kept.begun > LONGEST.total_seconds() or now - kept.renewed > IDLE.total_seconds():
            return None
        return None if self._has_ended(kept) else kept

    async def _session(self, kept: Kept) -> Session:
        token = kept.tokens.access
        verifier = self.door.verifier
        caller = verifier.known(token) or await verifier.verify(token)
        if caller.sub != kept.sub:
            raise NotAuthenticated("the access token is another person's")
        proved = kept.authenticated
        return Session(
            sub=caller.sub,
            name=kept.name,
            roles=caller.roles,
            places=caller.places,
            org=caller.org,
            access_token=token,
            csrf=self.forgery.token(kept.id),
            language=kept.language,
            authenticated=None if proved is None else datetime.fromtimestamp(proved, UTC),
        )

    # --- beginning and ending ----------------------------------------------------------------

    async def begin(self, request: Request, who: Who, tokens: Tokens) -> None:
        """Begins a session, under an id that nobody knew before. Raises `NotAuthenticated` where
        the tokens are about different people, or the access token is not for the services.
        """
        now = self.now()
        kept = Kept(
            id=secrets.token_urlsafe(24),
            sid=who.sid,
            sub=who.sub,
            name=who.name,
            language=who.language,
            begun=now,
            renewed=now,
            authenticated=who.authenticated,
            tokens=tokens,
        )
        await self._session(kept)
        self.cookies.give_session(request, self._seal.sealed(kept))

    async def end(self, kept: Kept, cause: str | None = None) -> None:
        """Ends one session for all replicas, also where somebody has a copy of its cookie."""
        await self.end_all("session", kept.id, cause)

    async def end_all(self, kind: str, id: str, cause: str | None = None) -> None:
        """Ends those that `kind` and `id` name: a ``session``, those of a sign-in at the issuer
        (``sid``), or of a person (``sub``). The same `cause` does it once. Raises `Problem` 503,
        `shared.runtime.journal.Unavailable`.
        """
        digest = digest_of(kind, id)
        now = self.clock.now()
        outcome = await self.door.running.store.do(
            ended_sessions,
            drawer_of(digest),
            EndSessions(digest, now, now + LONGEST),
            actor="service:gateway",
            cause=cause,
        )
        if not outcome.repeated:
            self._ended_here[digest] = now.timestamp()
            self._forget_ended()

    def _has_ended(self, kept: Kept) -> bool:
        drawers = self.door.running.copies[ended_sessions.kind]
        for digest in _digests(kept):
            if kept.begun <= self._ended_here.get(digest, 0.0):
                return True
            drawer: Drawer | None = drawers.get(drawer_of(digest))
            ending = None if drawer is None else drawer.endings.get(digest)
            if ending is not None and kept.begun <= ending.at.timestamp():
                return True
        return False

    def _forget_ended(self) -> None:
        oldest = self.now() - COPY_COMES_WITHIN
        while self._ended_here and next(iter(self._ended_here.values())) < oldest:
            del self._ended_here[next(iter(self._ended_here))]

    # --- renewing ----------------------------------------------------------------------------

    async def _renewed_in_time(self, kept: Kept) -> Kept | None:
        """The same with new tokens where it is time for them; None where it can go on no more.
        Raises `IssuerUnavailable` where it cannot go on without.
        """
        now, tokens = self.now(), kept.tokens
        early = min(EARLY, (tokens.until - kept.renewed) / 2)
        if now < min(tokens.until - early, kept.renewed + IDLE.total_seconds() / 4):
            return kept
        still_holds = now < tokens.until
        if tokens.refresh is None:
            return kept if still_holds else None
        try:
            return await self._renewed(kept, tokens.refresh) or (kept if still_holds else None)
        except IssuerUnavailable:
            if still_holds:
                return kept
            raise

    async def _renewed(self, kept: Kept, refresh: str) -> Kept | None:
        """New tokens, asked for once however many requests need them at a time; None where the
        issuer gives none.
        """
        key = hashlib.sha256(refresh.encode()).hexdigest()
        known = self._renewals.get(key)
        if known is None or self.now() - known.at > RENEWALS_KNOWN:
            known = Renewal(asyncio.create_task(self._ask_for_renewal(kept, refresh)), self.now())
            self._renewals[key] = known
            self._renewals.move_to_end(key)
            self._forget_renewals()
        try:
            # One request that is cut off must not take it from the others.
            return await asyncio.shield(known.outcome)
        except IssuerUnavailable:
            if self._renewals.get(key) is known:
                del self._renewals[key]
            raise

    async def _ask_for_renewal(self, kept: Kept, refresh: str) -> Kept | None:
        try:
            tokens = await self.provider.refresh(refresh)
        except GrantRefused:
            return None
        if tokens.id_token is not None:
            try:
                who = await self.id_tokens.of_renewal(tokens.id_token, tokens.access)
            except NotAuthenticated as error:
                log.warning("renewal_refused", reason=str(error))
                return None
            if who.sub != kept.sub:
                log.warning("renewal_refused", reason="another person's")
                return None
        tokens = replace(
            tokens,
            refresh=tokens.refresh or refresh,
            id_token=tokens.id_token or kept.tokens.id_token,
        )
        return replace(kept, tokens=tokens, renewed=self.now())

    def _forget_renewals(self) -> None:
        oldest = self.now() - RENEWALS_KNOWN
        while self._renewals:
            first = next(iter(self._renewals.values()))
            if first.at >= oldest and len(self._renewals) <= MOST_RENEWALS:
                return
            self._renewals.popitem(last=False)


def digest_of(kind: str, id: str) -> str:
    """What endings are known by: neither a session's id nor a person's subject is kept."""
    return hashlib.sha256(f"{kind}:{id}".encode()).hexdigest()[:32]


def _digests(kept: Kept) -> Iterator[str]:
    yield digest_of("session", kept.id)
    yield digest_of("sub", kept.sub)
    if kept.sid is not None:
        yield digest_of("sid", kept.sid)
