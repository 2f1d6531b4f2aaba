"""A desk: sends what waits for one way, the urgent first.

One process at a time has the desk of a way, by lease, so that rates and limits hold for the
installation; should two think that they have it, each message is claimed before it is sent. Nothing
here is remembered but for a while: what was sent, and what is to be sent, stands in the messages.
"""

import asyncio
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from services.notifications.addresses import Addresses
from services.notifications.channels.channel import Channel, NotSent
from services.notifications.channels.pace import Fuse, Pace
from services.notifications.domain.delivering import Attempt, Failed, Gather, PutOff, Sent
from services.notifications.domain.delivery import CLAIM_LASTS, Delivery
from services.notifications.domain.message import Message, message
from services.notifications.domain.ways import Lane, Way
from services.notifications.letters import letter
from services.notifications.views.delivery import (
    gone_with,
    of_group,
    sent_since,
    to_send,
    waiting,
)
from shared.runtime import metrics
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.journal import Unavailable
from shared.runtime.outcome import Busy, Outcome
from shared.runtime.store import Store

POLL = 0.25
"""Seconds between two looks while nothing waits."""
LONGEST_PAUSE = 1.0
"""Seconds: the lease is renewed in between."""
LEASE_SECONDS = 10.0
WIDTH = 16
"""Letters under way at once."""
WIDER: Mapping[Way, int] = {Way.PUSH: 48, Way.ROBOT: 48}
"""Where each letter goes to a host that its recipient named: slow ones shall not hold up others."""
MOST_FUSES = 1_000
"""Providers in trouble that are remembered."""
PAGE = 128
"""Messages that are read at a look."""
KEPT_FREE = 4
"""Of these, for letters that are not of a broadcast."""
LONGEST_SENDING = 40.0
"""Seconds after which a letter that is under way is given up: well before its claim lapses."""
REPORT_AGAIN = 0.5
"""Seconds before a report that the store did not take is made again."""
COUNT_EVERY, MOST_COUNTED = 15.0, 10_000
AN_HOUR = timedelta(hours=1)
MOST_TO_ONE: Mapping[Way, tuple[int, timedelta]] = {
    Way.PUSH: (30, AN_HOUR),
    Way.EMAIL: (20, AN_HOUR),
    Way.SMS: (6, AN_HOUR),
    Way.ROBOT: (18, timedelta(minutes=1)),
}
"""How many a person (or a group with a robot, which takes 20) is sent within a time; what is urgent
is sent all the same.
"""

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class _UnderWay:
    """Letters that are just being sent, by message, and to whom: one at a time to each."""

    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    recipients: set[str] = field(default_factory=set)


class Desk:
    """The desk of one way in one process."""

    def __init__(
        self,
        channel: Channel,
        rate: float,
        store: Store,
        copies: Copies,
        addresses: Addresses,
        holder: str,
        randomness: random.Random,
    ) -> None:
        self.way = channel.way
        self._channel = channel
        self._store = store
        self._clock = store.clock
        self._copies = copies
        self._addresses = addresses
        self._holder = holder
        self._randomness = randomness
        self._pace = Pace(rate)
        self._width = WIDER.get(channel.way, WIDTH)
        self._fuses: dict[str, Fuse] = {}
        self._under_way = _UnderWay()
        self._next: deque[tuple[str, Message]] = deque()
        self._looked = float("-inf")
        self._lease_until = float("-inf")
        self._asked_lease = float("-inf")
        self._counted = float("-inf")
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Works until `stop`; outlasts a store that is away."""
        try:
            while not self._stopping.is_set():
                await self._pause(await self._turn())
            await asyncio.gather(*self._under_way.tasks.values(), return_exceptions=True)
            await self._release()
        finally:
            for task in self._under_way.tasks.values():
                task.cancel()
            await self._channel.close()

    def stop(self) -> None:
        """Has it finish what is under way, and take nothing more."""
        self._stopping.set()

    async def _turn(self) -> float:
        """Looks once, where this process has the desk; the seconds to the next look."""
        try:
            if not await self._leads():
                return POLL
            await self._count()
            return min(await self._look(), LONGEST_PAUSE)
        except (Unavailable, Busy) as error:
            log.warning("desk_waits", kind=self.way.value, reason=str(error)[:200])
            return LONGEST_PAUSE

    # --- who has the desk --------------------------------------------------------------------

    async def _leads(self) -> bool:
        now = self._clock.monotonic()
        if now - self._asked_lease >= LEASE_SECONDS / 3:
            self._asked_lease = now
            lease, seconds = f"desk-{self.way.value}", LEASE_SECONDS
            fence = await self._store.journal.take_lease(lease, self._holder, seconds)
            self._lease_until = float("-inf") if fence is None else now + LEASE_SECONDS * 0.9
        return now < self._lease_until

    async def _release(self) -> None:
        try:
            await self._store.journal.release_lease(f"desk-{self.way.value}", self._holder)
        except Unavailable:
            pass  # it runs out by itself

    async def _pause(self, seconds: float) -> None:
        """Until then, or until a letter has gone, or the process stops."""
        stopping = asyncio.ensure_future(self._stopping.wait())
        slept = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            under_way = set(self._under_way.tasks.values()) if seconds < POLL else set()
            await asyncio.wait({stopping, slept, *under_way}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            slept.cancel()

    # --- what is next ------------------------------------------------------------------------

    async def _look(self) -> float:
        """Begins with what may be sent now; how long to wait before the next look."""
        under_way = self._under_way
        free = self._width - len(under_way.tasks)
        if (only := self._fuses.get("")) is not None:
            if (rest := only.until - self._clock.monotonic()) > 0:
                return rest
            if only.troubled:
                free = 1 - len(under_way.tasks)
        if free <= 0:
            return POLL / 2
        if not self._next or self._clock.monotonic() - self._looked >= POLL:
            await self._find()
        begun = 0
        while self._next and begun < free:
            id, state = self._next[0]
            is_bulk = state.delivery is not None and state.delivery.lane is Lane.BULK
            if is_bulk and free - begun <= KEPT_FREE:
                break
            if not self._pace.take(self._clock.monotonic()):
                return self._pace.wait(self._clock.monotonic())
            self._next.popleft()
            if id not in under_way.tasks and state.recipient not in under_way.recipients:
                self._begin(id, state)
                begun += 1
        if begun:
            return POLL / 10
        return POLL / 2 if under_way.tasks else POLL

    async def _find(self) -> None:
        """What may be sent now, for the next moment: most of it waits long enough to be read once
        for many letters.
        """
        query = to_send(self.way, self._clock.now(), limit=PAGE)
        page = await self._store.journal.find(message.kind, query)
        self._looked = self._clock.monotonic()
        self._next = deque((stored.id, self._store.read(message, stored)) for stored in page.items)

    def _begin(self, id: str, state: Message) -> None:
        under_way = self._under_way
        under_way.recipients.add(state.recipient)
        task = asyncio.create_task(self._handle(id, state))
        under_way.tasks[id] = task

        def gone(_task: asyncio.Task[None]) -> None:
            del under_way.tasks[id]
            under_way.recipients.discard(state.recipient)

        task.add_done_callback(gone)

    # --- one letter --------------------------------------------------------------------------

    async def _handle(self, id: str, state: Message) -> None:
        try:
            await self._send(id, state)
        except (Unavailable, Busy):
            pass  # nothing was promised: it is found again
        except Exception as error:
            # A defect harms its own letter, which is claimed for a while or tried again.
            log.error("letter_failed", kind=self.way.value, exc_info=error)
            await self._clock.sleep(POLL)

    async def _send(self, id: str, state: Message) -> None:
        assert state.delivery is not None, "it waits for this desk"
        now = self._clock.now()
        address, until, tongue = await asyncio.gather(
            self._addresses.latest(state.recipient, self.way),
            self._too_many(state, now),
            self._addresses.tongue(state.recipient),
        )
        if address is None:
            await self._do(id, Failed(self.way, "no-address", True, 0.0))
            self._tell("no-address")
            return
        if state.delivery.group and await self._is_gathered(id, state.delivery):
            return
        provider = self._channel.provider(address)
        if (put_off := self._not_now(until, provider, now)) is not None:
            await self._do(id, put_off)
            self._tell("put-off")
            return
        claim = self._clock.new_id()
        claimed = await self._do(id, Attempt(claim, state.recipient))
        delivery = claimed.state.delivery if isinstance(claimed.state, Message) else None
        if delivery is None or delivery.claim != claim:
            return  # read, expired, not wanted any more, or somebody else has it
        count = await self._stands_for(id, state.delivery)
        now = self._clock.now()
        if not delivery.claimed(now):
            return  # this process was asleep meanwhile: by now it is somebody else's
        written = letter(id, claimed.state, self.way, self._copies, tongue, count, now)
        try:
            async with asyncio.timeout(LONGEST_SENDING):
                receipt = await self._channel.send(written, address)
        except NotSent as refused:
            await self._refused(id, state, provider, refused)
            return
        except TimeoutError:
            await self._refused(id, state, provider, NotSent("timed-out", trouble=True))
            return
        self._fuses.pop(provider, None)
        await self._report(id, Sent(self.way, receipt))
        self._tell("sent")
        if state.posted is not None:
            late = (self._clock.now() - state.posted).total_seconds()
            lane = state.delivery.lane.value
            metrics.DELIVERY_SECONDS.labels(self._store.service, self.way.value, lane).observe(late)

    def _not_now(self, until: datetime | None, provider: str, now: datetime) -> PutOff | None:
        """Why it has to wait, if it has: the person was sent enough, or the provider is in
        trouble.
        """
        if until is not None:
            return PutOff("person-limit", until)
        fuse = self._fuses.get(provider)
        rest = 0.0 if fuse is None else fuse.until - self._clock.monotonic()
        if rest <= 0:
            return None
        spread = timedelta(seconds=round(rest * (1 + self._randomness.random()), 3))
        return PutOff("provider", now + spread)

    async def _stands_for(self, id: str, delivery: Delivery) -> int:
        """For how many messages of a burst it goes out; at its first try it is known to be alone
        where there is nothing that others could have joined.
        """
        if not delivery.group and delivery.turn == 0 and delivery.step.tries == 0:
            return 1
        return 1 + await self._store.journal.count(message.kind, gone_with(id))

    async def _refused(self, id: str, state: Message, provider: str, refused: NotSent) -> None:
        if refused.trouble:
            if len(self._fuses) >= MOST_FUSES:
                del self._fuses[next(iter(self._fuses))]
            fuse = self._fuses.setdefault(provider, Fuse())
            fuse.trouble(self._clock.monotonic(), refused.retry_after)
        else:
            self._fuses.pop(provider, None)
        self._show_fuses()
        if refused.bad_address:
            # Before the report: should this process die in between, it is only found out again.
            await self._addresses.mark_bad(state.recipient, self.way)
        failed = Failed(
            self.way,
            refused.code,
            refused.permanent,
            self._randomness.random(),
            refused.retry_after,
        )
        await self._report(id, failed)
        self._tell("failed" if refused.permanent else "not-now")

    async def _is_gathered(self, id: str, delivery: Delivery) -> bool:
        """Whether it goes out with an earlier one; else those that came after it go out with it."""
        page = await self._store.journal.find(message.kind, of_group(delivery.group))
        if not page.items:
            return False
        first = page.items[0]
        others = [stored.id for stored in page.items[1:]]
        joining = Gather(first.id, first.state["posted"])
        await asyncio.gather(*(self._do(other, joining) for other in others))
        return first.id != id

    async def _too_many(self, state: Message, now: datetime) -> datetime | None:
        """Until when the recipient is left alone, if they were sent much of late."""
        if state.delivery is None or state.delivery.lane is Lane.URGENT:
            return None
        most, within = MOST_TO_ONE[self.way]
        query = sent_since(state.recipient, self.way, now - within, limit=most)
        page = await self._store.journal.find(message.kind, query)
        if len(page.items) < most:
            return None
        earliest: datetime = page.items[0].state["delivery"]["sent"]
        return earliest + within + timedelta(milliseconds=1)

    # --- reports -----------------------------------------------------------------------------

    async def _do(self, id: str, command: Command) -> Outcome:
        actor = f"service:{self._store.service}"
        return await self._store.do(message, id, command, actor=actor)

    async def _report(self, id: str, command: Command) -> None:
        """Reports until the store has it, or the claim has long lapsed."""
        until = self._clock.monotonic() + CLAIM_LASTS.total_seconds()
        while True:
            try:
                await self._do(id, command)
                return
            except (Unavailable, Busy):
                if self._clock.monotonic() > until:
                    raise
            await self._clock.sleep(REPORT_AGAIN)

    def _tell(self, outcome: str) -> None:
        metrics.DELIVERIES.labels(self._store.service, self.way.value, outcome).inc()

    def _show_fuses(self) -> None:
        now = self._clock.monotonic()
        blown = sum(fuse.blown(now) for fuse in self._fuses.values())
        metrics.PROVIDERS_AT_REST.labels(self._store.service, self.way.value).set(blown)

    async def _count(self) -> None:
        now = self._clock.monotonic()
        if now - self._counted < COUNT_EVERY:
            return
        self._counted = now
        self._show_fuses()
        count = await self._store.journal.count(message.kind, waiting(self.way), MOST_COUNTED)
        metrics.DELIVERIES_WAITING.labels(self._store.service, self.way.value).set(count)
