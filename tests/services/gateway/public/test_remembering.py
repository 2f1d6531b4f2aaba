"""Answers that are remembered: for a minute, once for all who ask, and not without end."""

import asyncio
from datetime import timedelta

import pytest

from services.gateway.public.remembering import RememberedAnswers
from services.gateway.upstream import Answer, ServiceAway
from tests.services.petitions.city import Calendar


class Service:
    """Answers with its next number."""

    def __init__(self, status: int = 200, size: int = 0) -> None:
        self.asked = 0
        self.status = status
        self.size = size

    async def __call__(self) -> Answer:
        self.asked += 1
        number = self.asked
        await asyncio.sleep(0)
        if self.status == 0:
            raise ServiceAway("petitions")
        return Answer(self.status, {}, str(number).encode().ljust(self.size))


async def test_an_answer_holds_for_a_minute() -> None:
    clock, service = Calendar(), Service()
    remembered = RememberedAnswers(clock)
    assert (await remembered.ask("a", service)).content == b"1"
    clock.ahead += timedelta(seconds=59)
    assert (await remembered.ask("a", service)).content == b"1"
    clock.ahead += timedelta(seconds=2)
    assert (await remembered.ask("a", service)).content == b"2"


async def test_who_goes_away_does_not_take_the_answer_from_the_others() -> None:
    service = Service()
    remembered = RememberedAnswers(Calendar())
    impatient = asyncio.create_task(remembered.ask("a", service))
    patient = asyncio.create_task(remembered.ask("a", service))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).content == b"1"
    assert service.asked == 1


@pytest.mark.parametrize("status", [0, 404, 503])
async def test_a_refusal_is_not_remembered(status: int) -> None:
    service = Service(status)
    remembered = RememberedAnswers(Calendar())
    for _ in range(2):
        if status == 0:
            with pytest.raises(ServiceAway):
                await remembered.ask("a", service)
        else:
            assert (await remembered.ask("a", service)).status == status
    assert service.asked == 2


async def test_of_more_than_fits_the_oldest_go() -> None:
    service = Service(size=10)
    remembered = RememberedAnswers(Calendar(), most_bytes=25)
    for key in ("a", "b", "c"):
        await remembered.ask(key, service)
    await remembered.ask("c", service)
    await remembered.ask("b", service)
    assert service.asked == 3
    await remembered.ask("a", service)
    assert service.asked == 4
