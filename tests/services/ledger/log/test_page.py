"""The page checks what the command checks, in a real browser, from the disk and from a server."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from services.ledger.page import FILE, PAGE, POLICY, policy
from shared.merkle.ed25519 import new_signer
from tests.merkle.logs import NAME
from tests.services.ledger.log.proof_files import PLACE, SIZE, WORDS, Sealed, sealed

CHROMIUM = shutil.which("chromium")
in_a_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no chromium: apt-get install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


@pytest.fixture
def given(tmp_path: Path) -> Sealed:
    return sealed(tmp_path)


@pytest.fixture
def address() -> Iterator[str]:
    """Where the page is served as the ledger serves it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/verify" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(PAGE.encode() if self.path == "/verify" else b"")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    serving = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}/verify"
    serving.shutdown()
    thread.join()
    serving.server_close()


def verdict(page: Any, file: Path, proof: Path, trusted: str = "", witness: str = "") -> Any:
    """What the page says."""
    page.set_input_files("#file", file)
    page.set_input_files("#proof", proof)
    page.fill("#trusted", trusted)
    page.fill("#witnesses", witness)
    page.evaluate("document.getElementById('verdict').hidden = true")
    page.click("#check")
    page.wait_for_selector("#verdict:not([hidden])")
    return page.get_attribute("#verdict", "data-code"), page.inner_text("#verdict")


@in_a_browser
def test_from_the_disk_it_proves_without_a_network(page: Any, given: Sealed) -> None:
    page.context.set_offline(True)
    page.goto(FILE.as_uri())
    code, said = verdict(page, given.file, given.proof())
    assert code == "0", said
    assert "已证明" in said
    assert "Proved: not one byte" in said
    assert f"entry {PLACE + 1} of the log {NAME}" in said
    assert f"a head of {SIZE} entries" in said
    assert given.log.signers[-1].key.fingerprint in said
    assert page.said == []
    assert page.asked == [FILE.as_uri()]


@in_a_browser
def test_from_a_server_it_obeys_its_policy(page: Any, given: Sealed, address: str) -> None:
    page.goto(address)
    first, witness = str(given.log.signers[0].key), str(given.witness.key)
    code, said = verdict(page, given.file, given.proof(), first, witness)
    assert code == "0", said
    assert "vouched for by it" in said
    assert "The witness witness.test/one saw the same head" in said
    assert page.said == []
    assert page.asked == [address]
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.bad = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.bad") is None, "no other script runs"
    assert any("Content Security Policy" in line for line in page.said)


@in_a_browser
def test_it_judges_as_the_command_does(page: Any, given: Sealed) -> None:
    page.goto(FILE.as_uri())
    stranger = new_signer(NAME)
    first, second = given.log.keys
    usurped = {"key": str(stranger.key), "succession": second.succession}
    path = given.log.proof(PLACE)["inclusion"]
    for why, expected, changes in (
        ("another root", "1", {"index": PLACE + 1}),
        ("has no leaf", "1", {"index": SIZE}),
        ("too short", "1", {"inclusion": path[1:]}),
        ("too long", "1", {"inclusion": [*path, path[0]]}),
        ("another root", "1", {"inclusion": path[::-1]}),
        ("latest key", "1", {"keys": [{"key": str(stranger.key)}]}),
        ("latest key", "1", {"keys": [{"key": first.key}]}),
        ("of another log", "1", {"log": "log.test/other"}),
        ("other words", "1", {"keys": [{"key": first.key}, usurped]}),
        ("not a signed note", "2", {"keys": [{"key": first.key}, {"key": second.key}]}),
        ("not a proof", "2", {"format": "other"}),
        ("`digest` is missing", "2", {"entry": {}}),
        ("`inclusion`", "2", {"inclusion": ["zz"]}),
        ("not a signed note", "2", {"head": "x"}),
    ):
        code, said = verdict(page, given.file, given.proof(**changes))
        assert (code, why in said) == (expected, True), (why, said)
    code, said = verdict(page, given.file, given.proof(), str(stranger.key))
    assert (code, "none of those that are trusted" in said) == ("1", True)
    given.file.write_bytes(WORDS[:-1] + b" ")
    code, said = verdict(page, given.file, given.proof())
    assert (code, "not the one whose digest was sealed" in said) == ("1", True)
    (given.folder / "none.json").write_text("{")
    code, said = verdict(page, given.file, given.folder / "none.json")
    assert (code, "无法核验" in said) == ("2", True)


@in_a_browser
def test_a_browser_without_ed25519_says_so(page: Any, given: Sealed) -> None:
    page.add_init_script(
        "crypto.subtle.importKey = () => Promise.reject(new DOMException('Unrecognized name.'))"
    )
    page.goto(FILE.as_uri())
    code, said = verdict(page, given.file, given.proof())
    assert code == "2"
    assert "lacks Ed25519" in said


def test_the_page_names_its_own_script_and_nothing_else() -> None:
    assert f'content="{policy(PAGE)}"' in PAGE
    assert POLICY.startswith(policy(PAGE))
    for way_out in ("src=", "href=", "fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval("):
        assert way_out not in PAGE
