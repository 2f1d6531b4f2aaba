"""What the guides print about subscribing, run as it stands there."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from deploy.local.layout import BUILD, ROOT
from deploy.local.servers import KafkaServer
from shared.contracts.envelope import Envelope, parse
from shared.contracts.files import HERE, sample_file
from shared.runtime.topics import provision, topics_of
from tests.guarded import publish
from tests.registries import need_npm

GUIDES = ROOT / "docs" / "guides"
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes....").decode()
EVENT = {
    "specversion": "1.0",
    "id": "petitions/petition-p1/3/0",
    "type": "cn.jinlin.petitions.PetitionClosed.v1",
    "data": {"petition": "p1"},
}
QUESTION = {
    "specversion": "1.0",
    "id": "subscriptions/webhook-w1/verification/1",
    "type": "cn.jinlin.subscriptions.EndpointVerification.v1",
    "data": {"challenge": "abc"},
}


def block(guide: str, marker: str, language: str) -> str:
    """The first block of code behind a marker."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    _, found, rest = text.partition(f"<!-- {marker} -->")
    assert found, f"{guide} has no {marker!r}"
    match = re.search(rf"^```{language}\n(.*?)^```", rest, re.DOTALL | re.MULTILINE)
    assert match is not None
    return match[1]


def sample(name: str) -> Envelope:
    """The golden sample of an event of petitions."""
    return parse(sample_file(HERE, f"cn.jinlin.petitions.{name}.v1").read_bytes())


@pytest.mark.slow
def test_the_client_hears_what_it_asked_for(
    own_kafka: Callable[[], KafkaServer], tmp_path: Path
) -> None:
    kafka = own_kafka()
    provision(kafka.bootstrap, topics_of("petitions"))
    answered, filed, closed = map(sample, ("PetitionAnswered", "PetitionFiled", "PetitionClosed"))
    publish(kafka.bootstrap, filed, answered, answered, closed)
    running = subprocess.Popen(
        [sys.executable, "-c", block("subscribing.md", "client", "python")],
        cwd=tmp_path,
        env={**os.environ, "JINLIN_KAFKA_BOOTSTRAP": kafka.bootstrap, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        heard = {running.stdout.readline().split()[1] for _ in range(2)}
        assert heard == {answered.id, closed.id}
        running.send_signal(signal.SIGTERM)
        rest, _ = running.communicate(timeout=60)
        assert (running.returncode, rest) == (0, "")
    finally:
        running.kill()
        running.wait()


Calls = list[tuple[str, dict[str, str]]]


def called(event: dict[str, Any], at: float | None = None) -> tuple[str, dict[str, str]]:
    """The body and the headers of a call."""
    body, moment = json.dumps(event), datetime.fromtimestamp(at or time.time(), UTC)
    return body, {
        "webhook-id": event["id"],
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(event["id"], moment, body),
    }


def false_calls() -> Calls:
    """Such as are not from us, or not from now."""
    body, headers = called(EVENT)
    other = json.dumps({**EVENT, "data": {"petition": "p2"}})
    unsigned = {name: value for name, value in headers.items() if name != "webhook-signature"}
    return [
        (other, headers),
        (body, {**headers, "webhook-id": "petitions/petition-p2/3/0"}),
        (body, {**headers, "webhook-signature": "v1," + base64.b64encode(b"x" * 32).decode()}),
        (body, unsigned),
        called(EVENT, at=time.time() - 3600),
    ]


DRIVER = """
import { received } from './receiver.mjs'
import { readFileSync } from 'node:fs'
const kept = []
const { secret, calls } = JSON.parse(readFileSync(0, 'utf8'))
const answers = calls.map(([body, headers]) =>
  received(body, headers, secret, (id, event) => kept.push([id, event])))
console.log(JSON.stringify({ answers, kept }))
"""


@pytest.mark.slow
def test_a_webhook_in_node_takes_ours_and_no_others(tmp_path: Path) -> None:
    need_npm()
    (tmp_path / "receiver.mjs").write_text(block("webhooks.md", "in Node", "js"), encoding="utf-8")
    (tmp_path / "driver.mjs").write_text(DRIVER, encoding="utf-8")
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    install = ["npm", "install", "--cache", str(BUILD / "npm"), "--no-audit", "--no-fund"]
    subprocess.run(
        [*install, "standardwebhooks@1.1.1"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    calls = [called(QUESTION), called(EVENT), *false_calls()]
    done = subprocess.run(
        ["node", "driver.mjs"],
        cwd=tmp_path,
        input=json.dumps({"secret": SECRET, "calls": calls}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stdout)
    assert told["answers"] == [[200, {"challenge": "abc"}], [204, {}], *[[401, {}]] * 5]
    assert told["kept"] == [[EVENT["id"], EVENT]]
