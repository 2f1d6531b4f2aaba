"""Calls to addresses that others named, against servers that try everything."""

import asyncio
import time
import tracemalloc
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from shared.runtime import outgoing
from shared.runtime.addresses import PUBLIC_ONLY, Allowed, NotAllowed
from shared.runtime.outgoing import MOST_ANSWER, Outgoing, Unreachable
from tests.runtime.raw_server import OK, answers, authority, endless, never, raw_server

HERE = Allowed(plain=True, networks=(ip_network("127.0.0.1/32"),))
"""This machine alone, at its one address: 127.0.0.2 is as far as any other."""
NAME = "hooks.example.cn"


def leading_to(*addresses: str) -> "Leading":
    return Leading(list(addresses))


class Leading:
    """A resolver that says what it is told to, and counts how often it was asked."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        if not self.addresses:
            raise OSError("no such host")
        return self.addresses


async def test_a_call_and_its_answer() -> None:
    answer = b"HTTP/1.1 201 Created\r\nX-One: 1\r\nContent-Length: 4\r\n\r\nyes!"
    async with raw_server(answers(answer)) as server:
        client = Outgoing(HERE)
        came = await client.post(
            f"http://127.0.0.1:{server.port}/hook?k=1", {"X-Two": "2"}, b"body"
        )
        await client.post(f"http://127.0.0.1:{server.port}/hook", {}, b"")
        await client.close()
    assert (came.status, came.body, came.whole) == (201, b"yes!", True)
    assert came.headers["x-one"] == "1"
    assert server.heads[0].startswith("POST /hook?k=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n" in server.heads[0]
    assert "X-Two: 2\r\n" in server.heads[0]
    assert server.bodies == [b"body", b""]
    assert server.connections == 1  # used again


async def test_tls_goes_by_the_name_and_the_connection_by_the_address(tmp_path: Path) -> None:
    its = authority(tmp_path, NAME)
    async with raw_server(answers(OK), its.shown) as server:
        resolver = leading_to("127.0.0.1")
        client = Outgoing(HERE, resolve=resolver, trusted=its.believed)
        came = await client.post(f"https://{NAME}:{server.port}/", {}, b"{}")
        assert came.status == 200
        assert f"Host: {NAME}:{server.port}\r\n" in server.heads[0]
        with pytest.raises(Unreachable, match="tls-failed"):
            await client.post(f"https://other.example.cn:{server.port}/", {}, b"{}")
        await client.close()
        stranger = Outgoing(HERE, resolve=resolver)
        with pytest.raises(Unreachable, match="tls-failed"):
            await stranger.post(f"https://{NAME}:{server.port}/", {}, b"{}")
        await stranger.close()
    assert len(server.heads) == 1


# --- into the inside -----------------------------------------------------------------------------

INSIDE = (
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::ffff:127.0.0.1",
    "fe80::1%lo",
    "fd00::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::1",
    "not an address",
)


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_not_called(address: str) -> None:
    client = Outgoing(PUBLIC_ONLY, resolve=leading_to(address))
    with pytest.raises(NotAllowed, match="private-address"):
        await client.post(f"https://{NAME}/", {}, b"{}")
    await client.close()


async def test_one_address_of_the_inside_among_public_ones_is_enough() -> None:
    client = Outgoing(PUBLIC_ONLY, resolve=leading_to("93.184.216.34", "127.0.0.1"))
    with pytest.raises(NotAllowed, match="private-address"):
        await client.post(f"https://{NAME}/", {}, b"{}")
    await client.close()


async def test_a_name_that_is_looked_up_once_cannot_lead_elsewhere_the_next_moment() -> None:
    async with raw_server(answers(OK)) as inside:

        class Rebinding(Leading):
            async def __call__(self, host: str, port: int) -> Sequence[str]:
                # Public when it is checked, inside when it is asked again.
                self.asked += 1
                return ["127.0.0.1"] if self.asked == 1 else ["127.0.0.2"]

        resolver = Rebinding([])
        client = Outgoing(HERE, resolve=resolver)
        url = f"http://{NAME}:{inside.port}/"
        assert (await client.post(url, {}, b"{}")).status == 200
        assert resolver.asked == 1  # what was checked is what was connected to
        assert (await client.post(url, {}, b"{}")).status == 200
        assert resolver.asked == 1  # over the same connection
        await client.close()
        with pytest.raises(NotAllowed, match="private-address"):
            await Outgoing(HERE, resolve=resolver).post(url, {}, b"{}")
    assert inside.connections == 1


async def test_the_real_resolver_is_believed_no_more_than_another() -> None:
    for host in ("localhost", "ip6-localhost", "2130706433", "0x7f000001", "127.1"):
        client = Outgoing(PUBLIC_ONLY)
        with pytest.raises((NotAllowed, Unreachable)):
            await client.post(f"https://{host}/", {}, b"{}")
        await client.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_the_inside_is_an_answer_and_no_way(status: int) -> None:
    async with raw_server(answers(OK)) as inside:
        head = f"HTTP/1.1 {status} Away\r\nLocation: http://127.0.0.1:{inside.port}/\r\n"
        told = f"{head}Content-Length: 0\r\n\r\n".encode()
        async with raw_server(answers(told)) as server:
            client = Outgoing(HERE)
            came = await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
            await client.close()
    assert came.status == status
    assert inside.connections == 0


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_server(answers(OK)) as proxy, raw_server(answers(OK)) as server:
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        client = Outgoing(HERE)
        await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
        await client.close()
    assert (proxy.connections, server.connections) == (0, 1)


async def test_no_cookie_comes_back() -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(answers(answer)) as server:
        client = Outgoing(HERE)
        for _ in range(2):
            await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
        await client.close()
    assert "cookie" not in server.heads[1].lower()


# --- answers without an end, and other mischief --------------------------------------------------


async def test_of_ten_gigabytes_the_beginning_is_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n"
    async with raw_server(endless(head, b"x" * 65_536)) as server:
        client = Outgoing(HERE)
        tracemalloc.start()
        came = await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        await client.close()
        assert (came.status, came.whole, len(came.body)) == (200, False, MOST_ANSWER)
        assert server.sent < 64 * 1024 * 1024
    assert peak < 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("head", "chunk"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),  # never ends
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),  # byte by byte
        (b"HTTP/1.1 200 OK\r\n", b"X-More: y\r\n"),  # the head never ends
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
)
async def test_an_answer_that_drags_on_is_cut_off(head: bytes, chunk: bytes) -> None:
    async with raw_server(endless(head, chunk, pause=0.02)) as server:
        client = Outgoing(HERE, whole_seconds=0.5)
        began = time.monotonic()
        with pytest.raises(Unreachable, match="timed-out"):
            await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
        await client.close()
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no-http"),
        (b"HTTP/1.1 two hundred\r\n\r\n", "no-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "no-http"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n", "no-http"),
    ],
)
async def test_what_is_no_http_is_no_answer(data: bytes, reason: str) -> None:
    async with raw_server(answers(data)) as server:
        client = Outgoing(HERE, whole_seconds=2)
        with pytest.raises(Unreachable, match=reason):
            await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
        await client.close()


async def test_a_compressed_answer_is_not_unpacked() -> None:
    bomb = b"\x1f\x8b" + b"\x00" * 100
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    async with raw_server(answers(head + bomb)) as server:
        client = Outgoing(HERE)
        came = await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")
        await client.close()
    assert came.body == bomb


async def test_nobody_there() -> None:
    async with raw_server(never) as server:
        port = server.port
        slow = Outgoing(HERE, whole_seconds=0.3)
        with pytest.raises(Unreachable, match="timed-out"):
            await slow.post(f"http://127.0.0.1:{port}/", {}, b"{}")
        await slow.close()
    client = Outgoing(HERE, resolve=leading_to())
    with pytest.raises(Unreachable, match="no-connection"):
        await client.post(f"http://127.0.0.1:{port}/", {}, b"{}")
    with pytest.raises(Unreachable, match="no-such-host"):
        await client.post(f"http://{NAME}/", {}, b"{}")
    await client.close()


async def test_a_connection_that_does_not_come_about_is_given_up_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hangs(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(3600)
        return ()

    monkeypatch.setattr(outgoing, "CONNECT_SECONDS", 0.2)
    client = Outgoing(HERE, resolve=hangs)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="timed-out"):
        await client.post(f"http://{NAME}/", {}, b"{}")
    await client.close()
    assert time.monotonic() - began < 2


async def test_a_server_that_closes_after_each_answer_is_called_again() -> None:
    async def once(_server: object, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        await writer.drain()
        writer.close()

    async with raw_server(once) as server:
        client = Outgoing(HERE)
        for _ in range(3):
            assert (await client.post(f"http://127.0.0.1:{server.port}/", {}, b"{}")).status == 200
            await asyncio.sleep(0.01)
        await client.close()
    assert server.connections == 3
