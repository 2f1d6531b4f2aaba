"""The city's figures for /metrics: what a plain count of the states gives."""

from collections import Counter
from typing import Any

from prometheus_client import REGISTRY

from services.petitions.counting import PACES, Governance
from services.petitions.domain.state import Status
from shared.contracts.types import LEVELS
from tests.services.petitions.city import BANYAN, City, city


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": "petitions", **labels})


async def states(town: City) -> list[dict[str, Any]]:
    return [stored.state async for stored in town.running.journal.all("petition")]


def pace(state: dict[str, Any]) -> str:
    figures = state["figures"]
    return "overdue" if figures["overdue"] else "late" if figures["late"] else "in-time"


async def test_open_answered_and_rated_are_those_of_a_plain_count() -> None:
    async with city() as town:
        await town.live(months=4, many=60)
        await Governance()(town.running.journal)
        everything = await states(town)
        open = [one for one in everything if one["status"] != Status.CLOSED]
        paces = Counter((one["level"], pace(one)) for one in open)
        assert len(paces) > 1, "there is too little to tell apart"
        for level in LEVELS:
            for each in PACES:
                found = told("jinlin_petitions_open", level=level, pace=each)
                assert found == paces[(level, each)]
        roots = Counter(one["category"].partition("-")[0] for one in open)
        for root, count in roots.items():
            assert told("jinlin_petitions_open_about", category=root) == count
        for word, value in (("yes", True), ("no", False)):
            answered = sum(one["figures"]["in_time"] is value for one in everything)
            assert told("jinlin_petitions_answered", in_time=word) == answered
        stars = Counter(one["figures"]["stars"] for one in everything)
        for n in range(1, 6):
            assert told("jinlin_petitions_rated", stars=str(n)) == stars[n]
        assert told("jinlin_hot_topics") is not None


async def test_what_is_closed_is_not_told_as_open_any_more() -> None:
    async with city() as town:
        count = Governance()
        id = await town.file(BANYAN, "sanitation")
        await count(town.running.journal)
        assert told("jinlin_petitions_open_about", category="sanitation") == 1
        await town.answer(id)
        await town.wait(id)
        assert (await town.state(id)).status is Status.CLOSED
        await count(town.running.journal)
        assert told("jinlin_petitions_open_about", category="sanitation") == 0
