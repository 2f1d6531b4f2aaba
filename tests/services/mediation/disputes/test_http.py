"""Disputes over HTTP: from a complaint to a settlement that holds, and who sees what of it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import (
    LearnInForce,
    LearnMediator,
    LearnSigned,
)
from services.mediation.domain.disputes.dispute_state import Status
from services.mediation.domain.disputes.hot_spot import hot_spot
from shared.contracts import community, petitions
from shared.contracts.mediation.agreements import AgreementInForce, AgreementSigned
from shared.contracts.types import Level
from shared.neighbourhood.home import LearnHome, home
from tests.services.community.served import Served
from tests.services.mediation.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OFFICER,
    OTHER_COMMUNITY,
    OTHER_NEIGHBOURHOOD,
    POLICE,
    UNIT,
    by_convenor,
    by_person,
    mediation,
    settled,
    tells,
    told,
)

TITLE, TEXT, PHONE = "楼道堆物", "他把旧家具堆在楼道里，消防通道都堵了", "13800138000"
LIN, CHEN, MEDIATOR, STRANGER = "lin", "chen", "hu", "stranger"
FIRM = "o-firm"


def body(**rest: Any) -> dict[str, Any]:
    return {
        "kind": "shared-space",
        "place": NEIGHBOURHOOD,
        "title": TITLE,
        "text": TEXT,
        "parties": [
            {"side": "a", "person": LIN, "name": "林女士", "phone": PHONE},
            {"side": "b", "person": CHEN, "name": "陈先生"},
        ],
        **rest,
    }


async def filed(at: Served, by: str = LIN, **rest: Any) -> str:
    answer = await by_person(at, "POST", "/disputes", by, json=body(**rest))
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def begun(at: Served, **rest: Any) -> str:
    id = await filed(at, **rest)
    assert await does(at, CHEN, id, "agree") == 200
    await told(at, dispute, id, LearnMediator(MEDIATOR))
    return id


async def does(at: Served, who: str, id: str, verb: str, **said: Any) -> int:
    answer = await by_person(at, "POST", f"/disputes/{id}/{verb}", who, json=said)
    status: int = answer.status_code
    return status


async def seen(at: Served, who: str, id: str) -> dict[str, Any]:
    answer = await by_person(at, "GET", f"/disputes/{id}", who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def words(found: Mapping[str, Any]) -> str:
    return str(found["dossier"])


async def test_from_filing_to_a_settlement() -> None:
    async with mediation() as at:
        id = await filed(at)
        asked = await seen(at, CHEN, id)
        assert (asked["status"], asked["own_party"]) == ("invited", "p2")
        assert {"agree", "decline"} <= set(asked["can"])
        assert "withdraw" in (await seen(at, LIN, id))["can"]
        assert await does(at, CHEN, id, "agree") == 200
        assert (await seen(at, LIN, id))["status"] == "mediating"
        await tells(at, signed(id), "agreement-a1", 1)
        await settled(at, dispute, id, lambda one: one.status is Status.AGREED)
        assert await does(at, LIN, id, "leave") == 409
        await tells(at, in_force(id), "agreement-a1", 2)
        over = await settled(at, dispute, id, lambda one: one.status is Status.ENDED)
        assert over.outcome == "settled"
        assert len(over.asks) == 2
        assert await does(at, LIN, id, "answer-follow-up", holds=True) == 409


def signed(id: str) -> AgreementSigned:
    return AgreementSigned("a1", id, 1, "0" * 64, (LIN, CHEN), (LIN, CHEN), MEDIATOR, None)


def in_force(id: str, whole: bool = True) -> AgreementInForce:
    return AgreementInForce(
        "a1", id, "0" * 64, whole, (LIN, CHEN), MEDIATOR, datetime(2030, 1, 1, tzinfo=UTC)
    )


async def test_nobody_else_knows_that_it_exists() -> None:
    async with mediation() as at:
        id = await begun(at)
        for who in (STRANGER, POLICE):
            for method, path in [
                ("GET", f"/disputes/{id}"),
                ("GET", f"/disputes/{id}/timeline"),
                ("POST", f"/disputes/{id}/agree"),
                ("POST", f"/disputes/{id}/raise-risk"),
            ]:
                answer = await by_person(at, method, path, who, json={"kind": "violence"})
                assert answer.status_code == 404, (method, path)
            for listed in ("mine", "filed", "mediated"):
                page = (await by_person(at, "GET", f"/disputes/{listed}", who)).json()
                assert page["items"] == []
        admin = await at.ask("GET", f"/disputes/{id}", "root", "administrator")
        assert admin.status_code == 404
        elsewhere = await at.ask(
            "GET", f"/disputes/{id}", "x", "community-staff", places=(OTHER_COMMUNITY,)
        )
        assert elsewhere.status_code == 404
        worker = await at.ask("GET", f"/disputes/{id}", "w", "grid-worker", places=(NEIGHBOURHOOD,))
        assert worker.status_code == 404


async def test_staff_organise_and_do_not_read_what_was_said() -> None:
    async with mediation() as at:
        id = await begun(at)
        assert await does(at, CHEN, id, "tell", text="我家没有储藏室") == 200
        shown = (await by_convenor(at, "GET", f"/disputes/{id}")).json()
        assert TITLE in words(shown)
        assert PHONE in words(shown)
        assert TEXT not in words(shown)
        assert "储藏室" not in words(shown)
        assert (await by_convenor(at, "POST", f"/disputes/{id}/agree", json={})).status_code == 403
        listed = (await by_convenor(at, "GET", "/disputes")).json()["items"]
        assert [one["id"] for one in listed] == [id]
        assert TITLE not in str(listed)
        read = await at.running.store.journal.readings(dispute.stream(id))
        assert [one["reader"] for one in read] == ["convenor"]


async def test_the_parties_and_who_mediates_read_what_is_theirs() -> None:
    async with mediation() as at:
        id = await begun(at)
        assert await does(at, CHEN, id, "raise-risk", kind="damage", text="他说要砸车") == 200
        for_lin, for_chen = await seen(at, LIN, id), await seen(at, CHEN, id)
        assert TEXT in words(for_chen)
        assert PHONE not in words(for_chen)
        assert "林女士" in words(for_chen)
        assert "砸车" in words(for_chen)
        assert "砸车" not in words(for_lin)
        everything = words(await seen(at, MEDIATOR, id))
        assert all(one in everything for one in (TEXT, PHONE, "砸车"))
        # Who was told of the risk sees what was said of it, and how to reach them.
        for who in (POLICE, OFFICER):
            alarm = words(await seen(at, who, id))
            assert "砸车" in alarm
            assert PHONE in alarm
            assert TEXT not in alarm


async def test_who_has_left_reads_their_own_words_only() -> None:
    async with mediation() as at:
        parties = [
            *body()["parties"],
            {"side": "b", "person": "zhao"},
        ]
        id = await filed(at, parties=parties)
        assert await does(at, CHEN, id, "agree") == 200
        assert await does(at, "zhao", id, "agree") == 200
        assert await does(at, "zhao", id, "tell", text="我只是路过") == 200
        assert await does(at, "zhao", id, "leave") == 200
        after = await seen(at, "zhao", id)
        assert after["status"] == "mediating"
        assert "路过" in words(after)
        assert TEXT not in words(after)
        assert await does(at, "zhao", id, "tell", text="再说一句") == 403
        timeline = await by_person(at, "GET", f"/disputes/{id}/timeline", "zhao")
        assert timeline.status_code in (403, 404)


async def test_where_the_others_live_is_told_to_nobody() -> None:
    async with mediation() as at:
        await told(at, home, CHEN, LearnHome("n1-b7-u402"))
        id = await begun(at)
        for who in (LIN, MEDIATOR):
            assert "n1-b7-u402" not in str(await seen(at, who, id))
            timeline = await by_person(at, "GET", f"/disputes/{id}/timeline", who)
            assert timeline.status_code == 200
            assert "n1-b7-u402" not in timeline.text
        own = await by_person(at, "GET", f"/disputes/{id}/timeline", CHEN)
        assert "n1-b7-u402" in own.text


async def test_an_organisation_answers_by_who_acts_for_it() -> None:
    async with mediation() as at:
        parties = [{"side": "a", "person": LIN}, {"side": "b", "organisation": FIRM}]
        id = await filed(at, parties=parties, kind="property-company")
        other = await by_person(at, "GET", f"/disputes/{id}", "clerk", org="o-other")
        assert other.status_code == 404
        page = await by_person(at, "GET", "/disputes/of-organisation", "clerk", org=FIRM)
        assert [one["id"] for one in page.json()["items"]] == [id]
        shown = (await by_person(at, "GET", f"/disputes/{id}", "clerk", org=FIRM)).json()
        assert TEXT in words(shown)
        agreed = await by_person(at, "POST", f"/disputes/{id}/agree", "clerk", org=FIRM, json={})
        assert agreed.status_code == 200, agreed.text
        assert (await seen(at, "clerk", id))["parties"][1]["representative"] == "clerk"
        assert (await by_person(at, "GET", "/disputes/of-organisation", "x")).status_code == 403


async def test_staff_file_for_somebody_who_agreed() -> None:
    async with mediation() as at:
        said = {"how": "spoken", "given": "2025-03-03T01:00:00Z"}
        asked = body(on_behalf=True, consent=said)
        worker = {"places": (NEIGHBOURHOOD,)}
        answer = await at.ask("POST", "/disputes", "w", "grid-worker", **worker, json=asked)
        assert answer.status_code == 201, answer.text
        id = answer.json()["id"]
        away = {"places": (OTHER_NEIGHBOURHOOD,)}
        refused = await at.ask("POST", "/disputes", "w", "grid-worker", **away, json=asked)
        assert refused.status_code == 403
        shown = await at.ask("GET", f"/disputes/{id}", "w", "grid-worker", **worker)
        assert shown.status_code == 200
        told_them = {"party": "p2", "agrees": True, "consent": said}
        recorded = await at.ask(
            "POST", f"/disputes/{id}/record-answer", "w", "grid-worker", **worker, json=told_them
        )
        assert recorded.status_code == 200, recorded.text
        assert (await seen(at, CHEN, id))["parties"][1]["recorded"] == "spoken"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"place": "nowhere"}, 409, "unknown-place"),
        ({"place": UNIT}, 409, "dispute-too-close"),
        ({"parties": []}, 409, "two-sides"),
        ({"parties": [{"side": "x", "person": LIN}]}, 422, None),
        ({"title": ""}, 422, None),
        ({"text": "长" * 20_001}, 422, None),
        ({"for_party": 0}, 422, None),
    ],
)
async def test_what_does_not_fit_is_refused(
    change: dict[str, Any], status: int, code: str | None
) -> None:
    async with mediation() as at:
        answer = await by_person(at, "POST", "/disputes", LIN, json=body(**change))
        assert answer.status_code == status, answer.text
        if code is not None:
            assert answer.json()["type"].endswith(code)


async def test_the_petition_confirms_that_the_dispute_came_out_of_it() -> None:
    async with mediation() as at:
        id = await filed(at, petition="pt1")
        assert (await seen(at, LIN, id))["linked"] is False
        event = petitions.PetitionSentToMediation(
            "pt1", id, Level.NEIGHBOURHOOD, NEIGHBOURHOOD, None, LIN
        )
        await tells(at, event, "petition-pt1")
        await settled(at, dispute, id, lambda one: one.linked)


async def test_similar_disputes_make_a_hot_spot() -> None:
    async with mediation() as at:
        for n in range(3):
            await filed(
                at,
                f"neighbour-{n}",
                parties=[
                    {"side": "a", "person": f"neighbour-{n}"},
                    {"side": "b", "person": CHEN},
                ],
            )
        await settled(at, hot_spot, f"{NEIGHBOURHOOD}:shared-space", lambda one: one.hot)


async def test_two_who_agree_at_once_begin_it_once() -> None:
    async with mediation() as at:
        parties = [*body()["parties"], {"side": "b", "person": "zhao"}]
        id = await filed(at, parties=parties)
        both = await asyncio.gather(does(at, CHEN, id, "agree"), does(at, "zhao", id, "agree"))
        assert both == [200, 200]
        history = await at.running.store.journal.history(dispute.stream(id))
        names = [event.name for commit in history for event in commit.events]
        assert names.count("DisputeBegun") == 1


async def test_who_is_erased_is_forgotten() -> None:
    async with mediation() as at:
        id = await begun(at)
        await tells(at, community.ResidentErased(CHEN), f"resident-{CHEN}")
        gone = await settled(at, dispute, id, lambda one: one.status is Status.ENDED)
        assert gone.because == "erased"
        assert CHEN not in gone.people
        assert await at.running.store.journal.dossier(dispute.stream(id)) == []
        assert (await by_person(at, "GET", "/disputes/mine", CHEN)).json()["items"] == []


async def test_ones_own_data_has_ones_own_words() -> None:
    async with mediation() as at:
        id = await begun(at)
        assert await does(at, LIN, id, "raise-risk", kind="damage", text="怕他砸车") == 200
        for who, present, absent in [
            (LIN, (TEXT, PHONE, "怕他砸车"), ()),
            (CHEN, (TEXT, "陈先生"), (PHONE, "怕他砸车")),
            (MEDIATOR, (), (TEXT, PHONE)),
        ]:
            document = await by_person(at, "GET", "/my-data", who)
            assert id in document.text
            assert all(one in document.text for one in present), who
            assert not any(one in document.text for one in absent), who
        assert id not in (await by_person(at, "GET", "/my-data", STRANGER)).text


# --- figures -------------------------------------------------------------------------------------


async def test_figures_count_what_was_filed_begun_and_settled() -> None:
    async with mediation() as at:
        first = await begun(at)
        await filed(at, kind="noise")
        await told(at, dispute, first, LearnSigned("a1"))
        await told(at, dispute, first, LearnInForce("a1", True))
        asked = {"by": "kind,mediator,month", "place": COMMUNITY}
        answer = await by_convenor(at, "GET", "/statistics", params=asked)
        found = answer.json()
        total = found["total"]
        assert (total["filed"], total["begun"], total["ended"], total["settled"]) == (2, 1, 1, 1)
        assert (total["days_mean"], total["days_median"], total["held"]) == (0.0, 0, 0)
        rows = {(one["kind"], one["mediator"]): one for one in found["items"]}
        assert rows["shared-space", MEDIATOR]["settled"] == 1
        assert rows["noise", None]["filed"] == 1
        by_place = await by_convenor(at, "GET", "/statistics", params={"by": "place"})
        assert [one["place"] for one in by_place.json()["items"]] == [NEIGHBOURHOOD]
        text = await by_convenor(
            at, "GET", "/statistics", params={"by": "kind", "format": "csv", "kind": "noise"}
        )
        assert text.text.splitlines()[1].startswith("noise,1,0,0")


async def test_figures_are_for_staff_of_the_place() -> None:
    async with mediation() as at:
        assert (await by_person(at, "GET", "/statistics", LIN)).status_code == 403
        away = await by_convenor(at, "GET", "/statistics", params={"place": OTHER_COMMUNITY})
        assert away.status_code == 403
        for wrong in ({"by": "colour"}, {"from": "2025-05", "to": "2025-04"}):
            answer = await by_convenor(at, "GET", "/statistics", params=wrong)
            assert answer.status_code == 422
