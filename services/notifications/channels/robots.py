"""Robots of group chats (群机器人): WeCom, DingTalk, Feishu. Each is called at an address that the
group's owner copied out of the app; all answer 200 and tell in the body whether it worked.

* WeCom (企业微信): the key stands in the address; ``errcode`` 0; at most 20 a minute, 45009 beyond.
* DingTalk (钉钉), 加签: ``timestamp`` in milliseconds and ``sign`` = base64 of
  HMAC-SHA256(key = secret, ``timestamp\\nsecret``), both in the query; ``errcode`` 0; 130101: too
  many.
* Feishu (飞书), 签名校验: ``timestamp`` in seconds and ``sign`` = base64 of
  HMAC-SHA256(key = ``timestamp\\nsecret``, nothing), both in the body; ``code`` 0; 9499 and 11232:
  too many.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import orjson

from services.notifications.channels.answers import Posts, fields_of, posted, trouble_of
from services.notifications.channels.channel import Letter, NotSent
from services.notifications.domain.ways import Way

WECOM, DINGTALK, FEISHU = "wecom", "dingtalk", "feishu"
KINDS = (WECOM, DINGTALK, FEISHU)
TOO_MANY = {WECOM: (45009,), DINGTALK: (130101, 130102), FEISHU: (9499, 11232)}
"""What each answers to too many at once; a minute later it takes more."""
GONE = {WECOM: (93000,), DINGTALK: (300001, 300005, 400013, 400101), FEISHU: (19001,)}
"""What each answers where there is no such robot (any more)."""
NEXT_MINUTE = 60


class Robots:
    """All robots of all groups."""

    way = Way.ROBOT

    def __init__(self, client: Posts) -> None:
        self._client = client

    def provider(self, address: Mapping[str, Any]) -> str:
        """The host: each of the three by itself."""
        return urlsplit(address["url"]).hostname or ""

    async def send(self, letter: Letter, address: Mapping[str, Any]) -> str:
        """Has the robot say it; no robot gives an id. Raises `NotSent`."""
        kind, url, secret = address["kind"], address["url"], address.get("secret") or ""
        text = f"{letter.title}\n{letter.body}".strip()
        if kind == WECOM:
            content: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        elif kind == DINGTALK:
            content = {"msgtype": "text", "text": {"content": text}}
            url = url if not secret else with_query(url, dingtalk_signature(secret, letter.now))
        elif kind == FEISHU:
            signature = feishu_signature(secret, letter.now) if secret else {}
            content = {**signature, "msg_type": "text", "content": {"text": text}}
        else:
            raise NotSent("unknown-robot", permanent=True)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = await posted(self._client, url, headers, orjson.dumps(content))
        if (trouble := trouble_of(answer, letter.now)) is not None:
            raise trouble
        told = fields_of(answer)
        code = told.get("code" if kind == FEISHU else "errcode")
        if answer.status < 300 and code == 0:
            return ""
        if code in TOO_MANY[kind]:
            raise NotSent(f"{kind}-{code}", retry_after=NEXT_MINUTE)
        if code in GONE[kind]:
            raise NotSent(f"{kind}-{code}", bad_address=True)
        said = code if isinstance(code, int) else f"http-{answer.status}"
        raise NotSent(f"{kind}-{said}", permanent=True)

    async def close(self) -> None:
        """Closes its connections."""
        await self._client.close()


def dingtalk_signature(secret: str, now: datetime) -> dict[str, str]:
    """The query that signs a call of a DingTalk robot."""
    timestamp = str(int(now.timestamp() * 1000))
    made = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), sha256).digest()
    return {"timestamp": timestamp, "sign": b64encode(made).decode()}


def feishu_signature(secret: str, now: datetime) -> dict[str, str]:
    """The fields that sign a call of a Feishu robot."""
    timestamp = str(int(now.timestamp()))
    made = hmac.new(f"{timestamp}\n{secret}".encode(), b"", sha256).digest()
    return {"timestamp": timestamp, "sign": b64encode(made).decode()}


def with_query(url: str, more: Mapping[str, str]) -> str:
    """The URL with more in its query."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(more))))
    return urlunsplit(parts._replace(query=query))
