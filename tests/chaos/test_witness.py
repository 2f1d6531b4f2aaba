"""The witness is no yes-man: it notices what is missing and what is too much."""

from uuid import uuid4

import pytest

from tests.chaos.checker import Acknowledged
from tests.chaos.witness import Witness
from tests.e2e.town import Town
from tests.e2e.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(120)]


async def test_the_witness_notices_what_was_never_done(town: Town, witness: Witness) -> None:
    await witness.satisfied()
    witness.told.append(Acknowledged("petitions", "petition-x", 1, "resident-x>never"))
    (violation,) = await witness.look()
    assert "resident-x>never was acknowledged" in str(violation)
    witness.told.pop()


async def test_the_witness_notices_an_effect_that_is_gone(town: Town, witness: Witness) -> None:
    resident = town.resident(f"resident-{uuid4().hex[:10]}")
    message = resident.told("petition-received", resident.file())
    await witness.satisfied()
    commits = town.store("notifications")["commits"]
    (commit,) = commits.find({"stream": f"message-{message['id']}"})
    commits.delete_one({"_id": commit["_id"]})
    found = [str(violation) for violation in await witness.look()]
    assert any(f"{resident.sub} was told 0 times" in text for text in found), found
    # Put back, it is whole again for the tests that follow.
    commits.insert_one(commit)
    until(lambda: commits.find_one({"_id": commit["_id"]}), "the commit is back")
    await witness.satisfied()
