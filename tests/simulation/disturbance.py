"""What breaks larger things now and then: a store, the broker, clocks, whole processes."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from shared.runtime.memory_bus import MemoryTopics
from shared.runtime.memory_journal import MemoryDisk
from tests.simulation.process import Process, Say, Trouble

MOST_REPLICAS = 3
"""Processes of one service side by side."""
HOUR = timedelta(hours=1)


class Disturbance:
    """Breaks one thing at a time, between the small troubles of every step."""

    def __init__(
        self,
        chance: random.Random,
        trouble: Trouble,
        processes: Mapping[str, list[Process]],
        disks: Mapping[str, MemoryDisk],
        topics: MemoryTopics,
        begin: Callable[[str], None],
        say: Say,
    ) -> None:
        self._chance = chance
        self._trouble = trouble
        self._processes = processes
        self._disks = disks
        self._topics = topics
        self._begin = begin
        self._say = say

    async def go_on(self) -> None:
        """Until it is ended; then what is broken at the moment is whole again."""
        if self._trouble.crash == 0.0:
            return
        chance = self._chance
        kinds = ("store", "broker", "position", "group", "again", "kill", "kill", "more", "clock")
        while True:
            await asyncio.sleep(chance.uniform(2, 30))
            service = chance.choice(list(self._processes))
            seconds = chance.uniform(0.5, 20)
            match chance.choice((*kinds, "freeze")):
                case "store":
                    with self._without_store(service):
                        await asyncio.sleep(seconds)
                case "broker":
                    with self._without_broker():
                        await asyncio.sleep(seconds)
                case "clock":
                    with self._with_a_wrong_clock(service):
                        await asyncio.sleep(seconds)
                case "freeze":
                    for process in self._processes[service][:1]:
                        self._say(process.name, f"stands still for {2 * seconds:.1f} s")
                        process.stand_still(2 * seconds)
                case "position":
                    self._say(service, "loses its positions")
                    self._disks[service].forget_positions()
                case "group":
                    for group in self._topics.groups:
                        self._topics.rebalance(group)
                case "again" if service in self._topics.groups:
                    self._say(service, "is given everything again")
                    self._topics.groups[service].offsets.clear()
                    self._topics.rebalance(service)
                case "kill":
                    for process in list(self._processes[service]):
                        process.crash("no particular moment")
                case "more" if len(self._processes[service]) < MOST_REPLICAS:
                    self._begin(service)

    @contextmanager
    def _without_store(self, service: str) -> Iterator[None]:
        self._say(service, "is without its store")
        away = list(self._processes[service])
        for process in away:
            process.store_away = True
        try:
            yield
        finally:
            self._say(service, "has its store again")
            for process in away:
                process.store_away = False

    @contextmanager
    def _without_broker(self) -> Iterator[None]:
        self._say("broker", "is away")
        self._topics.go_away()
        try:
            yield
        finally:
            self._say("broker", "is back")
            self._topics.come_back()

    @contextmanager
    def _with_a_wrong_clock(self, service: str) -> Iterator[None]:
        hour = self._chance.choice((-HOUR, HOUR))
        wrong = self._processes[service][:1]
        for process in wrong:
            self._say(process.name, f"has a clock that is wrong by {hour}")
            process.clock.skew += hour
        try:
            yield
        finally:
            for process in wrong:
                process.clock.skew -= hour
