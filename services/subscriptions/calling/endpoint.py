"""One webhook being called: asked whether it wants to be, tested, sent what it wants.

It works by itself and waits for no other: it has its own connections, its own calls under way, its
own window. What it shares is the newest part of the feed, which it only reads.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

import structlog

from services.subscriptions.calling.attempts import Attempts
from services.subscriptions.calling.messages import (
    Message,
    echoes,
    message_of,
    test_message,
    verification,
    webhook_id,
)
from services.subscriptions.calling.newest import Newest
from services.subscriptions.calling.place import Place, lease_of, place_in
from services.subscriptions.calling.posting import Came, Posting
from services.subscriptions.calling.retrying import (
    GIVE_UP_AFTER,
    next_try,
    pause_until,
    retry_after,
)
from services.subscriptions.calling.signing import Signer
from services.subscriptions.calling.window import Item, Window
from services.subscriptions.domain.webhooks.delivery_log import Attempt
from services.subscriptions.domain.webhooks.webhook import webhook
from services.subscriptions.domain.webhooks.webhook_commands import (
    GiveUp,
    TakeTest,
    TakeVerification,
)
from services.subscriptions.domain.webhooks.webhook_state import Status, Webhook
from services.subscriptions.feed_asking import Shown
from services.subscriptions.feed_reading import Entry, Wanted
from shared.runtime import metrics
from shared.runtime.aggregate import Command
from shared.runtime.journal import Fenced, Position, Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.outgoing import Outgoing
from shared.runtime.store import Store

AT_ONCE = 8
"""Calls to one endpoint under way, each of another stream."""
SAVE_EVERY = 0.5
"""Seconds after which its place is saved while all goes well; at once when something fails. What
was taken since is sent again after a crash.
"""
SAVE_READ_EVERY = 5.0
"""The same where it wanted nothing of what was read."""
PAUSED_AFTER = 5
"""Calls in a row that were not taken: then it is called one at a time, and rarely."""
READ = 128
"""Entries that it takes at once."""
LONGEST_REST = 1.0
"""Seconds after which it looks at the time again."""
STORE_PAUSE = 1.0
"""Seconds before a store that is away is tried again."""
DEFECT_PAUSE = 10.0
"""Seconds before work begins anew that failed by a defect."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Around:
    """What an endpoint is called with. `may_call` says whether this process still leads; `holder`
    names it.
    """

    store: Store
    newest: Newest
    client: Callable[[], Outgoing]
    randomness: random.Random
    may_call: Callable[[], bool]
    holder: str


class Endpoint:
    """Calls one webhook while this process leads."""

    def __init__(self, id: str, agreed: Webhook, around: Around) -> None:
        self.id = id
        self._heard = agreed
        self.latest = agreed
        """What was agreed, as last known."""
        self._agreed: Webhook | None = None
        """What the work goes by now."""
        self._around = around
        self._store = around.store
        self._clock = around.store.clock
        self._wake = asyncio.Event()
        self._ending = False
        self._attempts = Attempts(around.store, id)
        self._client = around.client()
        self._posting: Posting | None = None
        self._window: Window | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._testing: asyncio.Task[None] | None = None
        self._fence: int | None = None
        self._unsaved = False
        self._save_at = float("inf")
        self._in_a_row = 0
        self._pauses = 0
        self._paused: datetime | None = None
        self._given_up: GiveUp | None = None

    def hear(self, agreed: Webhook) -> None:
        """What is agreed, or asked for. What was heard before is no news: what came of it may be
        known better here.
        """
        if agreed is not self._heard:
            self._heard = self.latest = agreed
            self._wake.set()

    def end(self) -> None:
        """Begins no more calls; `run` returns when those under way have come back."""
        self._ending = True
        self._wake.set()

    @property
    def failing(self) -> bool:
        """Whether something was not taken and waits to be sent again."""
        return self._window is not None and bool(self._window.failing)

    async def run(self) -> None:
        """Works until `end` is called. Raises `shared.runtime.journal.Fenced` where another process
        has taken over.
        """
        try:
            with self._around.newest.waking(self._wake):
                while not self._ending:
                    self._wake.clear()
                    try:
                        await self._step()
                    except (Unavailable, Busy) as error:
                        log.warning("webhook_waits_for_store", reason=str(error)[:200])
                        await self._clock.sleep(STORE_PAUSE)
                    except Fenced:
                        raise
                    except Exception as error:
                        # A defect that one webhook brings to light must not stop the others.
                        log.error("webhook_failed", id=self.id, exc_info=error)
                        self._agreed = self._window = None
                        await self._clock.sleep(DEFECT_PAUSE)
                    else:
                        await self._rest()
                await self._settle()
                await self._attempts.write()
        finally:
            left = [*self._under_way, *([self._testing] if self._testing else [])]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            await self._client.close()

    # --- one step after the other ------------------------------------------------------------

    async def _step(self) -> None:
        if self._agreed is None or _terms(self._agreed) != _terms(self.latest):
            await self._settle()
            await self._begin()
        agreed = self._agreed = self.latest
        if self._given_up is not None:
            await self._tell(self._given_up)
            self._given_up = None
            self._wake.set()  # to what is agreed now
            return
        if agreed.status is Status.PENDING and agreed.checked < agreed.asked:
            await self._verify(agreed)
        if agreed.tested < agreed.tests and self._testing is None:
            self._testing = asyncio.create_task(self._test(agreed.tests, agreed.mode))
        if agreed.status is Status.ACTIVE:
            await self._deliver(agreed)
        if self._unsaved and self._clock.monotonic() >= self._save_at:
            await self._save()
        if self._attempts.seconds_left() == 0.0:
            await self._attempts.write()

    async def _begin(self) -> None:
        """By what is agreed now: the address, the secrets."""
        agreed = self.latest
        url, secrets = "", dict[int, str]()
        for entry in await self._store.journal.dossier(webhook.stream(self.id)):
            if entry.name == "EndpointNamed":
                url = str(entry.data["url"])
            elif entry.name == "SecretMade":
                secrets[entry.data["key"]] = entry.data["secret"]
        former = agreed.key - 1 if agreed.former_until is not None else None
        signer = Signer([secrets[key] for key in (agreed.key, former) if key in secrets])
        if self._posting is not None and self._posting.url != url:
            await self._client.close()
            self._client = self._around.client()
        self._posting = Posting(self._store.service, url, signer, self._client, self._clock)

    async def _settle(self) -> None:
        """Waits for the calls under way and puts the window away."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        if self._window is not None and self._window.place.run == self.latest.run:
            await self._save()
        self._window = None
        self._in_a_row = self._pauses = 0
        self._paused = None

    async def _rest(self) -> None:
        """Until there is something to do."""
        if self._ending:
            return
        rests = [LONGEST_REST]
        if self._unsaved:
            rests.append(self._save_at - self._clock.monotonic())
        if (left := self._attempts.seconds_left()) is not None:
            rests.append(left)
        moments = [self._paused] if self._paused is not None else []
        if self._window is not None and (again := self._window.next_time()) is not None:
            moments.append(max(again, self._paused or again))
        now = self._clock.now()
        rests += [(moment - now).total_seconds() for moment in moments if moment > now]
        try:
            async with asyncio.timeout(max(0.0, min(rests))):
                await self._wake.wait()
        except TimeoutError:
            pass

    # --- being asked, being tested -----------------------------------------------------------

    async def _verify(self, agreed: Webhook) -> None:
        challenge = token_urlsafe(24)
        now = self._clock.now()
        message = verification(self.id, agreed.asked, challenge, now, agreed.mode)
        came = await self._post(message)
        if not came.taken:
            refused: str | None = came.outcome
        elif came.answer is not None and echoes(came.answer.body, challenge):
            refused = None
        else:
            refused = "no-challenge"
        await self._tell(TakeVerification(agreed.asked, refused))

    async def _test(self, test: int, mode: str) -> None:
        try:
            message = test_message(self.id, test, self._clock.now(), mode)
            came = await self._post(message)
            while True:
                try:
                    await self._tell(TakeTest(test, came.outcome))
                    return
                except (Unavailable, Busy):
                    await self._clock.sleep(STORE_PAUSE)
        finally:
            self._testing = None
            self._wake.set()

    # --- being sent events -------------------------------------------------------------------

    async def _deliver(self, agreed: Webhook) -> None:
        window = self._window or await self._open(agreed)
        if window.has_room:
            entries = await self._around.newest.after(window.read, READ)
            if entries:
                window.take(entries, _wants(agreed))
                self._save_soon(SAVE_READ_EVERY)
                if len(entries) == READ:
                    self._wake.set()  # there may be more
                    await asyncio.sleep(0)
        now = self._clock.now()
        if self._paused is not None and now < self._paused:
            return
        at_once = AT_ONCE if self._paused is None else 1
        while len(self._under_way) < at_once and self._around.may_call():
            item = window.next(now)
            if item is None:
                return
            task = asyncio.create_task(self._send(window, item, agreed.mode))
            self._under_way.add(task)
            task.add_done_callback(self._back)

    async def _open(self, agreed: Webhook) -> Window:
        """The window at the place where it was put away, or where this run begins."""
        journal, name = self._store.journal, lease_of(self.id)
        while self._fence is None:
            # It guards the place against whoever led before: a moment of it is enough.
            self._fence = await journal.take_lease(name, self._around.holder, 1.0)
            if self._fence is None:
                await self._clock.sleep(0.3)
        saved = await journal.position(name)
        place = None if saved is None else place_in(saved.token)
        if saved is None or place is None or place.run != agreed.run:
            assert agreed.begin is not None, "it was created"
            place = Place(agreed.run, await self._around.newest.feed.before(agreed.begin))
        elif agreed.resumed is not None:
            place = place.forgiven(agreed.resumed, self._clock.now())
        self._window = Window(place)
        return self._window

    def _back(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("webhook_call_failed", id=self.id, exc_info=error)

    async def _send(self, window: Window, item: Item, mode: str) -> None:
        message = message_of(item.entry.envelope, mode)
        probes = self._paused is not None
        called = self._clock.now()
        try:
            came = await self._post(message, item.tries + 1)
        except BaseException:
            window.cut_off(item)
            raise
        now = self._clock.now()
        if came.taken:
            window.acknowledged(item)
            self._in_a_row = 0
            if probes:  # what was under way before the pause says nothing about its end
                self._paused, self._pauses = None, 0
                window.hurry(now)
            self._note_delay(item, now)
            self._save_soon(SAVE_EVERY)
        else:
            self._not_taken(window, item, came, called, now)
            self._save_soon(0.0)

    def _not_taken(
        self, window: Window, item: Item, came: Came, called: datetime, now: datetime
    ) -> None:
        since = item.since or now
        again = next_try(item.tries + 1, since, now, self._around.randomness)
        wanted = retry_after(came.retry_after, now)
        window.failed(item, came.outcome, now, max(again, wanted or again))
        if came.gone:
            self._given_up = GiveUp("gone", None, window.place.run, called)
        elif now - since >= GIVE_UP_AFTER:
            self._given_up = GiveUp("unreachable", since, window.place.run, called)
        self._in_a_row += 1
        if wanted is not None:
            self._paused = max(wanted, self._paused or wanted)
        elif self._in_a_row >= PAUSED_AFTER and (self._paused is None or now >= self._paused):
            self._pauses += 1
            self._paused = pause_until(self._pauses, now, self._around.randomness)

    async def _post(self, message: Message, attempt: int = 1) -> Came:
        assert self._posting is not None, "it has begun"
        began = self._clock.now()
        came = await self._posting.post(message)
        self._attempts.add(
            Attempt(began, message.id, message.type, attempt, came.outcome, came.milliseconds)
        )
        return came

    def _note_delay(self, item: Item, now: datetime) -> None:
        happened = datetime.fromisoformat(item.entry.envelope["time"])
        seconds = max(0.0, (now - happened) / timedelta(seconds=1))
        metrics.WEBHOOK_DELAY.labels(self._store.service).observe(seconds)

    # --- keeping -----------------------------------------------------------------------------

    def _save_soon(self, seconds: float) -> None:
        self._unsaved = True
        self._save_at = min(self._save_at, self._clock.monotonic() + seconds)

    async def _save(self) -> None:
        if self._window is None or self._fence is None:
            return
        place = self._window.saved()
        self._unsaved, self._save_at = False, float("inf")
        try:
            position = Position(place.token(), self._clock.now())
            await self._store.journal.save_position(lease_of(self.id), position, self._fence)
        except BaseException:
            self._save_soon(0.0)
            raise

    async def _tell(self, command: Command) -> None:
        actor = f"service:{self._store.service}"
        outcome = await self._store.do(webhook, self.id, command, actor=actor)
        # What follows from it is known before the copy has it: nothing is done twice.
        if outcome.state is not None:
            self.latest = outcome.state


def _terms(agreed: Webhook) -> tuple[Any, ...]:
    """What the work has to begin anew for when it changes."""
    return (
        agreed.status,
        agreed.run,
        agreed.asked,
        agreed.types,
        agreed.places,
        agreed.categories,
        agreed.mode,
        agreed.key,
        agreed.former_until,
        agreed.skipped,
        agreed.resumed,
    )


def _wants(agreed: Webhook) -> Callable[[Entry], bool]:
    """Whether an entry is to be sent: it is wanted, its owner may know of it, and it is not passed
    over.
    """
    wanted = Wanted(agreed.types, frozenset(agreed.places), frozenset(agreed.categories))
    shown, skipped = Shown(wanted, frozenset(agreed.within)), frozenset(agreed.skipped)
    return lambda entry: shown.shows(entry) and webhook_id(entry.envelope["id"]) not in skipped
