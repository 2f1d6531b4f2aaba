"""A mail server on a free port, as aiosmtpd makes one: with TLS, with a login, with people it does
not know.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.notifications.channels.authority import Authority

USER, PASSWORD = "jinlin", "a long password of the relay"


@dataclass
class Mailbox:
    """`received` are the letters it took. What is in `next` it answers to DATA first; to RCPT it
    answers what `refuses` says of an address.
    """

    port: int = 0
    received: list[Envelope] = field(default_factory=list)
    next: deque[str] = field(default_factory=deque)
    refuses: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    _transports: list[asyncio.BaseTransport] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Whether there is such a person."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Takes a letter."""
        if self.next and not self.next[0].startswith("250"):
            return self.next.popleft()
        self.received.append(envelope)
        return self.next.popleft() if self.next else "250 2.0.0 Ok: queued as 4ZxQ7"

    def hang_up(self) -> None:
        """Closes all connections, as a server does after a while."""
        for transport in self._transports:
            transport.close()
        self._transports.clear()


class _Counting(SMTP):
    mailbox: Mailbox

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Called again within a connection when TLS begins.
        if transport.get_extra_info("sslcontext") is None or self._tls_from_start:
            self.mailbox.connections += 1
        self.mailbox._transports.append(transport)
        super().connection_made(transport)

    _tls_from_start = False


@asynccontextmanager
async def mailbox(
    authority: Authority, *, implicit: bool = False, tls: bool = True
) -> AsyncIterator[Mailbox]:
    """It, until the context ends. It takes letters only after a login, and that only within TLS."""
    made = Mailbox()

    def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword)
        known = known and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    def protocol() -> SMTP:
        server = _Counting(
            made,
            hostname="mail.test",
            tls_context=authority.serving if tls and not implicit else None,
            require_starttls=tls and not implicit,
            auth_required=True,
            auth_require_tls=not implicit,
            authenticator=login,
        )
        server.mailbox = made
        server._tls_from_start = implicit
        return server

    loop = asyncio.get_running_loop()
    context = authority.serving if implicit else None
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.hang_up()
        await server.wait_closed()
