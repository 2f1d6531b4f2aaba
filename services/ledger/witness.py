"""``python -m services.ledger.witness``: somebody else who watches that the log only ever grows.

A witness (https://c2sp.org/tlog-witness) remembers one head of each log that it knows. Given a
later one with the proof that it follows on that, it remembers the later one and signs it. What does
not follow it never signs: a log that shows different trees to different people gets no signature
for one of them. It belongs to another organisation than the ledger, on another machine.
"""

import argparse
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shared.merkle.ed25519 import Signer, new_signer, signer_in, verify
from shared.merkle.notes import Head, Key, Malformed, head_in, key_in, note_in, unbase64
from shared.merkle.tree import BadProof, verify_consistency

MOST_HASHES = 63
LONGEST_REQUEST = 64 * 1024
"""Bytes."""
PATH = "/add-checkpoint"

_OLD = re.compile(r"old (0|[1-9][0-9]{0,14})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers over HTTP."""

    status: int
    text: str
    type: str = "text/plain; charset=utf-8"


class Witness:
    """Remembers the latest head of each log in a file, and signs what follows on it."""

    def __init__(
        self, signer: Signer, logs: Sequence[Key], file: Path, now: Callable[[], float] = time.time
    ) -> None:
        self._signer = signer
        self._logs = list(logs)
        self._file = file
        self._now = now
        self._turn = threading.Lock()

    def add(self, request: str) -> Answer:
        """The answer to a request to sign a head."""
        try:
            old, proof, head, body, is_signed = self._read(request)
        except (Malformed, BadProof) as wrong:
            return Answer(400, f"{wrong}\n")
        if not any(key.name == head.origin for key in self._logs):
            return Answer(404, "this log is not watched here\n")
        if not is_signed:
            return Answer(403, "the head is not signed by a key of the log's\n")
        if old > head.size:
            return Answer(400, "the old size is larger than the new one\n")
        with self._turn:
            return self._judge(old, proof, head, body)

    def _judge(self, old: int, proof: list[bytes], head: Head, body: str) -> Answer:
        seen = self._seen()
        known = seen.get(head.origin, {"size": 0, "root": ""})
        if old != known["size"] or (old == head.size and known["root"] != head.root.hex()):
            return Answer(409, f"{known['size']}\n", "text/x.tlog.size")
        if old:
            try:
                verify_consistency(old, head.size, proof, bytes.fromhex(known["root"]), head.root)
            except BadProof as bad:
                return Answer(422, f"it does not follow on what was seen: {bad}\n")
        elif proof:
            return Answer(422, "there is nothing to prove, and yet a proof\n")
        self._keep({**seen, head.origin: {"size": head.size, "root": head.root.hex()}})
        return Answer(200, str(self._signer.sign(body, int(self._now()))))

    def _read(self, request: str) -> tuple[int, list[bytes], Head, str, bool]:
        before, blank, text = request.partition("\n\n")
        first, *hashes = before.split("\n")
        old = _OLD.fullmatch(first)
        if not blank or old is None or len(hashes) > MOST_HASHES:
            raise Malformed("expected `old <size>`, hashes, an empty line and a signed head")
        note = note_in(text)
        head = head_in(note.body)
        signed = [note.signed_by(key, verify) for key in self._logs if key.name == head.origin]
        is_signed = any(one is not None for one in signed)
        return int(old[1]), [unbase64(each) for each in hashes], head, note.body, is_signed

    def _seen(self) -> dict[str, Any]:
        try:
            seen: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return seen

    def _keep(self, seen: dict[str, Any]) -> None:
        """On the disk before anything is signed."""
        fresh = self._file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(seen, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A witness behind HTTP; `serve_forever` serves."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            if self.path != PATH or not length.isdigit() or int(length) > LONGEST_REQUEST:
                self.close_connection = True
                self._answer(Answer(404 if self.path != PATH else 413, "not here, or too long\n"))
                return
            raw = self.rfile.read(int(length))
            try:
                answer = witness.add(raw.decode())
            except UnicodeDecodeError:
                answer = Answer(400, "not UTF-8\n")
            self._answer(answer)

        def _answer(self, answer: Answer) -> None:
            body = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is said of those who ask."""

    return ThreadingHTTPServer((host, port), Handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.ledger.witness", description=__doc__)
    parser.add_argument("--name", default="witness.local/one", help="of a key made at first start")
    parser.add_argument("--folder", type=Path, required=True, help="for its key and what it saw")
    parser.add_argument("--log", action="append", required=True, help="a key of a log to watch")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8190)
    options = parser.parse_args(arguments)
    try:
        signer = _own_key(options.folder / "key", options.name)
        witness = Witness(signer, [key_in(each) for each in options.log], options.folder / "seen")
        serving = server(witness, options.host, options.port)
    except (Malformed, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(f"{signer.key}\nhttp://{options.host}:{serving.server_port}", flush=True)
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        serving.server_close()
    return 0


def _own_key(file: Path, name: str) -> Signer:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as fresh:
            fresh.write(f"{new_signer(name).secret}\n")
    return signer_in(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
