"""E-mail over SMTP (RFC 5321), always within TLS: STARTTLS that is demanded, or TLS from the start.

Headers are such that a signing relay (DKIM) and large receivers are content: one address in From,
whose domain is Message-ID's as well, Date, plain text with HTML beside it, one-click unsubscribing
(RFC 8058).
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from html import escape
from typing import Any

import aiosmtplib

from services.notifications.channels.channel import Letter, NotSent
from services.notifications.domain.ways import Way

CONNECTIONS = 4
"""To the server at once."""
LETTERS_PER_CONNECTION = 100
IDLE_SECONDS = 20.0
"""A connection that was not used for so long is not used again."""
SECONDS = 15.0
"""For each step of the conversation."""
NO_SUCH_PERSON = frozenset((550, 551, 553))
"""Answers to RCPT that say that nobody is there (RFC 5321, 4.2.3)."""

POLICY = SMTP_POLICY.clone(cte_type="7bit")
"""Lines that every server takes."""
_QUEUED_AS = re.compile(r"queued as ([A-Za-z0-9._-]{1,64})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `implicit` is TLS from the start (RFC 8314), else STARTTLS."""

    host: str
    port: int
    implicit: bool
    user: str | None = None
    password: str | None = None
    trusted: ssl.SSLContext | None = None


class Mail:
    """One server, and the address that mail is from."""

    way = Way.EMAIL

    def __init__(self, server: MailServer, sender: Address) -> None:
        self._server = server
        self._sender = sender
        self._room = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[tuple[aiosmtplib.SMTP, int, float]] = []

    def provider(self, address: Mapping[str, Any]) -> str:
        """There is one server."""
        return ""

    async def send(self, letter: Letter, address: Mapping[str, Any]) -> str:
        """Hands it to the server; the queue's id, where the server tells it. Raises `NotSent`."""
        to = address["address"]
        try:
            content = written(letter, self._sender, to).as_bytes()
        except (ValueError, IndexError, UnicodeError):
            raise NotSent("bad-address", bad_address=True) from None
        try:
            async with self._connection() as smtp:
                _, said = await smtp.sendmail(self._sender.addr_spec, [to], content)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused.recipients[0]) from None
        except aiosmtplib.SMTPDataError as error:
            permanent = error.code >= 500
            raise NotSent(f"smtp-{error.code}", permanent=permanent) from None
        except aiosmtplib.SMTPResponseException as error:
            # Of the server's greeting, the login, the sender: no fault of this letter.
            raise NotSent(f"smtp-{error.code}", trouble=True) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise NotSent(_trouble(error), trouble=True) from None
        found = _QUEUED_AS.search(said)
        return found[1] if found is not None else ""

    async def close(self) -> None:
        """Says goodbye on every connection."""
        while self._idle:
            smtp, _, _ = self._idle.pop()
            await _leave(smtp)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection that is logged in; it is kept for others if nothing went wrong."""
        clock = asyncio.get_running_loop().time
        async with self._room:
            smtp, used = await self._kept(clock())
            try:
                yield smtp
            except aiosmtplib.SMTPRecipientsRefused:
                await _reset(smtp)
                self._idle.append((smtp, used + 1, clock()))
                raise
            except BaseException:
                smtp.close()
                raise
            if used + 1 < LETTERS_PER_CONNECTION:
                self._idle.append((smtp, used + 1, clock()))
            else:
                await _leave(smtp)

    async def _kept(self, now: float) -> tuple[aiosmtplib.SMTP, int]:
        while self._idle:
            smtp, used, since = self._idle.pop()
            if smtp.is_connected and now - since < IDLE_SECONDS:
                try:
                    await smtp.noop()
                    return smtp, used
                except (aiosmtplib.SMTPException, OSError):
                    pass  # the server has closed it: that is its right
            smtp.close()
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            timeout=SECONDS,
            use_tls=server.implicit,
            start_tls=not server.implicit,
            tls_context=server.trusted or ssl.create_default_context(),
        )
        try:
            await smtp.connect()
        except BaseException:
            smtp.close()
            raise
        return smtp, 0


def written(letter: Letter, sender: Address, to: str) -> EmailMessage:
    """The letter as a message. Raises ValueError for an address that is none."""
    to.encode("ascii")
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = letter.title
    mail["Date"] = format_datetime(letter.now)
    mail["Message-ID"] = f"<{letter.id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers it by itself
    mail["Content-Language"] = letter.language
    if letter.urgent:
        mail["Importance"] = "high"
    if letter.unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(f"{letter.body}\n", cte="base64")
    mail.add_alternative(_html(letter), subtype="html", cte="base64")
    return mail


def _html(letter: Letter) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in letter.body.splitlines() if line)
    return (
        f'<!DOCTYPE html><html lang="{escape(letter.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(letter.title)}</title></head>"
        f"<body><h1>{escape(letter.title)}</h1>{paragraphs}</body></html>\n"
    )


def _refused(refused: aiosmtplib.SMTPRecipientRefused) -> NotSent:
    if refused.code in NO_SUCH_PERSON:
        return NotSent(f"smtp-{refused.code}", bad_address=True)
    return NotSent(f"smtp-{refused.code}", permanent=refused.code >= 500)


def _trouble(error: Exception) -> str:
    match error:
        case ssl.SSLError():
            return "tls-failed"
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return "timed-out"
        case aiosmtplib.SMTPServerDisconnected():
            return "cut-off"
        case aiosmtplib.SMTPConnectError() if isinstance(
            error.__cause__ or error.__context__, ssl.SSLError
        ):
            return "tls-failed"
        case OSError():
            return "no-connection"
    return "no-tls"  # what else is left: the server does not know STARTTLS, or no login we know


async def _reset(smtp: aiosmtplib.SMTP) -> None:
    try:
        await smtp.rset()
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()


async def _leave(smtp: aiosmtplib.SMTP) -> None:
    try:
        await smtp.quit()
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()
