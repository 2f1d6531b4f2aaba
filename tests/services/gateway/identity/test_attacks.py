"""What is tried at the door against those who sign in; each test is named for the attack."""

import io
import logging
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

import httpx
import pytest
from starlette.requests import Request

from deploy.local.oidc import ACCESS_LASTS
from services.gateway.doorway import MORE_HEADERS
from services.gateway.identity.cookies import Cookies
from services.gateway.identity.signing_in import local_path
from shared.runtime import logs
from shared.runtime.signed_tokens import NotAuthenticated
from tests.services.gateway.identity.house import (
    DOOR,
    ISSUER,
    RESIDENT,
    SETTINGS,
    STAFF,
    Browser,
    House,
    query_of,
    request_with,
)
from tests.services.gateway.identity.test_signing_out import logout_token, sign_in_of, tell

# --- cross-site request forgery -----------------------------------------------------------------


async def test_csrf_a_form_without_the_token_changes_nothing(browser: Browser) -> None:
    await browser.sign_in()
    for form in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": "A" * 86}, {"csrf": "中"}):
        answer = await browser.post("/test/change", data=form)
        assert answer.status_code == 403, form


async def test_csrf_the_sessions_own_form_is_taken_and_its_header_as_well(
    browser: Browser,
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    assert (await browser.post("/test/change", data={"csrf": token})).status_code == 200
    headers = {"X-CSRF-Token": token}
    assert (await browser.post("/test/change", headers=headers)).status_code == 200


async def test_csrf_another_sessions_token_is_not_taken(house: House) -> None:
    thief, victim = house.browser(), house.browser()
    await thief.sign_in(STAFF)
    await victim.sign_in(RESIDENT)
    stolen = await thief.csrf()
    assert (await victim.post("/test/change", data={"csrf": stolen})).status_code == 403


async def test_csrf_a_token_from_before_signing_out_is_not_taken(browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    await browser.sign_out()
    await browser.sign_in()
    assert (await browser.post("/test/change", data={"csrf": token})).status_code == 403


async def test_csrf_no_two_pages_have_the_same_token(browser: Browser) -> None:
    await browser.sign_in()
    tokens = [await browser.csrf() for _ in range(5)]
    assert len(set(tokens)) == 5
    for token in tokens:
        assert (await browser.post("/test/change", data={"csrf": token})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": DOOR},
        {"Sec-Fetch-Site": ""},
    ],
    ids=str,
)
async def test_csrf_with_the_token_but_from_another_site_is_not_taken(
    browser: Browser, headers: Mapping[str, str]
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    answer = await browser.post("/test/change", data={"csrf": token}, headers=headers)
    assert answer.status_code == 403
    headers = {**headers, "X-CSRF-Token": token}
    assert (await browser.post("/test/to-a-service", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", f"{DOOR}.evil.test", "http://localhost"]
)
async def test_csrf_an_older_browser_is_told_apart_by_its_origin(
    browser: Browser, origin: str
) -> None:
    await browser.sign_in()
    form = {"csrf": await browser.csrf()}
    url = f"{DOOR}/test/change"
    bad = await browser.http.post(url, data=form, headers={"Origin": origin})
    assert bad.status_code == 403
    good = await browser.http.post(url, data=form, headers={"Origin": DOOR})
    assert good.status_code == 200


async def test_csrf_the_way_to_the_services_needs_the_header(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.get("/test/to-a-service")).json() == {"has_token": True}
    assert (await browser.post("/test/to-a-service")).status_code == 403
    form = {"csrf": await browser.csrf()}
    assert (await browser.post("/test/to-a-service", data=form)).status_code == 403
    headers = {"X-CSRF-Token": form["csrf"]}
    answer = await browser.post("/test/to-a-service", headers=headers)
    assert answer.json() == {"has_token": True}


async def test_csrf_signing_somebody_out_from_another_page_fails(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.post("/logout")).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site"}
    form = {"csrf": await browser.csrf()}
    assert (await browser.post("/logout", data=form, headers=headers)).status_code == 403
    assert await browser.who() is not None


async def test_login_csrf_a_victim_cannot_be_signed_in_as_the_attacker(house: House) -> None:
    attacker, victim = house.browser(), house.browser()
    page = await attacker.follow(await attacker.get("/login"))
    back = (await attacker.say_who(page, STAFF)).headers["location"]
    # The attacker keeps the code and has the victim's browser open the address.
    answer = await victim.get(back)
    assert answer.status_code == 400
    assert await victim.who() is None


# --- open redirect ------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.test/",
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    " //evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.test",
    "http:evil.test",
    "/%0d%0aSet-Cookie:x=y\r\nX: y",
    "/a\\..\\b",
    "/" + "a" * 3000,
    "/login?next=/login",
    "/logout",
    "/中文",
    "",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_open_redirect_what_leads_elsewhere_leads_home(address: str) -> None:
    assert local_path(address) == "/"


@pytest.mark.parametrize("address", ["/", "/petitions/p-1?a=1&b=%E4%B8%AD", "/work#x", "/a//b"])
def test_open_redirect_paths_of_the_door_are_kept(address: str) -> None:
    assert local_path(address) == address


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test", "/\\evil.test"])
async def test_open_redirect_nobody_comes_back_elsewhere(browser: Browser, address: str) -> None:
    page = await browser.follow(await browser.get(f"/login?next={quote(address)}"))
    answer = await browser.say_who(page)
    while (goes := answer.url.join(answer.headers["location"])).path != "/":
        assert goes.host in ("localhost", "127.0.0.1")
        answer = await browser.get(str(goes))
    assert goes.host == "localhost", "home is the door's own"


# --- session fixation ---------------------------------------------------------------------------


async def test_session_fixation_a_planted_cookie_is_not_taken_over(house: House) -> None:
    attacker, victim = house.browser(), house.browser()
    await attacker.sign_in(STAFF)
    planted = attacker.session_cookies()
    victim.take(planted)
    page = await victim.follow(await victim.get("/login?fresh=1&next=/test/whoami"))
    await victim.follow(await victim.say_who(page, RESIDENT))
    assert victim.session_cookies() != planted
    told = await victim.who()
    assert told is not None
    assert told["sub"] == RESIDENT
    told = await house.browser().take(planted).who()
    assert told is not None
    assert told["sub"] == STAFF, "the planted session is still the attacker's own"


async def test_session_fixation_each_sign_in_has_a_new_session(browser: Browser) -> None:
    await browser.sign_in()
    first, token = browser.session_cookies(), await browser.csrf()
    page = await browser.follow(await browser.get("/login?fresh=86400&next=/test/whoami"))
    await browser.follow(await browser.say_who(page))
    assert browser.session_cookies() != first
    assert (await browser.post("/test/change", data={"csrf": token})).status_code == 403


# --- cookies ------------------------------------------------------------------------------------


def marks(header: str) -> set[str]:
    """The attributes of a Set-Cookie header."""
    return {part.strip() for part in header.split(";")[1:]}


async def test_cookie_flags_of_every_cookie_that_is_set(browser: Browser) -> None:
    seen = []
    answer = await browser.get("/login?next=/test/whoami")
    while True:
        if answer.url.port == 8080:
            seen += answer.headers.get_list("set-cookie")
        if answer.url.path == "/authorize":
            answer = await browser.say_who(answer)
        if not answer.has_redirect_location:
            break
        answer = await browser.get(str(answer.url.join(answer.headers["location"])))
    assert len(seen) >= 3
    for header in seen:
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= marks(header), header
        assert "Domain" not in header
        assert "Secure" not in marks(header), "plain http in local mode"


@pytest.mark.parametrize(
    "changes",
    [
        {"production": True, "public_url": "https://jinlin.test"},
        {"public_url": "https://jinlin.test"},
    ],
)
def test_cookie_flags_where_browsers_come_by_https(changes: dict[str, object]) -> None:
    cookies = Cookies(replace(SETTINGS, **changes))  # type: ignore[arg-type]
    given: list[tuple[bytes, bytes]] = []
    request = Request({"type": "http", "headers": [], MORE_HEADERS: given})
    cookies.give_session(request, "x" * 9_000)
    cookies.give(request, cookies.signing_in("abcdefghij"), "y", seconds=5)
    assert len(given) == 4
    for name, value in given:
        header = value.decode()
        assert name == b"set-cookie"
        assert header.startswith("__Host-jinlin-")
        assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= marks(header)
        assert "Domain" not in header


async def test_cookie_tampering_gives_nobody_a_session(browser: Browser, house: House) -> None:
    await browser.sign_in()
    (name,) = browser.session_cookies()
    good = browser.session_cookies()[name]
    bad = [good[:-3] + "AAA", good[:200] + "x" + good[201:], "1~", "", "99~" + good, "2~" + good]
    bad += [good.replace("1~", "0~", 1), good.replace("1~", "-1~", 1), "1~" + "a." * 4 + "a", "中"]
    for value in bad:
        answer = await house.browser().http.get(
            f"{DOOR}/test/whoami", headers={"Cookie": f"{name}={quote(value, safe='~.-_')}"}
        )
        assert answer.json() is None, value[:40]


async def test_cookie_of_a_sign_in_under_way_is_no_session(browser: Browser) -> None:
    await browser.get("/login")
    (under_way,) = [one for one in browser.http.cookies.jar if "signing-in" in one.name]
    cookie = f"jinlin-session=1~{under_way.value}"
    answer = await browser.http.get(f"{DOOR}/test/whoami", headers={"Cookie": cookie})
    assert answer.json() is None


# --- code, state, nonce -------------------------------------------------------------------------


async def test_code_replay_the_second_time_nobody_is_signed_in(house: House) -> None:
    browser = house.browser()
    page = await browser.follow(await browser.get("/login?next=/test/whoami"))
    jar = {one.name: one.value or "" for one in browser.http.cookies.jar}
    back = (await browser.say_who(page)).headers["location"]
    assert (await browser.follow(await browser.get(back))).json() is not None
    assert (await browser.get(back)).status_code == 400, "the state is used up"
    thief = house.browser().take(jar)
    assert (await thief.get(back)).status_code == 400, "and so is the code, with the very cookies"
    assert await thief.who() is None


async def test_code_of_somebody_else_is_refused_by_pkce(house: House) -> None:
    victim, thief = house.browser(), house.browser()
    page = await victim.follow(await victim.get("/login"))
    stolen = query_of((await victim.say_who(page)).headers["location"])["code"]
    own = await thief.follow(await thief.get("/login"))
    back = (await thief.say_who(own, STAFF)).headers["location"]
    mixed = back.replace(query_of(back)["code"], stolen)
    assert (await thief.get(mixed)).status_code == 400
    assert await thief.who() is None


async def test_state_of_another_tab_or_of_nobody_is_refused(browser: Browser) -> None:
    page = await browser.follow(await browser.get("/login"))
    back = (await browser.say_who(page)).headers["location"]
    state = query_of(back)["state"]
    for other in ("", "x", state[:8], state[:-1] + "x", state + "x", "\r\nSet-Cookie: a=b"):
        wrong = back.replace(f"state={quote(state)}", f"state={quote(other)}")
        answer = await browser.get(wrong)
        assert answer.status_code == 400, other
        assert not any("a=b" in one for one in answer.headers.get_list("set-cookie"))
    assert await browser.who() is None


async def test_nonce_of_another_sign_in_is_refused(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await browser.follow(await browser.get("/login"))
    back = (await browser.say_who(page)).headers["location"]
    (code,) = house.issuer.grants._codes.values()
    changed = replace(code, nonce="of-another-sign-in")
    monkeypatch.setitem(house.issuer.grants._codes, query_of(back)["code"], changed)
    assert (await browser.get(back)).status_code == 400
    assert await browser.who() is None


async def test_mixed_up_issuers_an_answer_of_another_is_refused(house: House) -> None:
    for change in ("iss=https%3A%2F%2Fevil.test", ""):
        browser = house.browser()
        page = await browser.follow(await browser.get("/login"))
        back = (await browser.say_who(page)).headers["location"]
        wrong = back.replace(f"iss={quote(ISSUER, safe='')}", change)
        assert wrong != back
        assert (await browser.get(wrong)).status_code == 400
        assert await browser.who() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-client"},
        {"iss": "https://evil.test"},
        {"exp": 1},
        {"sub": STAFF},
        {"sub": None},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"azp": "another-client", "aud": ["jinlin-web", "another-client"]},
    ],
    ids=str,
)
async def test_id_tokens_that_are_not_for_this_sign_in_are_refused(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    page = await browser.follow(await browser.get("/login"))
    back = (await browser.say_who(page)).headers["location"]
    sign = house.issuer._signer.sign
    monkeypatch.setattr(
        house.issuer._signer, "sign", lambda typ, claims: sign(typ, {**claims, **changes})
    )
    assert (await browser.get(back)).status_code == 400
    assert await browser.who() is None


# --- stolen cookies -----------------------------------------------------------------------------


async def test_stolen_cookie_is_worth_nothing_after_back_channel_logout(two_doors: House) -> None:
    owner = two_doors.browser(0)
    await owner.sign_in()
    thief = two_doors.browser(1).take(owner.session_cookies())
    assert await thief.who() is not None
    answer = await tell(two_doors, logout_token(two_doors, sign_in_of(two_doors)), door=1)
    assert answer.status_code == 200
    assert await thief.who() is None
    assert (await thief.get("/test/to-a-service")).json() == {"has_token": False}


async def test_stolen_cookie_is_worth_nothing_after_its_owner_signed_out(house: House) -> None:
    owner = house.browser()
    await owner.sign_in()
    thief = house.browser().take(owner.session_cookies())
    await owner.sign_out()
    assert await thief.who() is None


async def test_stolen_cookie_that_was_renewed_by_the_thief_ends_with_the_owners(
    house: House,
) -> None:
    owner = house.browser()
    await owner.sign_in()
    thief = house.browser().take(owner.session_cookies())
    house.move(seconds=ACCESS_LASTS + 1)
    assert await thief.who() is not None
    assert thief.session_cookies() != owner.session_cookies()
    await owner.sign_out()
    assert await thief.who() is None


# --- tokens in the open -------------------------------------------------------------------------


async def test_tokens_stand_in_no_page_no_log_and_no_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    before = logging.getLogger().handlers, logging.getLogger().level
    logs.configure("gateway", "debug")
    try:
        browser = house.browser()
        bodies: list[str] = []

        async def note(answer: httpx.Response) -> None:
            if answer.url.port == 8080:
                await answer.aread()
                bodies.append(answer.text)

        browser.http.event_hooks["response"].append(note)
        await browser.sign_in()
        kept = house.doorways[0].sessions.kept(request_with(browser))
        assert kept is not None
        first = kept.tokens
        house.move(seconds=ACCESS_LASTS + 1)
        await browser.csrf()
        kept = house.doorways[0].sessions.kept(request_with(browser))
        assert kept is not None
        second = kept.tokens
        assert first.access != second.access
        await browser.post("/test/change", data={"csrf": "wrong"})
        await tell(house, second.access)
        await browser.sign_out()
    finally:
        logging.getLogger().handlers, level = before
        logging.getLogger().setLevel(level)
    logged = written.getvalue()
    assert "signed_in" in logged, "something was logged at all"
    assert "signed_out" in logged
    secrets = [first.access, second.access, first.refresh, second.refresh]
    for token in secrets:
        assert token
        last = token.rpartition(".")[2]
        assert last not in logged
        assert not any(last in body for body in bodies)
        assert not any(last in unquote(address) for address in browser.at)
    # The ID token goes to the issuer to sign out there, as the standard has it, and nowhere else.
    for id_token in (first.id_token, second.id_token):
        assert id_token
        assert id_token not in logged
        assert not any(id_token in body for body in bodies)
        assert all(a.startswith(f"{ISSUER}/logout?") for a in browser.at if id_token in a)


async def test_an_id_token_opens_no_service(house: House, browser: Browser) -> None:
    await browser.sign_in()
    kept = house.doorways[0].sessions.kept(request_with(browser))
    assert kept is not None
    assert kept.tokens.id_token is not None
    with pytest.raises(NotAuthenticated):
        await house.doorways[0].verifier.verify(kept.tokens.id_token)
