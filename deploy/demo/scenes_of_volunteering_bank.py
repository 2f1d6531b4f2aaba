"""The points bank: what a wish earned is given, spent at a counter and a till; books balance."""

from __future__ import annotations

from typing import Any

from deploy.demo.acting import Acting
from deploy.demo.day import Person

COMMUNITY, PLACE = "359901-wx-th", "359901-wx-th-e1"
SERVICE = "volunteering"
PRICE, GIVEN, TAKEN = 6, 2, 2
"""Of the ten points that a granted wish earns."""


def points_go_round(act: Acting) -> None:
    """Who granted the wish has points; the last bag of rice is theirs, once."""
    act.scene("爱心银行 · Points: earned, given, held for a reward, taken by a till; books at zero")
    tang = Person(f"demo-w-tang-{act.run}", "小唐", ("resident",), home=PLACE)
    elder = Person(f"demo-b-elder-{act.run}", "阮阿婆", ("resident",), home=PLACE)
    shop = f"demo-shop-{act.run}"
    clerk = Person(f"demo-b-clerk-{act.run}", "爱心超市店员", (), org=shop)
    desk, his, hers = act.who("desk"), _account(tang), _account(elder)
    act.until(lambda: _balance(act, tang, his) == PRICE + GIVEN + TAKEN, "the wish has earned")
    act.claim("what the wish earned stands in his passbook", _entries(act, tang, his) == ["earned"])
    opened = {"place": PLACE, "person": elder.sub}
    words = "为阿婆开户 opens an account for her"
    act.does(desk, "/accounts", opened, words, service=SERVICE, verb="open")
    gift = {"to": elder.sub, "points": GIVEN, "word": "阿婆，换块香皂吧。"}
    act.does(tang, f"{his}/give", gift, "转赠两分 gives two points", service=SERVICE)
    act.until(lambda: _balance(act, elder, hers) == GIVEN, "she has them")
    (received,) = act.callers.get(SERVICE, f"{hers}/received", elder)["items"]
    act.claim(
        "she reads what he wrote, the events do not have it", received["word"] == gift["word"]
    )

    rice = _put_up(act, desk, clerk, shop)
    wanted = {"reward": rice, "price": PRICE}
    act.does(tang, f"{his}/buy", wanted, "兑换一袋米 wants the rice", service=SERVICE)
    act.until(lambda: _ready(act, tang, his), "it lies ready for him")
    never = "the last one is not there twice"
    act.refused(elder, f"{hers}/buy", wanted, "sold-out", never, service=SERVICE)
    (hold,) = act.callers.get(SERVICE, his, tang)["holds"]
    fetched = {"purchase": hold["purchase"]}
    words = "柜台交付 hands it over"
    act.does(clerk, f"/rewards/{rice}/hand-over", fetched, words, service=SERVICE)
    act.until(lambda: not act.callers.get(SERVICE, his, tang)["holds"], "the shop has the points")

    code = act.callers.get(SERVICE, f"{his}/till-code", tang)["code"]
    taken = {"code": code, "points": TAKEN}
    act.does(clerk, f"{his}/redeem", taken, "收银台扫码 the till takes points", service=SERVICE)
    again = "a code is good once"
    act.refused(clerk, f"{his}/redeem", taken, "wrong-till-code", again, service=SERVICE)
    spent = ["earned", "given", "bought", "redeemed"]
    act.claim("every step stands in his passbook", _entries(act, tang, his) == spent)
    operator = Person(f"demo-b-operator-{act.run}", "运维", ("operator",))
    books = act.callers.get(SERVICE, "/books", operator)
    act.claim("all books together sum to zero", books["balanced"] and books["sum"] == 0)
    act.hear(_stream(his), {tang: "reward-fetched points-redeemed"})
    act.hear(_stream(hers), {elder: "points-received"})
    act.hear(f"reward-{rice}", {tang: "reward-ready"})


def _put_up(act: Acting, desk: Person, clerk: Person, shop: str) -> str:
    """A shop with one bag of rice; its id."""
    admitted = {"shop": shop, "place": COMMUNITY}
    words = "批准加入爱心银行 admits the shop"
    act.does(desk, "/shops", admitted, words, service=SERVICE, verb="admit")
    listed = {"place": COMMUNITY}

    def known() -> bool:
        shops = act.callers.get(SERVICE, "/shops", clerk, listed)["items"]
        return any(one["id"] == shop for one in shops)

    act.until(known, "the shop is admitted")
    rice = {**admitted, "title": "东北大米一袋", "terms": {"price": PRICE}, "stock": 1}
    words = "上架一袋米 puts a bag of rice up"
    made = act.does(clerk, "/rewards", rice, words, service=SERVICE, verb="put-up")
    return str(made["id"])


def _account(person: Person) -> str:
    return f"/accounts/person:{person.sub}"


def _stream(at: str) -> str:
    return f"account-{at.removeprefix('/accounts/')}"


def _balance(act: Acting, person: Person, at: str) -> int:
    mine = act.callers.get(SERVICE, "/accounts/mine", person)["items"]
    return sum(one["balance"] for one in mine if at == f"/accounts/{one['id']}")


def _ready(act: Acting, person: Person, at: str) -> bool:
    holds: list[dict[str, Any]] = act.callers.get(SERVICE, at, person)["holds"]
    return bool(holds) and holds[0]["until"] is not None


def _entries(act: Acting, person: Person, at: str) -> list[str]:
    items = act.callers.get(SERVICE, f"{at}/passbook", person)["items"]
    return [one["entry"] for one in items]
