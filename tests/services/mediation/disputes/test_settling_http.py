"""Settled on the spot, over HTTP: who records it, who confirms it, who reads it, who keeps it."""

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Status
from shared.contracts import community
from tests.services.community.served import until
from tests.services.mediation.disputes.test_http import (
    CHEN,
    LIN,
    MEDIATOR,
    STRANGER,
    begun,
    does,
    seen,
    words,
)
from tests.services.mediation.served import by_convenor, mediation, settled, tells

SAID = "陈先生当场把旧家具搬走，双方握手言和"
KEPT = "某某当场把旧家具搬走，双方握手言和"


async def test_it_is_recorded_by_the_mediator_and_confirmed_by_both() -> None:
    async with mediation() as at:
        id = await begun(at)
        for who, status in ((LIN, 403), (STRANGER, 404)):
            assert await does(at, who, id, "record-settlement", text=SAID) == status
        assert await does(at, MEDIATOR, id, "record-settlement", text=SAID) == 200
        there = await seen(at, CHEN, id)
        assert there["oral"] == {"number": 1, "confirmed": []}
        assert {"confirm-settlement", "object-to-settlement"} <= set(there["can"])
        assert SAID in words(there)
        organises = (await by_convenor(at, "GET", f"/disputes/{id}")).json()
        assert SAID not in words(organises), "what was settled is between those who are in it"
        assert await does(at, MEDIATOR, id, "confirm-settlement", number=1) == 403
        assert await does(at, LIN, id, "confirm-settlement", number=2) == 409
        for who in (LIN, CHEN):
            assert await does(at, who, id, "confirm-settlement", number=1) == 200
        over = await seen(at, LIN, id)
        assert (over["status"], over["outcome"]) == ("ended", "settled")
        assert over["oral"] == {"number": 1, "confirmed": ["p1", "p2"]}
        await until(lambda: b"DisputeEnded" in repr(vars(at.topics)).encode())
        assert "旧家具搬走" not in repr(vars(at.topics))


async def test_the_other_party_keeps_the_record_when_one_is_erased() -> None:
    async with mediation() as at:
        id = await begun(at)
        assert await does(at, MEDIATOR, id, "record-settlement", text=SAID) == 200
        for who in (LIN, CHEN):
            assert await does(at, who, id, "confirm-settlement", number=1) == 200
        await tells(at, community.ResidentErased(CHEN), f"resident-{CHEN}")
        await settled(at, dispute, id, lambda one: CHEN not in one.people)
        there = await seen(at, LIN, id)
        assert there["outcome"] == "settled"
        assert [one["data"] for one in there["dossier"]] == [{"number": 1, "text": KEPT}]
        await tells(at, community.ResidentErased(LIN), f"resident-{LIN}")
        last = await settled(at, dispute, id, lambda one: LIN not in one.people)
        assert last.status is Status.ENDED
        assert await at.running.journal.dossier(dispute.stream(id)) == []
