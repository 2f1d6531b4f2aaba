"""The points bank over HTTP: from confirmed hours to a passbook, a reward, a till and the books."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import Earn, PassOn
from services.volunteering.domain.bank.legs import person_account, team_account
from shared.contracts.volunteering.hours import Work
from tests.services.community.served import Served, until
from tests.services.volunteering.served import (
    COMMUNITY,
    DISTRICT,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    as_convenor,
    enrol,
    told,
    volunteering,
)

SHOP, CLERK = "o-shop", "clerk"
LIN, WANG = person_account("lin"), person_account("wang")


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        await enrol(made, "lin", "wang")
        for id in (LIN, WANG):
            await becomes(made, id, lambda state: state["status"] == "open")
        yield made


async def works(at: Served, id: str, hours: int, work: str = "w1", days_ago: int = 0) -> None:
    """Confirmed hours, as the reaction posts them."""
    begun = at.running.clock.now() - timedelta(days=days_ago)
    await told(at, account, id, Earn(work, Work.ACTIVITY, begun, 60 * hours))


async def shown(at: Served, id: str, who: str | None = None) -> Any:
    answer = await at.ask("GET", f"/accounts/{id}", who or id.partition(":")[2], "resident")
    return answer.json()


async def becomes(at: Served, id: str, reached: Any) -> Any:
    """Waits until the account is so; what its holder sees of it."""
    async with asyncio.timeout(10):
        while True:
            state = await shown(at, id)
            if "balance" in state and reached(state):
                return state
            await asyncio.sleep(0.01)


async def at_the_shop(at: Served, method: str, path: str, **rest: Any) -> Any:
    """A request of somebody whose token names the shop."""
    token = at.issuer.token(CLERK, ("resident",), (), org=SHOP)
    headers = {"Authorization": f"Bearer {token}", **rest.pop("headers", {})}
    return await at.client.request(method, path, headers=headers, **rest)


async def admitted(at: Served) -> None:
    body = {"shop": SHOP, "place": COMMUNITY}
    answer = await as_convenor(at, "POST", "/shops", json=body)
    assert answer.status_code == 201, answer.text
    await until(lambda: SHOP in at.running.copies["shop"])


async def put_up(at: Served, stock: int = 2, **terms: Any) -> str:
    body = {
        "shop": SHOP,
        "place": COMMUNITY,
        "title": "一袋米",
        "text": "五公斤",
        "terms": {"price": 30, **terms},
        "stock": stock,
    }
    answer = await at_the_shop(at, "POST", "/rewards", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def does(at: Served, who: str, id: str, verb: str, **body: Any) -> Any:
    return await at.ask("POST", f"/accounts/{id}/{verb}", who, "resident", json=body)


# --- accounts ------------------------------------------------------------------------------------


async def test_whoever_serves_has_an_account_and_others_open_one(at: Served) -> None:
    mine = (await at.ask("GET", "/accounts/mine", "lin")).json()["items"]
    assert [(one["id"], one["balance"], one["can"]) for one in mine] == [(LIN, 0, [])]
    assert (await at.ask("GET", f"/accounts/{LIN}", "wang")).status_code == 404
    staff = await as_convenor(at, "GET", f"/accounts/{LIN}")
    assert staff.status_code == 200
    assert "dossier" not in staff.json()
    opened = await at.ask("POST", "/accounts", "elder", json={"place": NEIGHBOURHOOD})
    assert opened.headers["location"] == "/accounts/person:elder"
    for_another = {"place": NEIGHBOURHOOD, "person": "old-chen"}
    assert (await at.ask("POST", "/accounts", "lin", json=for_another)).status_code == 403
    assert (await as_convenor(at, "POST", "/accounts", json=for_another)).status_code == 201
    again = await as_convenor(at, "POST", "/accounts", json=for_another)
    assert (again.status_code, again.json()["type"]) == (409, "urn:jinlin:problem:account-open")
    nowhere = await at.ask("POST", "/accounts", "x", json={"place": "nowhere"})
    assert nowhere.status_code == 409


async def test_points_are_given_with_a_word_that_the_receiver_reads(at: Served) -> None:
    await works(at, LIN, 5)
    given = await does(at, "lin", LIN, "give", to="wang", points=20, word="保重")
    assert given.status_code == 200, given.text
    there = await becomes(at, WANG, lambda state: state["balance"] == 20)
    (gift,) = (await at.ask("GET", f"/accounts/{WANG}/received", "wang")).json()["items"]
    assert (gift["word"], gift["sender"], gift["points"]) == ("保重", LIN, 20)
    assert (await at.ask("GET", f"/accounts/{WANG}/received", "lin")).status_code == 404
    readings = await at.running.store.journal.readings(f"account-{LIN}")
    assert [one["reader"] for one in readings] == ["wang"]
    mine = await shown(at, LIN)
    assert [entry["data"]["word"] for entry in mine["dossier"]] == ["保重"]
    no = await does(at, "wang", WANG, "decline", transfer=there["received"][0]["transfer"])
    assert no.status_code == 200
    await becomes(at, LIN, lambda state: state["balance"] == 50)
    nobody = await does(at, "lin", LIN, "give", to="nobody", points=1)
    assert nobody.json()["type"] == "urn:jinlin:problem:no-such-account"
    assert (await does(at, "wang", LIN, "give", to="wang", points=1)).status_code == 404


# --- rewards -------------------------------------------------------------------------------------


async def test_a_reward_is_bought_and_fetched(at: Served) -> None:
    await works(at, LIN, 5)
    await admitted(at)
    rice = await put_up(at, stock=1)
    listed = (await at.ask("GET", f"/rewards?place={DISTRICT}", "lin")).json()["items"]
    assert [(one["id"], one["title"], one["stock"], one["open"]) for one in listed] == [
        (rice, "一袋米", 1, True)
    ]
    bought = await does(at, "lin", LIN, "buy", reward=rice, price=30)
    assert bought.json() == {**bought.json(), "purchase": f"{LIN}.1", "balance": 20}
    there = await becomes(at, LIN, lambda state: state["holds"][0]["until"])
    assert there["balance"] == 20
    (purchase,) = (one["purchase"] for one in there["holds"])
    seen = (await at.ask("GET", f"/rewards/{rice}", "lin")).json()
    assert (seen["stock"], seen["can"]) == (0, ["cancel"])
    assert [one["purchase"] for one in seen["reservations"]] == [purchase]
    others = (await at.ask("GET", f"/rewards/{rice}", "wang")).json()
    assert (others["reservations"], others["can"]) == ([], [])
    assert (await at.ask("GET", f"/rewards/{rice}/timeline", "wang")).status_code == 404

    over = {"purchase": purchase}
    by_another = await at.ask("POST", f"/rewards/{rice}/hand-over", "wang", json=over)
    assert by_another.status_code == 404
    handed = await at_the_shop(at, "POST", f"/rewards/{rice}/hand-over", json=over)
    assert handed.status_code == 200, handed.text
    await becomes(at, LIN, lambda state: not state["holds"])
    await until(lambda: bool(at.running.copies["shop"][SHOP].takings))
    takings = (await at_the_shop(at, "GET", f"/shops/{SHOP}")).json()["takings"]
    assert [one["points"] for one in takings] == [30]
    assert (await at.ask("GET", f"/shops/{SHOP}", "lin")).status_code == 404
    shops = (await at.ask("GET", f"/shops?place={COMMUNITY}", "lin")).json()["items"]
    assert shops == [{"id": SHOP, "status": "open", "place": COMMUNITY}]


async def test_who_comes_second_has_their_points_back(at: Served) -> None:
    await works(at, LIN, 5)
    await works(at, WANG, 5)
    await admitted(at)
    rice = await put_up(at, stock=1)
    first = await does(at, "lin", LIN, "buy", reward=rice, price=30)
    assert first.status_code == 200
    await becomes(at, LIN, lambda state: state["holds"][0]["until"])
    second = await does(at, "wang", WANG, "buy", reward=rice, price=30)
    assert second.json()["type"] == "urn:jinlin:problem:sold-out"
    cancelled = await at.ask(
        "POST", f"/rewards/{rice}/cancel", "lin", json={"purchase": f"{LIN}.1"}
    )
    assert cancelled.status_code == 200, cancelled.text
    await becomes(at, LIN, lambda state: state["balance"] == 50)
    assert (await does(at, "wang", WANG, "buy", reward=rice, price=30)).status_code == 200


async def test_only_the_shop_and_the_community_put_rewards_up(at: Served) -> None:
    await admitted(at)
    body = {
        "shop": SHOP,
        "place": COMMUNITY,
        "title": "油",
        "terms": {"price": 10},
        "stock": 1,
    }
    assert (await at.ask("POST", "/rewards", "lin", json=body)).status_code == 403
    assert (await as_convenor(at, "POST", "/rewards", json=body)).status_code == 201
    elsewhere = {**body, "place": OTHER_COMMUNITY}
    assert (await as_convenor(at, "POST", "/rewards", json=elsewhere)).status_code == 403
    unknown = {**body, "shop": "o-unknown"}
    refused = await as_convenor(at, "POST", "/rewards", json=unknown)
    assert refused.json()["type"] == "urn:jinlin:problem:shop-not-admitted"
    wrong = {**body, "terms": {"price": 0}}
    assert (await as_convenor(at, "POST", "/rewards", json=wrong)).status_code == 422
    assert (await at.ask("GET", "/rewards", "lin")).status_code == 422
    of_shop = (await at.ask("GET", f"/rewards?shop={SHOP}", "lin")).json()["items"]
    assert len(of_shop) == 1


# --- tills ---------------------------------------------------------------------------------------


async def test_a_till_takes_points_by_the_code_that_is_shown(at: Served) -> None:
    await works(at, LIN, 5)
    await admitted(at)
    code = (await at.ask("GET", f"/accounts/{LIN}/till-code", "lin")).json()["code"]
    assert (await at.ask("GET", f"/accounts/{LIN}/till-code", "wang")).status_code == 404
    path, taken = f"/accounts/{LIN}/redeem", {"code": code, "points": 20}
    key = {"Idempotency-Key": "sale-1"}
    assert (await at.ask("POST", path, "lin", json=taken)).status_code == 403
    first = await at_the_shop(at, "POST", path, json=taken, headers=key)
    assert first.status_code == 200, first.text
    again = await at_the_shop(at, "POST", path, json=taken, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await shown(at, LIN))["balance"] == 30
    replayed = await at_the_shop(at, "POST", path, json=taken)
    assert replayed.json()["type"] == "urn:jinlin:problem:wrong-till-code"
    assert (await at_the_shop(at, "POST", path, json={"code": "x"})).status_code == 422

    refund = {"redemption": f"{LIN}.1"}
    back = await at_the_shop(at, "POST", f"/accounts/{LIN}/refund", json=refund)
    assert back.status_code == 200, back.text
    assert (await shown(at, LIN))["balance"] == 50


async def test_wrong_codes_are_counted_and_lock_the_account(at: Served) -> None:
    await works(at, LIN, 5)
    await admitted(at)
    shown_code = (await at.ask("GET", f"/accounts/{LIN}/till-code", "lin")).json()["code"]
    wrong = f"{(int(shown_code) + 1) % 10**8:08d}"
    path = f"/accounts/{LIN}/redeem"
    for n in range(5):
        key = {"Idempotency-Key": f"wrong-{n}"}
        for _ in range(2):  # a repeated request is one guess
            missed = await at_the_shop(
                at, "POST", path, json={"code": wrong, "points": 1}, headers=key
            )
            assert missed.json()["type"] == "urn:jinlin:problem:wrong-till-code"
    locked = await at_the_shop(at, "POST", path, json={"code": shown_code, "points": 1})
    assert locked.json()["type"] == "urn:jinlin:problem:till-locked"
    unknown = await at_the_shop(
        at, "POST", "/accounts/person:nobody/redeem", json={"code": wrong, "points": 1}
    )
    assert unknown.json()["type"] == "urn:jinlin:problem:wrong-till-code"


# --- passbook, rankings, rules, books ------------------------------------------------------------


async def test_the_passbook_names_the_work_of_every_entry(at: Served) -> None:
    await works(at, LIN, 3, "w1", days_ago=2)
    await works(at, LIN, 2, "w2", days_ago=1)
    await does(at, "lin", LIN, "give", to="wang", points=10)
    path = f"/accounts/{LIN}/passbook"
    book = (await at.ask("GET", path, "lin")).json()
    entries = [(one["entry"], one["points"], one["balance"]) for one in book["items"]]
    assert entries == [("earned", 30, 30), ("earned", 20, 50), ("given", -10, 40)]
    assert [one["work"] for one in book["items"]] == ["w1", "w2", None]
    assert (book["items"][0]["kind"], book["items"][0]["minutes"]) == ("activity", 180)
    assert book["items"][2]["other"] == WANG
    assert (book["opening"], book["closing"]) == (0, 40)
    tomorrow = (at.running.clock.now() + timedelta(days=2)).date()
    later = (await at.ask("GET", f"{path}?from={tomorrow}", "lin")).json()
    assert (later["opening"], later["closing"], later["items"]) == (40, 40, [])
    assert (await at.ask("GET", f"{path}?from={tomorrow}&to=2026-01-01", "lin")).status_code == 422
    assert (await at.ask("GET", path, "wang")).status_code == 404
    table = await at.ask("GET", f"{path}?format=csv", "lin")
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text.lstrip("\ufeff"))))
    assert [(row["entry"], row["work"], row["balance"]) for row in rows] == [
        ("earned", "w1", "30"),
        ("earned", "w2", "50"),
        ("given", "", "40"),
    ]


async def test_only_who_agreed_is_ranked(at: Served) -> None:
    await works(at, LIN, 3)
    await works(at, WANG, 5)
    path = f"/rankings/volunteers?place={COMMUNITY}"
    assert (await at.ask("GET", path, "x")).json()["items"] == []
    for person in ("lin", "wang"):
        agreed = await at.ask("POST", f"/volunteers/{person}/agree-to-be-named", person, json={})
        assert agreed.status_code == 200, agreed.text
    ranked = (await at.ask("GET", path, "x")).json()["items"]
    assert ranked == [{"volunteer": "wang", "points": 50}, {"volunteer": "lin", "points": 30}]
    page = (await at.ask("GET", f"{path}&limit=1", "x")).json()
    rest = (await at.ask("GET", f"{path}&limit=1&cursor={page['next']}", "x")).json()
    assert [page["items"], rest["items"]] == [[ranked[0]], [ranked[1]]]
    year = at.running.clock.now().year
    assert (await at.ask("GET", f"{path}&year={year - 1}", "x")).json()["items"] == []
    other = f"/rankings/volunteers?place={OTHER_COMMUNITY}"
    assert (await at.ask("GET", other, "x")).json()["items"] == []


async def test_rules_are_revised_by_an_administrator_and_hold_from_then(at: Served) -> None:
    now = (await at.ask("GET", "/point-rules", "lin")).json()
    assert now["an_hour"]["activity"] == 10
    revised = {
        "an_hour": [["activity", 12]],
        "a_wish": 5,
        "most_a_day": 60,
        "most_a_month": 500,
        "lasts_months": 24,
        "team_percent": 5,
        "most_given": 100,
        "most_given_a_month": 200,
        "most_at_a_till": 100,
    }
    since = at.running.clock.now() + timedelta(days=30)
    body = {**revised, "since": since.isoformat()}
    assert (await as_convenor(at, "POST", "/point-rules", json=body)).status_code == 403
    answer = await at.ask("POST", "/point-rules", "admin", "administrator", json=body)
    assert answer.status_code == 201, answer.text
    await until(lambda: "city" in at.running.copies["point-rules"])
    later = since.isoformat().replace("+00:00", "Z")
    then = (await at.ask("GET", f"/point-rules?at={later}", "lin")).json()
    assert (then["an_hour"], then["most_a_day"]) == ({"activity": 12}, 60)
    assert (await at.ask("GET", "/point-rules", "lin")).json()["an_hour"] == now["an_hour"]
    off = await at.ask(
        "POST", "/point-rules/city/call-off", "admin", "administrator", json={"number": 1}
    )
    assert off.status_code == 200, off.text


async def test_the_books_sum_to_zero_for_operators_only(at: Served) -> None:
    await works(at, LIN, 5)
    await does(at, "lin", LIN, "give", to="wang", points=20)
    await becomes(at, WANG, lambda state: state["balance"] == 20)
    assert (await at.ask("GET", "/books", "lin", "resident")).status_code == 403
    books = (await at.ask("GET", "/books", "op", "operator")).json()
    assert books["balanced"] is True
    assert (books["sum"], books["wrong"]) == (0, [])
    assert (books["kinds"]["issuing"], books["kinds"]["person"]) == (-50, 50)
    assert books["accounts"] == 2


async def test_a_teams_account_is_kept_by_who_leads_it(at: Served) -> None:
    id = team_account("t1")
    await told(at, account, id, Earn("w1", Work.ACTIVITY, at.running.clock.now(), 600))
    await told(at, account, id, PassOn(("lin",)))
    mine = (await at.ask("GET", "/accounts/mine", "lin")).json()["items"]
    assert {one["id"] for one in mine} == {LIN, id}
    given = await does(at, "lin", id, "give", to="wang", points=5)
    assert given.status_code == 200, given.text
    await becomes(at, WANG, lambda state: state["balance"] == 5)


async def test_everything_of_the_bank_stands_in_ones_own_data(at: Served) -> None:
    await works(at, LIN, 5)
    await does(at, "lin", LIN, "give", to="wang", points=20, word="保重")
    things = (await at.ask("GET", "/my-data", "lin")).json()["things"]
    (mine,) = (one for one in things if one["kind"] == account.kind)
    assert mine["id"] == LIN
    assert [entry["data"]["word"] for entry in mine["dossier"]] == ["保重"]
