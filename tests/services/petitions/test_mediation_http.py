"""What mediation's events lead to in petitions, over the bus; and who sees that it is mediated."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from services.petitions.domain.state import Status
from shared.contracts import mediation
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeKind, EndedBecause, Outcome
from shared.runtime.bus import Outgoing
from tests.services.petitions.city import BANYAN, City, city
from tests.services.petitions.test_together_http import CLERK, ask, is_status, until

DISPUTE = "dp-1"
KIND, PATH, BOTH = DisputeKind.NOISE, (BANYAN,), ("lin", "chen")


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def tells(town: City, event: Event, sequence: int) -> None:
    """An event of mediation's, as it arrives."""
    stream = f"dispute-{DISPUTE}"
    envelope = Envelope(
        id=f"mediation/{stream}/{sequence}/0",
        type=type_of(type(event)),
        source="/jinlin/mediation",
        subject=stream,
        time=datetime(2026, 3, 2, tzinfo=UTC),
        data=msgspec.to_builtins(event),
        sequence=sequence,
        correlationid="told",
    )
    message = Outgoing(topic("mediation"), stream, envelope.to_bytes())
    await town.running.bus.publish([message])


async def test_a_petition_waits_for_the_mediation_of_its_dispute(town: City) -> None:
    id = await town.file()
    filed_by = (await town.state(id)).petitioner
    assert filed_by is not None
    filed = mediation.DisputeFiled(DISPUTE, KIND, BANYAN, PATH, filed_by, BOTH, id, False)
    await tells(town, filed, 1)

    async def is_known() -> bool:
        return (await town.state(id)).mediated is not None

    await until(is_known)
    limit = town.running.clock.now() + timedelta(days=30)
    begun = mediation.DisputeBegun(DISPUTE, KIND, BANYAN, PATH, BOTH, limit, id)
    await tells(town, begun, 2)
    await is_status(town, id, Status.SUSPENDED)
    shown = (await ask(town, "GET", f"/petitions/{id}", **CLERK)).json()
    assert shown["mediation"] == {"dispute": DISPUTE, "over": False, "settled": False}
    assert shown["suspended"]["reason"] == "mediation"
    in_public = (await town.client.get(f"/public/petitions/{id}")).json()
    assert in_public["suspended"]["reason"] is None
    assert DISPUTE not in str(in_public)
    ended = mediation.DisputeEnded(
        DISPUTE,
        KIND,
        BANYAN,
        PATH,
        BOTH,
        None,
        id,
        Outcome.SETTLED,
        EndedBecause.AGREEMENT,
        None,
        3,
    )
    await tells(town, ended, 3)

    async def goes_on() -> bool:
        return (await town.state(id)).status is not Status.SUSPENDED

    await until(goes_on)
    shown = (await ask(town, "GET", f"/petitions/{id}", **CLERK)).json()
    assert shown["mediation"] == {"dispute": DISPUTE, "over": True, "settled": True}
    assert shown["suspended"] is None
    assert shown["answer_by"] is not None
