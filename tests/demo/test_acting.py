"""Scenes: what is claimed, acknowledged or told otherwise than it is, is a difference."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, cast

import pytest
from rich.console import Console

from deploy.demo.acting import Acted, Acting, quoted
from deploy.demo.callers import Callers
from deploy.demo.day import load_day
from deploy.demo.evidence import Published, Stores
from deploy.demo.scenes_of_petitions import drawn
from deploy.demo.telling import Teller
from services.petitions.cleaning import clean

DAY = load_day()
HE = DAY.people["he"]
STREAM = "petition-p1"


def acting() -> Acting:
    """A scene in which he has filed something and hears that it was received."""
    nowhere = cast(Any, None)
    act = Acting(
        cast(Callers, nowhere), cast(Stores, nowhere), DAY, Teller(Console(file=StringIO()))
    )
    act.acted.append(Acted("petitions", STREAM, 1, HE.sub, "file"))
    act.hears("p1", he="petition-received")
    return act


def commit(**changes: Any) -> dict[str, Any]:
    later = datetime.now(UTC) + timedelta(minutes=1)
    whole = {"_id": f"{STREAM}/1", "v": 1, "actor": HE.sub, "verb": "file", "at": later}
    return {**whole, **changes}


def message(kind: str, version: int = 1) -> dict[str, Any]:
    event = f"petitions/{STREAM}/{version}/0"
    return {"s": {"recipient": HE.sub, "kind": kind, "about": STREAM, "event": event}}


def differences(act: Acting, commits: list[Any], messages: list[Any]) -> list[str]:
    return act.differences({STREAM: commits}, messages, DAY.named())


def test_what_is_as_told_is_no_difference() -> None:
    act = acting()
    act.claim("it is so", True)
    assert differences(act, [commit()], [message("petition-received")]) == []
    assert act.streams("petitions") == [STREAM]
    assert (act.done_by("petitions"), act.done_by("community")) == (1, 0)


def test_a_claim_that_does_not_hold_is_one() -> None:
    act = acting()
    act.claim("the moon is a cheese", False)
    found = differences(act, [commit()], [message("petition-received")])
    assert found == ["not so: the moon is a cheese"]


def test_an_act_that_is_no_commit_is_one() -> None:
    for kept in ([], [commit(actor="somebody")], [commit(verb="take")]):
        found = differences(acting(), kept, [message("petition-received")] if kept else [])
        assert any("acknowledged as version 1" in line for line in found)


def test_messages_too_few_or_too_many_are_one() -> None:
    (missing,) = differences(acting(), [commit()], [])
    assert missing.endswith("何梦 has 0 messages petition-received, expected 1")
    twice = [message("petition-received"), message("petition-closed")]
    (more,) = differences(acting(), [commit()], twice)
    assert more.endswith("何梦 has 1 messages petition-closed, expected 0")


@pytest.mark.parametrize(
    "service",
    ["petitions", "community", "volunteering", "mediation", "ledger", "notifications"],
)
def test_what_every_service_led_to_is_counted(service: str) -> None:
    act = acting()
    act.acted[:] = [Acted(service, STREAM, 1, HE.sub, "file")]
    told = message("petition-received")
    told["s"]["event"] = f"{service}/{STREAM}/1/0"
    assert differences(act, [commit()], [told]) == []
    assert differences(act, [commit()], []) != []


def test_what_an_earlier_day_told_does_not_count() -> None:
    old = commit(_id=f"{STREAM}/2", v=2, at=datetime.now(UTC) - timedelta(days=1))
    told = [message("petition-received"), message("petition-closed", 2)]
    assert differences(acting(), [commit(), old], told) == []


def test_whether_events_name_somebody() -> None:
    act = acting()
    named = [Published("1", "t", {"by": HE.sub})]
    assert not act.names_nobody(named, [HE])
    assert act.names_nobody([Published("1", "t", {"by": "reporter"})], [HE])


def test_the_picture_is_one_that_is_taken() -> None:
    assert clean(drawn()).media_type == "image/png"


def test_the_words_of_a_body_are_quoted() -> None:
    assert quoted({"stars": 3, "word": "好"}) == "★★★ 好"
    assert quoted({"title": "标题", "text": "正文"}) == "正文"
    assert quoted({"departments": []}) == ""
