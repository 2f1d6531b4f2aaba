"""E-mail against a real SMTP server: TLS and login, headers, refusals, connections that end."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from services.notifications.channels import mail as mail_channel
from services.notifications.channels.channel import Letter, NotSent
from services.notifications.channels.mail import Mail, MailServer, written
from tests.services.notifications.channels.authority import Authority, authority
from tests.services.notifications.channels.mailbox import PASSWORD, USER, Mailbox, mailbox

SENDER = Address("近邻", addr_spec="notices@city.example")
WANG = {"address": "wang@example.org"}


def letter(**changes: Any) -> Letter:
    made = Letter(
        id="0123abcd" * 4,
        title="您的诉求已受理",
        body="编号 0000abcd。\n请在 <三日> 内补充 & 确认。",
        language="zh-Hans",
        about="petition-p1",
        now=datetime(2025, 3, 3, 4, 0, tzinfo=UTC),
    )
    return replace(made, **changes)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def box(trusted: Authority) -> AsyncIterator[Mailbox]:
    async with mailbox(trusted) as made:
        yield made


@pytest.fixture
async def mail(box: Mailbox, trusted: Authority) -> AsyncIterator[Mail]:
    made = Mail(server_of(box, trusted), SENDER)
    yield made
    await made.close()


def server_of(box: Mailbox, by: Authority, **changes: Any) -> MailServer:
    made = MailServer("localhost", box.port, False, USER, PASSWORD, by.trusting)
    return replace(made, **changes)


def parsed(raw: Any) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


async def test_a_letter_arrives_as_it_was_written(mail: Mail, box: Mailbox) -> None:
    link = "https://city.example/unsubscribe?t=abc"
    assert await mail.send(letter(unsubscribe=link), WANG) == "4ZxQ7"
    (envelope,) = box.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("notices@city.example", [WANG["address"]])
    got = parsed(envelope.content)
    assert got["From"].addresses == (SENDER,)
    assert got["To"] == "wang@example.org"
    assert got["Subject"] == "您的诉求已受理"
    assert got["Message-ID"] == f"<{'0123abcd' * 4}@city.example>"
    assert got["Date"].datetime == letter().now
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == f"<{link}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Importance"] is None
    plain, html = (part for part in got.iter_parts() if isinstance(part, EmailMessage))
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().splitlines() == letter().body.splitlines()
    assert "请在 &lt;三日&gt; 内补充 &amp; 确认。" in html.get_content()
    assert '<html lang="zh-Hans">' in html.get_content()


async def test_every_line_is_one_that_any_server_takes(mail: Mail, box: Mailbox) -> None:
    await mail.send(letter(title="长" * 60, body="很长的一行" * 500), WANG)
    raw = box.received[0].content
    assert isinstance(raw, bytes)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert parsed(raw)["Subject"] == "长" * 60


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # aiosmtpd sees no TLS outside
async def test_tls_from_the_start_is_spoken_too(trusted: Authority) -> None:
    async with mailbox(trusted, implicit=True) as box:
        mail = Mail(server_of(box, trusted, implicit=True), SENDER)
        await mail.send(letter(urgent=True), WANG)
        assert parsed(box.received[0].content)["Importance"] == "high"
        await mail.close()


async def test_connections_are_used_again_and_not_when_they_are_closed(
    mail: Mail, box: Mailbox
) -> None:
    for _ in range(3):
        await mail.send(letter(), WANG)
    assert box.connections == 1
    box.hang_up()
    await mail.send(letter(), WANG)
    assert (box.connections, len(box.received)) == (2, 4)


async def test_a_connection_ends_after_so_many_letters(
    mail: Mail, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_channel, "LETTERS_PER_CONNECTION", 2)
    for _ in range(4):
        await mail.send(letter(), WANG)
    assert (box.connections, len(box.received)) == (2, 4)


# --- refusals ------------------------------------------------------------------------------------


async def refused(mail: Mail, sent: Letter, address: dict[str, str] = WANG) -> NotSent:
    with pytest.raises(NotSent) as told:
        await mail.send(sent, address)
    return told.value


async def test_nobody_of_that_name_is_a_bad_address(mail: Mail, box: Mailbox) -> None:
    box.refuses["wang@example.org"] = "550 5.1.1 no such user"
    told = await refused(mail, letter())
    assert (told.code, told.bad_address, told.trouble) == ("smtp-550", True, False)
    await mail.send(letter(), {"address": "lin@example.org"})
    assert box.connections == 1, "the connection goes on"


async def test_a_full_mailbox_is_tried_again(mail: Mail, box: Mailbox) -> None:
    box.refuses["wang@example.org"] = "452 4.2.2 mailbox full"
    told = await refused(mail, letter())
    assert (told.code, told.permanent, told.trouble) == ("smtp-452", False, False)


async def test_a_letter_that_is_refused_is_not_sent_again(mail: Mail, box: Mailbox) -> None:
    box.next.append("554 5.7.1 looks like spam")
    told = await refused(mail, letter())
    assert (told.code, told.permanent, told.bad_address) == ("smtp-554", True, False)
    box.next.append("451 4.7.1 greylisted")
    told = await refused(mail, letter())
    assert (told.code, told.permanent) == ("smtp-451", False)


@pytest.mark.parametrize(
    "address",
    [
        "王@example.org",
        "wang",
        "wang@example.org\r\nBcc: all@example.org",
        "wang@example.org, lin@example.org",
        "",
    ],
)
async def test_what_is_no_address_reaches_no_server(mail: Mail, box: Mailbox, address: str) -> None:
    told = await refused(mail, letter(), {"address": address})
    assert told.bad_address
    assert not box.received


async def test_a_title_puts_no_header_in() -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        written(letter(title="a\r\nBcc: all@example.org"), SENDER, "wang@example.org")


# --- trouble -------------------------------------------------------------------------------------


async def test_a_wrong_password_is_trouble_and_no_fault_of_the_letter(
    box: Mailbox, trusted: Authority
) -> None:
    mail = Mail(server_of(box, trusted, password="another"), SENDER)
    told = await refused(mail, letter())
    assert (told.code, told.trouble, told.permanent) == ("smtp-535", True, False)


async def test_no_password_is_given_to_a_server_without_tls(trusted: Authority) -> None:
    async with mailbox(trusted, tls=False) as box:
        told = await refused(Mail(server_of(box, trusted), SENDER), letter())
        assert (told.code, told.trouble) == ("no-tls", True)
        assert not box.received


async def test_a_certificate_of_nobody_or_of_another_is_not_believed(
    box: Mailbox, trusted: Authority, tmp_path: Path
) -> None:
    unknown = Mail(server_of(box, trusted, trusted=ssl.create_default_context()), SENDER)
    told = await refused(unknown, letter())
    assert (told.code, told.trouble) == ("tls-failed", True)
    other = authority(tmp_path, "mail.elsewhere.example")
    async with mailbox(other) as elsewhere:
        named = Mail(server_of(elsewhere, other), SENDER)
        assert (await refused(named, letter())).code == "tls-failed"
        assert not elsewhere.received
    assert not box.received


async def test_a_server_that_is_away_is_trouble(trusted: Authority) -> None:
    async with mailbox(trusted) as gone:
        server = server_of(gone, trusted)
    told = await refused(Mail(server, SENDER), letter())
    assert (told.code, told.trouble) == ("no-connection", True)
