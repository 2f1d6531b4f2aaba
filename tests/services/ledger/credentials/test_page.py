"""The page judges credentials as the command does, in a real browser, without a network."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from string import ascii_letters, digits
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.ledger.credential_page import FILE, PAGE, POLICY
from services.ledger.credentials.checking import check
from services.ledger.credentials.issuers import (
    Issuer,
    IssuerKey,
    did_document,
    read_did_document,
)
from services.ledger.credentials.plain_json import Unreadable, canonical, read_json
from services.ledger.credentials.words import WORDS, said
from services.ledger.page import policy
from tests.services.ledger.credentials.making import (
    DID,
    INDEX,
    NOW,
    SECRET,
    UNTIL,
    Made,
    public_of,
    with_bit,
)

CHROMIUM = shutil.which("chromium")
in_a_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no chromium: apt-get install chromium"
)
MADE = Made()
REVOKED = Made(bits=with_bit(INDEX))
OTHER = Made(Ed25519PrivateKey.generate())
DAY = timedelta(days=1)
KEY = IssuerKey(public_of(SECRET))


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.set_offline(True)
        page: Any = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.clock.install(time=NOW)
        page.goto(FILE.as_uri())
        yield page
        browser.close()


def verdict(page: Any, folder: Path, *given: Any, at: Any = NOW) -> tuple[str, list[str]]:
    """What the page says of a credential, with an issuer's document and perhaps a list."""
    page.clock.set_fixed_time(at)
    for name, content in zip(("file", "issuer", "list"), (*given, None), strict=False):
        path = folder / f"{name}.json"
        path.write_bytes(content if isinstance(content, bytes) else canonical(content))
        page.set_input_files(f"#{name}", [] if content is None else path)
    page.evaluate("document.getElementById('verdict').hidden = true")
    page.click("#check")
    page.wait_for_selector("#verdict:not([hidden])")
    lines = page.eval_on_selector_all("#verdict p", "all => all.map((one) => one.textContent)")
    return page.get_attribute("#verdict", "data-code"), lines


def altered(credential: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**credential, **changes}


def reproved(**changes: Any) -> dict[str, Any]:
    return altered(MADE.credential, proof={**MADE.credential["proof"], **changes})


def unlike(name: str, value: Any) -> dict[str, Any]:
    shown = MADE.showing("minutes")
    return altered(shown, disclosures=[{**shown["disclosures"][0], name: value}])


CASES: dict[str, tuple[Any, IssuerKey, Any, Any]] = {
    "alone": (MADE.credential, KEY, None, NOW),
    "shown": (MADE.showing("name", "services", "replaces"), KEY, MADE.listed(), NOW),
    "all": (MADE.showing(*MADE.values), KEY, MADE.listed(), NOW + DAY / 2),
    "revoked": (MADE.showing("name"), KEY, REVOKED.listed(), NOW),
    "expired": (MADE.credential, KEY, None, UNTIL),
    "revoked and expired": (MADE.credential, KEY, REVOKED.listed(UNTIL), UNTIL),
    "not yet": (MADE.credential, KEY, None, NOW - DAY),
    "another value": (unlike("value", 121), KEY, None, NOW),
    "another name": (unlike("name", "hours"), KEY, None, NOW),
    "another salt": (unlike("salt", "A" * 22), KEY, None, NOW),
    "no salt": (unlike("salt", ""), KEY, None, NOW),
    "longer": (altered(MADE.credential, validUntil="2099-01-01T00:00:00Z"), KEY, None, NOW),
    "more": (altered(MADE.credential, more=1), KEY, None, NOW),
    "other proof": (reproved(proofValue=OTHER.credential["proof"]["proofValue"]), KEY, None, NOW),
    "short proof": (reproved(proofValue="z1"), KEY, None, NOW),
    "other purpose": (reproved(proofPurpose="authentication"), KEY, None, NOW),
    "other context": (reproved(**{"@context": []}), KEY, None, NOW),
    "other key": (OTHER.credential, KEY, None, NOW),
    "other issuer": (altered(MADE.credential, issuer="did:web:other"), KEY, None, NOW),
    "key in its time": (MADE.credential, IssuerKey(KEY.public, expires=NOW), None, NOW),
    "key after its time": (MADE.credential, IssuerKey(KEY.public, expires=NOW - DAY), None, NOW),
    "key given up": (MADE.credential, IssuerKey(KEY.public, revoked=NOW), None, NOW),
    "old list": (MADE.credential, KEY, MADE.listed(NOW - 2 * DAY), NOW),
    "other list": (MADE.credential, KEY, OTHER.listed(), NOW),
    "short list": (MADE.credential, KEY, Made(bits=bytes(9)).listed(), NOW),
    "no list": (MADE.credential, KEY, MADE.credential, NOW),
}


@in_a_browser
@pytest.mark.parametrize("case", CASES)
def test_it_says_what_the_command_says(page: Any, tmp_path: Path, case: str) -> None:
    given, key, listed, at = CASES[case]
    document = did_document(DID, [key])
    found = check(given, read_did_document(document), at, listed)
    code, lines = verdict(page, tmp_path, given, document, listed, at=at)
    expected = said(found)
    assert [_loose(line) for line in lines] == [
        _loose(line) for line in [*expected["zh"], "", *expected["en"]]
    ]
    assert code == ("0" if found.verdict == "valid" else "1")
    assert page.said == []
    assert page.asked == [FILE.as_uri()]


def _loose(line: str) -> str:
    """Values are written with and without spaces between their parts."""
    return re.sub(r"\s", "", line)


@in_a_browser
@pytest.mark.parametrize(
    "given",
    [b"{", b"[]", b"{}", MADE.credential["proof"], {**MADE.showing("name"), "holder": "did:x"}],
)
def test_it_says_what_cannot_be_used(page: Any, tmp_path: Path, given: Any) -> None:
    document = did_document(DID, [KEY])
    for files in ((given, document), (MADE.credential, given)):
        code, lines = verdict(page, tmp_path, *files)
        assert code == "2"
        assert "It cannot be checked" in lines[0]


@in_a_browser
def test_it_judges_every_changed_byte_alike(page: Any) -> None:
    chance, whole = Random(7), canonical(MADE.showing("name", "minutes")).decode()
    places = [at for at, one in enumerate(whole) if one.isascii()]
    changed = [
        whole[:at] + chance.choice(ascii_letters + digits + '",:{}') + whole[at + 1 :]
        for at in chance.choices(places, k=400)
    ]
    judged = page.evaluate(
        "([all, issuer, now]) => Promise.all(all.map(async (each) => {"
        " try { return (await check(JSON.parse(each), issuer, null, now)).verdict; }"
        " catch { return null; } }))",
        [changed, did_document(DID, [KEY]), NOW.timestamp() * 1000],
    )
    issuer = read_did_document(did_document(DID, [KEY]))
    assert judged == [_verdict(each, issuer) for each in changed]
    assert {one for one, each in zip(judged, changed, strict=True) if each != whole} == {
        None,
        "altered",
        "unknown-key",
    }


def _verdict(text: str, issuer: Issuer) -> str | None:
    try:
        return check(read_json(text.encode()), issuer, NOW).verdict
    except Unreadable:
        return None


@in_a_browser
def test_it_runs_nothing_but_its_own_script(page: Any) -> None:
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.bad = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.bad") is None
    assert any("Content Security Policy" in line for line in page.said)


def test_the_page_has_the_words_of_the_command_and_names_its_script() -> None:
    found = re.search(r'<script id="words" type="application/json">(.*?)</script>', PAGE, re.DOTALL)
    assert found is not None
    assert json.loads(found[1]) == WORDS
    assert f'content="{policy(PAGE)}"' in PAGE
    assert POLICY.startswith(policy(PAGE))
    for way_out in ("src=", "href=", "fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval("):
        assert way_out not in PAGE
