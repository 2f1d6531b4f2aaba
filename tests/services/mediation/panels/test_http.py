"""Mediators and panels over HTTP: who is suggested and why, who sees what, who is counted."""

from datetime import UTC, datetime

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.panels.answers import answers
from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.panel import panel
from shared.contracts import community, petitions
from shared.contracts.types import Level
from shared.neighbourhood.home import LearnHome, home
from shared.neighbourhood.member import LearnMembership, member
from shared.neighbourhood.post import LearnHolder, post
from tests.services.community.served import until
from tests.services.mediation.panels.peace import appointed, filed, registered, seated
from tests.services.mediation.quarrel import CHEN, LIN, STRANGER, code_of, does, reads
from tests.services.mediation.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    by_convenor,
    by_person,
    mediation,
    settled,
    tells,
    told,
)

FLAT = "n1-b1-u1"
ADMINISTRATOR = "administrator"


async def test_a_suggestion_explains_itself() -> None:
    async with mediation() as at:
        await registered(at, "near", "tied", "busy", "clerk")
        await registered(at, "far", place=COMMUNITY)
        await registered(at, "family", fields=["family"])
        await registered(at, "elsewhere", serves=[OTHER_COMMUNITY])
        await told(at, home, LIN, LearnHome(FLAT))
        await told(at, home, "tied", LearnHome(FLAT))
        await told(at, member, "clerk", LearnMembership("firm"))
        parties = [{"side": "a", "person": LIN}, {"side": "b", "person": CHEN}]
        id = await filed(at, parties=parties)
        suggested = await by_convenor(at, "GET", f"/panels/{id}/suggestions")
        items = suggested.json()["items"]
        by_name = {one["mediator"]: one for one in items}
        assert [one["mediator"] for one in items[:4]] == ["busy", "clerk", "near", "far"]
        assert by_name["near"]["steps"] == 0
        assert by_name["far"]["steps"] == 1
        assert by_name["near"]["parts"]["place"] > by_name["far"]["parts"]["place"]
        tied = by_name["tied"]
        assert (tied["fits"], tied["why_not"]) == (False, "conflict")
        assert tied["conflicts"] == ["household"]
        assert by_name["family"]["why_not"] == "other-field"
        assert "elsewhere" not in by_name
        english = await by_convenor(
            at, "GET", f"/panels/{id}/suggestions", params={"language": "en"}
        )
        assert english.json()["items"][0]["why_not"] == "other-language"
        asked = {"person": "tied"}
        refused = await by_convenor(at, "POST", f"/panels/{id}/appoint", json=asked)
        assert (refused.status_code, code_of(refused)) == (409, "conflict-of-interest")


async def test_who_is_appointed_accepts_and_has_a_case_at_hand() -> None:
    async with mediation() as at:
        await registered(at, "hu", "tang")
        id = await filed(at)
        await appointed(at, id, "hu", "tang")
        await settled(at, dispute, id, lambda state: state.mediator == "hu")
        taken = await settled(at, mediator, "hu", lambda state: bool(state.cases))
        assert taken.cases == (id,)
        shown = (await reads(at, STRANGER, "/mediators/hu")).json()
        assert (shown["at_hand"], shown["person"]) == (1, "hu")
        assert id not in str(shown)
        assert (await reads(at, STRANGER, "/mediators/hu/timeline")).status_code == 403
        refused = await does(at, CHEN, f"/panels/{id}/refuse-mediator", reason="他们很熟")
        assert refused.status_code == 200, refused.text
        asked = await settled(at, panel, id, lambda state: state.asked is not None)
        assert asked.asked is not None
        assert asked.asked.person == "tang"
        await settled(at, mediator, "hu", lambda state: state.given_away == 1)
        await settled(at, dispute, id, lambda state: state.mediator is None)
        again = await does(at, CHEN, f"/panels/{id}/refuse-mediator")
        assert code_of(again) == "refused-before"


async def test_outcomes_are_counted_for_the_mediator() -> None:
    async with mediation() as at:
        await registered(at, "hu")
        id = await filed(at)
        await appointed(at, id, "hu")
        await settled(at, mediator, "hu", lambda state: bool(state.cases))
        await settled(at, dispute, id, lambda state: state.mediator == "hu")
        left = await does(at, CHEN, f"/disputes/{id}/leave")
        assert left.status_code == 200, left.text
        counted = await settled(at, mediator, "hu", lambda state: state.ended == 1)
        assert counted.cases == ()
        over = await settled(at, panel, id, lambda state: state.status == "ended")
        assert over.mediator == "hu"
        asked = await by_convenor(
            at, "POST", f"/panels/{id}/name-member", json={"seat": "lawyer", "person": "l1"}
        )
        assert code_of(asked) == "panel-over"


async def test_a_panel_is_complete_and_the_dispute_knows_it() -> None:
    async with mediation() as at:
        await registered(at, "hu")
        id = await filed(at)
        await appointed(at, id, "hu")
        await seated(at, id, party_secretary="su", police_officer="po", lawyer="law")
        known = await settled(at, dispute, id, lambda state: len(state.panel) == 3)
        assert set(known.panel) == {"su", "po", "law"}
        left = await does(at, "po", f"/panels/{id}/leave", reason="出差")
        assert left.status_code == 200, left.text
        await settled(at, dispute, id, lambda state: "po" not in state.panel)


async def test_known_posts_are_proposed_for_seats_with_what_ties_them() -> None:
    async with mediation() as at:
        for place, duty, person in (
            (NEIGHBOURHOOD, "party-secretary", "su"),
            (COMMUNITY, "party-secretary", "xu"),
        ):
            await told(at, post, f"{place}:{duty}", LearnHolder(place, duty, person))
        await until(lambda: len(at.running.copies["post"]) >= 4)
        await told(at, home, LIN, LearnHome(FLAT))
        await told(at, home, "su", LearnHome(FLAT))
        id = await filed(at)
        asked = {"seat": "party-secretary"}
        answer = await by_convenor(at, "GET", f"/panels/{id}/candidates", params=asked)
        first, second = answer.json()["items"]
        assert (first["person"], first["fits"], first["steps"]) == ("xu", True, 1)
        assert (second["person"], second["conflicts"]) == ("su", ["household"])
        police = await by_convenor(
            at, "GET", f"/panels/{id}/candidates", params={"seat": "police-officer"}
        )
        assert [one["person"] for one in police.json()["items"]] == ["police-c1"]


async def test_who_answered_the_petition_before_or_after_has_no_part() -> None:
    async with mediation() as at:
        await registered(at, "early", "late")
        await tells(at, answered("early"), "petition-p1")
        await settled(at, answers, "p1", lambda state: state.people == ("early",))
        id = await filed(at, petition="p1")
        await settled(at, panel, id, lambda state: state.answered == ("early",))
        refused = await by_convenor(at, "POST", f"/panels/{id}/appoint", json={"person": "early"})
        assert code_of(refused) == "conflict-of-interest"
        await appointed(at, id, "late")
        await tells(at, answered("late"), "petition-p1", 2)
        await settled(at, panel, id, lambda state: state.mediator is None)


async def test_who_joins_a_partys_company_or_moves_in_leaves_the_panel() -> None:
    async with mediation() as at:
        await registered(at, "hu")
        await told(at, home, LIN, LearnHome(FLAT))
        id = await filed(at)
        await appointed(at, id, "hu")
        await tells(at, community.ResidentMoved("hu", FLAT, "n1-b9-u9"), "resident-hu")
        gone = await settled(at, panel, id, lambda state: state.mediator is None)
        assert [one.conflict for one in gone.ties] == ["household"]


async def test_who_lives_with_somebody_who_speaks_for_a_party_has_no_part() -> None:
    async with mediation() as at:
        await registered(at, "hu", "su")
        for person in ("hu", "nephew"):
            await told(at, home, person, LearnHome(FLAT))
        id = await filed(at)
        await appointed(at, id, "hu")
        path = f"/disputes/{id}/name-representative"
        named = await by_person(at, "POST", path, CHEN, json={"party": "p2", "person": "nephew"})
        assert named.status_code == 200, named.text
        gone = await settled(at, panel, id, lambda state: state.mediator is None)
        assert [one.conflict for one in gone.ties] == ["household"]
        assert gone.households == (FLAT,)
        refused = await by_convenor(at, "POST", f"/panels/{id}/appoint", json={"person": "hu"})
        assert code_of(refused) == "conflict-of-interest"
        await told(at, home, "su", LearnHome("n1-b9-u9"))
        await appointed(at, id, "su")
        await tells(at, community.ResidentMoved("nephew", "n1-b9-u9", FLAT), "resident-nephew")
        await settled(at, panel, id, lambda state: state.mediator is None)


async def test_a_party_that_moves_in_with_the_mediator_has_another_one() -> None:
    async with mediation() as at:
        await registered(at, "hu")
        await told(at, home, "hu", LearnHome(FLAT))
        id = await filed(at)
        await appointed(at, id, "hu")
        await tells(at, community.ResidentRegistered(CHEN, FLAT), "resident-chen")
        gone = await settled(at, panel, id, lambda state: state.mediator is None)
        assert gone.households == (FLAT,)
        timeline = await by_convenor(at, "GET", f"/panels/{id}/timeline")
        assert timeline.status_code == 200
        assert FLAT not in timeline.text


async def test_a_suspended_mediator_is_replaced_everywhere() -> None:
    async with mediation() as at:
        await registered(at, "hu")
        ids = [await filed(at) for _ in range(2)]
        for id in ids:
            await appointed(at, id, "hu")
        asked = {"because": "complaint"}
        answer = await by_convenor(at, "POST", "/mediators/hu/suspend", json=asked)
        assert answer.status_code == 200, answer.text
        for id in ids:
            await settled(at, panel, id, lambda state: state.mediator is None)


async def test_nobody_else_knows_of_a_panel() -> None:
    async with mediation() as at:
        await registered(at, "hu", "tang")
        id = await filed(at)
        asked = {"person": "hu", "then": ["tang"]}
        await by_convenor(at, "POST", f"/panels/{id}/appoint", json=asked)
        # Whoever stands in a line is not asked yet, and does not hear of it.
        for person in (STRANGER, "tang"):
            assert (await reads(at, person, f"/panels/{id}")).status_code == 404
            assert (await does(at, person, f"/panels/{id}/accept")).status_code == 404
        assert (await reads(at, "tang", "/panels/mine")).json()["items"] == []
        other = await at.ask(
            "GET", f"/panels/{id}", "far", "community-staff", places=(OTHER_COMMUNITY,)
        )
        assert other.status_code == 404
        for path in (f"/panels/{id}", f"/panels/{id}/suggestions"):
            admin = await at.ask("GET", path, "root", ADMINISTRATOR, places=(COMMUNITY,))
            assert admin.status_code in (403, 404)
        mine = (await reads(at, "hu", "/panels/mine")).json()["items"]
        assert [one["id"] for one in mine] == [id]
        assert "tang" not in (await reads(at, LIN, f"/panels/{id}")).text
        assert (await does(at, LIN, f"/panels/{id}/accept")).status_code == 403
        assert "tang" in (await by_convenor(at, "GET", f"/panels/{id}")).text


async def test_reasons_are_between_who_gives_them_and_convenors() -> None:
    async with mediation() as at:
        await registered(at, "hu")
        id = await filed(at)
        await appointed(at, id, "hu")
        await does(at, LIN, f"/panels/{id}/refuse-mediator", reason="他是对方的老同学")
        for person in (CHEN, LIN):
            seen = (await reads(at, person, f"/panels/{id}")).text
            assert ("老同学" in seen) == (person == LIN)
        assert "老同学" in (await by_convenor(at, "GET", f"/panels/{id}")).text


async def test_the_registry_is_listed_and_searched() -> None:
    async with mediation() as at:
        await registered(at, "hu", name="胡大姐", languages=["zh", "en"])
        await registered(at, "tang", name="唐师傅", introduction="修了三十年水管")
        params = {"place": NEIGHBOURHOOD}
        found = (await reads(at, STRANGER, "/mediators", params=params)).json()["items"]
        assert [one["name"] for one in found] == ["胡大姐", "唐师傅"]
        for params, names in (
            ({"text": "水管"}, ["唐师傅"]),
            ({"language": "en"}, ["胡大姐"]),
            ({"field": "family"}, []),
            ({"place": OTHER_COMMUNITY}, []),
            ({"standing": "suspended"}, []),
        ):
            items = (await reads(at, STRANGER, "/mediators", params=params)).json()["items"]
            assert [one["name"] for one in items] == names
        asked = {"because": "own-wish"}
        by_resident = await by_person(at, "POST", "/mediators/hu/suspend", "hu", json=asked)
        assert by_resident.status_code == 403


async def test_whoever_is_erased_is_in_no_panel_and_no_list() -> None:
    async with mediation() as at:
        await registered(at, "hu", name="胡大姐")
        id = await filed(at)
        await appointed(at, id, "hu")
        data = (await reads(at, "hu", "/my-data")).json()["things"]
        assert {"mediator", "panel"} <= {one["kind"] for one in data}
        await tells(at, community.ResidentErased("hu"), "resident-hu")
        await settled(at, panel, id, lambda state: state.mediator is None)
        await settled(at, mediator, "hu", lambda state: state.person is None)
        listed = await reads(at, STRANGER, "/mediators", params={"standing": "retired"})
        assert "胡大姐" not in listed.text
        assert (await at.running.store.journal.dossier("mediator-hu")) == []


def answered(by: str) -> petitions.PetitionAnswered:
    """Somebody answers the petition that the dispute came of."""
    until_then = datetime(2030, 1, 1, tzinfo=UTC)
    return petitions.PetitionAnswered(
        "p1", by, Level.COMMUNITY, COMMUNITY, "noise", True, until_then, LIN
    )
