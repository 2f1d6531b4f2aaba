"""Clients: they send a command until they hear what became of it, and remember what they heard."""

import asyncio
import random
from collections.abc import Mapping

from shared.runtime.aggregate import Rejected
from shared.runtime.journal import Unavailable
from shared.runtime.outcome import Busy, Outcome
from tests.chaos.checker import Acknowledged, Refused, Told, Unacknowledged, Violation
from tests.simulation.process import Process, Say
from tests.simulation.town import Step


class Clients:
    """All that speak to the services. `busy` are those that still wait for an answer."""

    def __init__(self, seed: str, processes: Mapping[str, list[Process]], say: Say) -> None:
        self._seed = seed
        self._processes = processes
        self._say = say
        self.commands = 0
        self.told: list[Told] = []
        self.surprises: list[Violation] = []
        """Answers that no client should ever get."""
        self.busy: set[asyncio.Task[None]] = set()

    def act(self, step: Step, insist: bool = False) -> None:
        """Somebody sends a command; nobody waits for it here."""
        self.commands += 1
        cause = f"{step.by}>{self.commands}"
        task = asyncio.create_task(self._client(step, cause, insist))
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)

    async def _client(self, step: Step, cause: str, insist: bool) -> None:
        """Sends a command, again and again with the same cause while nobody has heard of it.

        With `insist` also while a rule forbids it: what it builds on may not be there yet.
        """
        chance = random.Random(f"{self._seed}/{cause}")
        tries = 40 if insist or chance.random() < 0.9 else 1
        left_behind = False
        refused = False
        what = f"{step.command.verb} {step.kind} {step.id or ''}"
        for _ in range(tries):
            process = await self._some_process(step.service, chance)
            answer = await self._ask(process, step, cause, chance)
            match answer:
                case Outcome():
                    self._say(cause, f"{what}: done as {answer.stream}/{answer.version}")
                    self.told.append(
                        Acknowledged(
                            step.service, answer.stream, answer.version, cause, step.perhaps_idle
                        )
                    )
                    return
                case Rejected():
                    refused = True
                    if not insist:
                        break
                case TimeoutError():
                    left_behind, refused = True, False
                case Unavailable() | Busy() | asyncio.CancelledError():
                    refused = False
                case _:
                    text = f"{cause}: {what} failed with {answer!r}"
                    self._say(cause, text)
                    self.surprises.append(Violation(1, text))
                    return
            await asyncio.sleep(chance.uniform(0.1, 3.0))
        self._say(cause, f"{what}: {'refused' if refused else 'never heard of'}: {answer}")
        # Who has left an attempt behind cannot know that the later answer spoke for it as well.
        told = Refused if refused and not left_behind else Unacknowledged
        self.told.append(told(step.service, cause))

    async def _ask(
        self, process: Process, step: Step, cause: str, chance: random.Random
    ) -> Outcome | BaseException:
        store = process.running.store
        id = store.clock.new_id() if step.id is None else step.id
        doing = store.do(
            store.aggregates[step.kind],
            id,
            step.command,
            actor=step.by,
            cause=cause,
            fingerprint=step.command.verb,
            fresh=step.id is None,
        )
        task = process.spawn(doing)
        await asyncio.wait([task], timeout=0.3 if chance.random() < 0.1 else 30)
        if not task.done():
            return TimeoutError("left behind")
        if task.cancelled():
            return asyncio.CancelledError("cut off")
        outcome: Outcome | BaseException = task.exception() or task.result()
        return outcome

    async def _some_process(self, service: str, chance: random.Random) -> Process:
        # The loop's time is free, and a client cannot be told when a server is back.
        while not (ready := [p for p in self._processes[service] if p.open]):  # noqa: ASYNC110
            await asyncio.sleep(0.25)
        return chance.choice(ready)
