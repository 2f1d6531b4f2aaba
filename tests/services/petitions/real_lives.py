"""The lives of real messages: filed in the district, answered as they were, judged by chance.

What people do is drawn from each message's own number, so that every run is the same. Time passes
by what a petition waits for, and by what people do meanwhile.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from services.petitions.domain.answering import REVIEW_WITHIN
from services.petitions.domain.by_receipt import RateByReceipt
from services.petitions.domain.commands import (
    Answer,
    AskReview,
    Close,
    Comment,
    ConfirmSolved,
    File,
    FollowUp,
    HandUp,
    Rate,
    Return,
    Step,
    Take,
    Withdraw,
)
from services.petitions.domain.petition import petition
from services.petitions.domain.promises import JudgePromise, ReportPromise
from services.petitions.domain.state import ON_THE_CLOCK, Petition, Status
from services.petitions.domain.suspension import Resume, Suspend
from services.petitions.domain.voices import Support
from services.petitions.suggesting import Suggester
from shared.contracts.event import Event
from shared.contracts.types import PetitionKind, Urgency
from shared.runtime.aggregate import Command, Rejected, Tick
from shared.worktime.hours import CHINA
from tests.services.petitions.real_district import (
    FACTS,
    OWN_MINUTES,
    PLACES,
    POSTS,
    RULES,
    Message,
)
from tests.services.petitions.reckoning import Book, Watch

SUGGESTER = Suggester(RULES.categories)
BOOK = Book()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# --- a life ---------------------------------------------------------------------------------------

Act = Callable[["Life"], Command | None]
"""What somebody does, as it stands then; None where it has become pointless."""

FORESEEN = frozenset(
    {
        "hollow-answer",
        "enough-voices",
        "overdue-stays",
        "suspended-too-long",
        "too-late-to-review",
        "promise-not-due",
        "top-level",
    }
)
"""Refusals that these people run into."""


@dataclass
class Life:
    """A petition, what has happened to it, and what people are about to do."""

    message: Message
    watch: Watch
    chance: random.Random
    now: datetime
    state: Petition = field(default_factory=Petition)
    events: list[Event] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    answers: int = 0
    rounds: int = 0
    waited_for: int = -1
    hollow_reply: bool = False

    # --- time ---

    def lived(self) -> "Life":
        """From filing until nothing is left to do."""
        self.do(self._filed())
        self._first_plans()
        while True:
            self._plans()
            due = petition.due(self.state)
            self.watch.agree("due", due, self.watch.due())
            if due is not None and self.chance.random() < 0.1:
                due += self.chance.choice((0.001, 40, 5_000, 200_000)) * timedelta(seconds=1)
            if due is not None and (not self.acts or due <= self.acts[0][0]):
                self.now = max(self.now, due)
                self.do(Tick())
            elif self.acts:
                at, _, act = heappop(self.acts)
                self.now = max(self.now, at)
                command = act(self)
                if command is not None:
                    self.do(command)
            else:
                return self

    def after(self, pause: timedelta, act: Act) -> None:
        """Somebody will do this."""
        at = self.now + timedelta(milliseconds=1) * (pause // timedelta(milliseconds=1))
        heappush(self.acts, (at, self.rounds, act))
        self.rounds += 1

    def do(self, command: Command) -> bool:
        """Whether it was allowed. Raises `Rejected` for what was not to be foreseen."""
        facts = FACTS(self.message.id, command, self.state, self.now)
        try:
            events = petition.decide(command, self.state, self.now, facts)
        except Rejected as rejected:
            if rejected.code not in FORESEEN:
                raise
            self.refused[rejected.code] += 1
            return False
        self.watch.follow(events, command, self.now)
        self.state = petition.fold(self.state, events)
        self.events += events
        return True

    # --- filing ---

    def _filed(self) -> File:
        message, chance = self.message, self.chance
        category = self._category()
        kinds = sorted(RULES.by_code[category].kinds) or [PetitionKind.COMPLAINT]
        if not RULES.by_code[category].kinds and not message.support and chance.random() < 0.05:
            kinds = [PetitionKind.REPORT]
        hotline = chance.random() < 0.15
        kind = chance.choice(kinds)
        about = chance.choice(sorted(POSTS)) if kind is PetitionKind.REPORT else None
        return File(
            by="desk-1" if hotline else message.author,
            kind=kind,
            title=message.title,
            text=message.text,
            place=chance.choice(sorted(PLACES)),
            category=category,
            channel="hotline" if hotline else "web",
            urgency=chance.choice((Urgency.NORMAL,) * 9 + (Urgency.URGENT,)),
            on_behalf=hotline,
            petitioner=message.author if hotline and chance.random() < 0.5 else None,
            complained_of=POSTS[about].holder if about is not None else None,
        )

    def _category(self) -> str:
        if self.message.label is not None:
            return RULES.by_name[self.message.label].code
        found = SUGGESTER.suggest(self.message.title, self.message.text, 1)
        return found[0].code if found else "other"

    def _first_plans(self) -> None:
        chance, reported = self.chance, self.state.kind is PetitionKind.REPORT
        for n in range(0 if reported else self.message.support):
            self.after(n * timedelta(seconds=1), _supported(n))
        reply = self.message.replied_at - self.now
        for share, within, act in (
            (0.15, 3 * DAY, _suspended),
            (0.05, 3 * DAY, _handed_up),
            (0.20, 2 * DAY, _taken),
            (0.05, 2 * DAY, _returned),
            (0.03, 20 * DAY, _withdrawn),
        ):
            if chance.random() < share:
                self.after(min(within, reply) * chance.random(), act)
        self.after(reply, _answered)

    # --- what always goes on ---

    def _plans(self) -> None:
        """Who owes an answer gives one some day; who has one may judge it; then promises."""
        chance, state = self.chance, self.state
        if self.waited_for == len(self.events):
            return
        self.waited_for = len(self.events)
        owed = state.status in ON_THE_CLOCK or state.status is Status.SUSPENDED
        planned = {act for _, _, act in self.acts}
        if owed and planned.isdisjoint({_answered, _reviewed}):
            act = _reviewed if state.status is Status.REVIEW else _answered
            self.after(chance.lognormvariate(1.5, 1.2) * DAY, act)
        judged = state.status is Status.ANSWERED and planned.isdisjoint(_JUDGING)
        if judged and chance.random() < 0.75:
            self.after(chance.uniform(0, 6.9) * DAY, chance.choice(_JUDGING))
        if (
            state.status is Status.CLOSED
            and state.closed_at == self.now
            and state.outcome != "withdrawn"
            and not state.reviewed
            and chance.random() < 0.06
        ):
            self.after(chance.uniform(0, 1.2) * REVIEW_WITHIN, _review_asked)

    def petitioner(self) -> str:
        """Who judges; for one that is unknown, whoever has the receipt."""
        return self.state.petitioner or "receipt"

    def somebody(self) -> str:
        """Who acts for the level: the assignee; else a clerk, in a review another one."""
        review = self.state.status is Status.REVIEW or self.state.reviewed
        return self.state.assignee or ("reviewer-1" if review else "clerk-1")


def life_of(message: Message, compared: Counter[str], wrong: list[str]) -> Life:
    """The whole life of a message. Counts what was compared, and notes what was wrong."""
    watch = Watch(BOOK, OWN_MINUTES, compared, wrong)
    return Life(message, watch, random.Random(message.id), message.filed_at).lived()


# --- what people do -------------------------------------------------------------------------------


def _at_work(life: Life) -> bool:
    return life.state.status in ON_THE_CLOCK - {Status.REVIEW}


def _supported(n: int) -> Act:
    def act(life: Life) -> Command | None:
        return Support(f"neighbour-{n}") if _at_work(life) else None

    return act


def _taken(life: Life) -> Command | None:
    return Take(life.somebody()) if _at_work(life) else None


def _returned(life: Life) -> Command | None:
    if not _at_work(life):
        return None
    life.after(life.chance.random() * DAY, _explained)
    return Return(life.somebody(), "请问具体在哪里？")


def _explained(life: Life) -> Command | None:
    return Comment(life.petitioner(), "在小区东门") if _at_work(life) else None


def _handed_up(life: Life) -> Command | None:
    return HandUp(life.somebody(), "超出权限") if _at_work(life) else None


def _withdrawn(life: Life) -> Command | None:
    open_still = life.state.status not in (Status.CLOSED, Status.ANSWERED)
    return Withdraw(life.state.petitioner) if open_still and life.state.petitioner else None


def _suspended(life: Life) -> Command | None:
    if life.state.status not in ON_THE_CLOCK:
        return None
    district = [f"{duty}-of-d" for duty in RULES.offices if f"d:{duty}" in POSTS]
    above = next(person for person in district if person != life.state.assignee)
    reason = life.chance.choice(("season", "court", "financing"))
    pause = timedelta(minutes=life.chance.randint(60, 100 * 24 * 60))
    if life.chance.random() < 0.3:
        life.after(pause * life.chance.random(), _resumed)
    if life.chance.random() < 0.7:  # most are left to end by themselves before they are answered
        life.acts = [act for act in life.acts if act[2] is not _answered]
        life.after(pause + life.chance.lognormvariate(1.5, 1.2) * DAY, _answered)
    if life.chance.random() < 0.3:
        life.after(pause * 1.01, _suspended)
    return Suspend(above, reason, life.now + pause, "等待条件具备")


def _resumed(life: Life) -> Command | None:
    if life.state.status is not Status.SUSPENDED:
        return None
    return Resume(life.state.assignee or f"{RULES.general_duty}-of-d")


def _answered(life: Life) -> Command | None:
    """The real reply first, where there is one; what follows it is promised by chance."""
    state, chance = life.state, life.chance
    if state.status in (Status.CLOSED, Status.ANSWERED, Status.REVIEW):
        return None
    first, life.answers = life.answers == 0, life.answers + 1
    real = life.message.reply if first else None
    steps: tuple[Step, ...] = ()
    if chance.random() < 0.15:
        today = life.now.astimezone(CHINA).date()
        ahead = sorted(chance.sample(range(400), chance.randint(1, 3)))
        steps = tuple(Step("更换管道", today + timedelta(days=n)) for n in ahead)
    for n, _step in enumerate(steps, len(state.promises) + 1):
        if chance.random() < 0.6:
            life.after(chance.uniform(0, 420) * DAY, _promise_reported(n))
            life.after(chance.uniform(0, 430) * DAY, _promise_judged(n))
    done = real or "工程队已到现场疏通管道并更换井盖。"
    return Answer(life.somebody(), done, "住房和城乡建设局", steps, finished=not steps)


def _reviewed(life: Life) -> Command | None:
    return (
        Close(life.somebody(), "答复属实，予以维持") if life.state.status is Status.REVIEW else None
    )


def _stars(life: Life) -> int:
    return life.chance.choice((1, 1, 2, 3, 4, 5, 5))


def _rated(life: Life) -> Command | None:
    if life.state.status is not Status.ANSWERED:
        return None
    stars = _stars(life)
    solved = life.chance.random() < stars / 8
    if life.state.petitioner is None:
        return RateByReceipt(stars, solved)
    return Rate(life.state.petitioner, stars, solved, "已阅读答复")


def _called(life: Life) -> Command | None:
    if life.state.status is not Status.ANSWERED:
        return None
    if life.chance.random() < 0.4:
        life.after(DAY, _called)
        return FollowUp("caller-1", reached=False)
    stars = _stars(life)
    return FollowUp("caller-1", reached=True, stars=stars, solved=stars > 3)


def _confirmed(life: Life) -> Command | None:
    known = life.state.status is Status.ANSWERED and life.state.petitioner
    return ConfirmSolved(known) if known else None


def _review_asked(life: Life) -> Command | None:
    state = life.state
    if state.status is not Status.CLOSED or state.petitioner is None or state.reviewed:
        return None
    return AskReview(state.petitioner, "答复与事实不符")


def _waited_for(life: Life, n: int) -> bool:
    return any(promise.n == n and not promise.over for promise in life.state.promises)


def _promise_reported(n: int) -> Act:
    def act(life: Life) -> Command | None:
        return ReportPromise("clerk-1", n, "管道已更换") if _waited_for(life, n) else None

    return act


def _promise_judged(n: int) -> Act:
    def act(life: Life) -> Command | None:
        if not _waited_for(life, n) or life.state.petitioner is None:
            return None
        return JudgePromise(life.state.petitioner, n, life.chance.random() < 0.8)

    return act


_JUDGING: tuple[Act, ...] = (_rated, _called, _confirmed)
