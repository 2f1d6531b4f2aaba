"""Robots of group chats: servers that check signatures as WeCom, DingTalk and Feishu do."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
import urllib.parse
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from services.notifications.channels.channel import Letter, NotSent
from services.notifications.channels.hosts import Hosts
from services.notifications.channels.robots import Robots, dingtalk_signature, with_query
from shared.runtime.addresses import LOCAL, PUBLIC_ONLY
from shared.runtime.outgoing import Outgoing
from tests.services.notifications.channels.answering import Asked, Provider, provider

SECRET = "SEC0123456789"


def letter(body: str = "请在三日内报到") -> Letter:
    return Letter("m" * 32, "吹哨", body, "zh-Hans", "whistle-w1", datetime.now(UTC))


def as_vendors_do(asked: Asked) -> Response:
    """Answers 200 and an error code, whatever happens, as all three do."""
    sent: dict[str, Any] = json.loads(asked.body)
    if asked.path == "/cgi-bin/webhook/send":
        known = asked.query.get("key") == "k1"
        text = sent["text"]["content"]
        assert sent["msgtype"] == "text"
        if len(text.encode()) > 2048:
            return JSONResponse({"errcode": 40058, "errmsg": "content exceed max length"})
        return JSONResponse({"errcode": 0 if known else 93000, "errmsg": ""})
    if asked.path == "/robot/send":
        stamp = asked.query.get("timestamp", "")
        fresh = stamp.isdecimal() and abs(time.time() * 1000 - int(stamp)) < 3_600_000
        content = f"{stamp}\n{SECRET}".encode()
        wanted = base64.b64encode(hmac.digest(SECRET.encode(), content, hashlib.sha256)).decode()
        fits = fresh and asked.query.get("sign") == wanted and asked.query["access_token"] == "t1"
        return JSONResponse({"errcode": 0 if fits else 310000, "errmsg": ""})
    stamp = str(sent.get("timestamp", ""))
    key = f"{stamp}\n{SECRET}".encode()
    wanted = base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()
    fits = stamp.isdecimal() and abs(time.time() - int(stamp)) < 3600 and sent["sign"] == wanted
    assert sent["msg_type"] == "text"
    return JSONResponse({"code": 0 if fits else 19021, "msg": ""})


@pytest.fixture
async def vendor() -> AsyncIterator[Provider]:
    async with provider(as_vendors_do) as made:
        yield made


@pytest.fixture
async def robots() -> AsyncIterator[Robots]:
    made = Robots(Hosts(lambda: Outgoing(LOCAL)))
    yield made
    await made.close()


def address(vendor: Provider, kind: str, secret: str = SECRET) -> dict[str, str]:
    paths = {
        "wecom": "/cgi-bin/webhook/send?key=k1",
        "dingtalk": "/robot/send?access_token=t1",
        "feishu": "/open-apis/bot/v2/hook/h1",
    }
    return {"kind": kind, "url": vendor.url + paths.get(kind, "/"), "secret": secret}


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
async def test_each_vendor_takes_it(robots: Robots, vendor: Provider, kind: str) -> None:
    await robots.send(letter(), address(vendor, kind))
    (asked,) = vendor.asked
    sent = json.loads(asked.body)
    text = sent["content"]["text"] if kind == "feishu" else sent["text"]["content"]
    assert text == "吹哨\n请在三日内报到"


@pytest.mark.parametrize(("kind", "code"), [("dingtalk", "310000"), ("feishu", "19021")])
async def test_a_wrong_secret_is_refused(
    robots: Robots, vendor: Provider, kind: str, code: str
) -> None:
    with pytest.raises(NotSent) as refused:
        await robots.send(letter(), address(vendor, kind, "another"))
    assert refused.value.code == f"{kind}-{code}"
    assert refused.value.permanent
    assert not refused.value.bad_address


@pytest.mark.parametrize(
    ("kind", "field", "code"),
    [("wecom", "errcode", 45009), ("dingtalk", "errcode", 130101), ("feishu", "code", 9499)],
)
async def test_too_many_are_sent_a_minute_later(
    robots: Robots, vendor: Provider, kind: str, field: str, code: int
) -> None:
    vendor.next.append(JSONResponse({field: code}))
    with pytest.raises(NotSent) as refused:
        await robots.send(letter(), address(vendor, kind))
    assert (refused.value.permanent, refused.value.retry_after) == (False, 60)
    assert not refused.value.trouble, "the other groups' robots go on"


async def test_a_robot_that_was_removed_is_a_bad_address(robots: Robots, vendor: Provider) -> None:
    there = address(vendor, "wecom")
    with pytest.raises(NotSent) as refused:
        await robots.send(letter(), {**there, "url": there["url"].replace("k1", "k2")})
    assert refused.value.bad_address


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errcode":"0"}', b'{"errmsg":"ok"}'])
async def test_an_answer_that_does_not_say_it_worked_says_it_did_not(
    robots: Robots, vendor: Provider, body: bytes
) -> None:
    vendor.next.append(Response(body))
    with pytest.raises(NotSent) as refused:
        await robots.send(letter(), address(vendor, "wecom"))
    assert refused.value.permanent


async def test_a_vendor_in_trouble_is_asked_later(robots: Robots, vendor: Provider) -> None:
    vendor.next.append(Response(status_code=502))
    with pytest.raises(NotSent) as refused:
        await robots.send(letter(), address(vendor, "feishu"))
    assert refused.value.trouble


async def test_an_unknown_kind_is_never_sent(robots: Robots, vendor: Provider) -> None:
    with pytest.raises(NotSent) as refused:
        await robots.send(letter(), address(vendor, "fax"))
    assert refused.value.permanent
    assert not vendor.asked


async def test_a_robot_is_no_way_into_our_own_network(vendor: Provider) -> None:
    robots = Robots(Outgoing(PUBLIC_ONLY))
    for url in (vendor.url, "https://127.0.0.1/x", "https://169.254.169.254/latest"):
        with pytest.raises(NotSent) as refused:
            await robots.send(letter(), {"kind": "wecom", "url": url, "secret": ""})
        assert refused.value.bad_address
    assert not vendor.asked
    await robots.close()


async def test_a_host_that_cannot_be_found_keeps_no_other_waiting(vendor: Provider) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        if host == "slow.example":
            await asyncio.Event().wait()
        return ["127.0.0.1"]

    robots = Robots(Hosts(lambda: Outgoing(LOCAL, resolve=resolve), most=2))
    slow = {"kind": "wecom", "url": "https://slow.example/x", "secret": ""}
    waiting = [asyncio.create_task(robots.send(letter(), slow)) for _ in range(20)]
    await asyncio.sleep(0)
    for name in ("one.example", "two.example", "three.example"):
        url = vendor.url.replace("127.0.0.1", name) + "/cgi-bin/webhook/send?key=k1"
        async with asyncio.timeout(4):
            await robots.send(letter(), {"kind": "wecom", "url": url, "secret": ""})
    assert len(vendor.asked) == 3
    assert not any(each.done() for each in waiting)
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await robots.close()


def test_a_signature_is_put_into_the_query() -> None:
    """The documented way: base64, then percent-encoded."""
    now = datetime(2021, 2, 3, tzinfo=UTC)
    signature = dingtalk_signature("this is secret", now)
    url = with_query("https://oapi.dingtalk.com/robot/send?access_token=t", signature)
    made = hmac.new(
        b"this is secret", f"{signature['timestamp']}\nthis is secret".encode(), hashlib.sha256
    )
    quoted = urllib.parse.quote_plus(base64.b64encode(made.digest()))
    assert url == (
        "https://oapi.dingtalk.com/robot/send?access_token=t"
        f"&timestamp={signature['timestamp']}&sign={quoted}"
    )
