"""The receiver in the guide does what the guide says."""

import json
import os
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from services.subscriptions.calling.messages import Message, echoes, message_of, verification
from services.subscriptions.calling.signing import Signer, secret_of
from tests.architecture.modules import ROOT

GUIDE = ROOT / "docs" / "guides" / "webhooks.md"
EVENT = {
    "specversion": "1.0",
    "id": "petitions/petition-1/1/0",
    "source": "/jinlin/petitions",
    "type": "cn.jinlin.petitions.PetitionClosed.v1",
    "data": {"petition": "1"},
}


async def test_the_receiver_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    secret = secret_of(os.urandom(32))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBHOOK_SECRET", secret)
    made: dict[str, object] = {}
    exec(compile(code, "receiver.py", "exec"), made)

    async def send(message: Message, by: str = secret) -> httpx.Response:
        # The receiver takes nothing that was signed more than five minutes ago.
        signed = Signer([by]).headers(message.id, int(time.time()), message.body)
        headers = {**message.headers, **signed}
        return await client.post("/jinlin", content=message.body, headers=headers)

    transport = httpx.ASGITransport(app=made["app"])  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://receiver.test") as client:
        asked = await send(verification("w1", 1, "a challenge", datetime.now(UTC), "structured"))
        assert asked.status_code == 200
        assert echoes(asked.content, "a challenge")
        for _ in range(2):
            assert (await send(message_of(EVENT, "structured"))).status_code == 204
        forged = await send(
            message_of({**EVENT, "id": "forged"}, "structured"), secret_of(b"x" * 32)
        )
        assert forged.status_code == 401
    with sqlite3.connect(tmp_path / "received.db") as store:
        rows = store.execute("SELECT id, event FROM seen").fetchall()
    assert [id for id, _ in rows] == [EVENT["id"]]
    assert json.loads(rows[0][1]) == EVENT
