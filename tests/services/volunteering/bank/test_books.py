"""Books balance after any sequence, whatever is lost for a while, repeated or overtaken on the way;
nobody is below zero, and no reward is given to two.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.volunteering.api.bank.books import adds_up
from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import Buy, Decline, Give, Redeem, Refund
from services.volunteering.domain.bank.legs import person_account, team_account, together
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.reward_state import (
    Cancel,
    ChangeTerms,
    HandOver,
    PutUp,
    Restock,
    TakeDown,
    Terms,
    WithdrawReservation,
)
from services.volunteering.domain.bank.state import Status, month_of, score_of
from services.volunteering.points import shipped_rules
from shared.contracts import community
from shared.contracts.volunteering import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.hours import Work
from shared.worktime.hours import CHINA
from tests.services.volunteering.bank.ledger import SHOP, Bank
from tests.services.volunteering.bank.world import NOON

PEOPLE, TEAM, REWARDS = ("an", "bo", "chen"), "t1", ("r1", "r2")
ERASED = PEOPLE[2]
"""Who may go, once they have done something with their points."""
PRICE = 30
ANY = st.integers(0, 1_000)
PERSON, MINUTES = st.sampled_from(PEOPLE), st.integers(0, 600)


class Town(RuleBasedStateMachine):
    """Whatever people, shops, the clock and the bus may do."""

    def __init__(self) -> None:
        super().__init__()
        self.bank = Bank()
        self.works: dict[str, HoursConfirmed] = {}
        self.minutes: dict[str, int] = {}
        self.supplied = dict.fromkeys(REWARDS, 0)
        for id in REWARDS:
            terms = Terms(PRICE, per_person=3)
            assert self.bank.do(reward, id, PutUp("clerk", SHOP, "jm", "米", terms, 1))
            self.supplied[id] += 1
        for person in PEOPLE:
            self.hours_are_confirmed(person, 480, False, 1)
        self.bank.settle()

    # -- work ----------------------------------------------------------------------------------

    @rule(person=PERSON, minutes=MINUTES, for_team=st.booleans(), days=st.integers(0, 40))
    def hours_are_confirmed(self, person: str, minutes: int, for_team: bool, days: int) -> None:
        work = f"w{len(self.works)}"
        begun = self.bank.now - timedelta(days=days)
        team = TEAM if for_team else None
        event = HoursConfirmed(work, Work.ACTIVITY, person, "jm", begun, minutes, "an", team)
        self.works[work], self.minutes[work] = event, minutes
        self.bank.happens(event)

    @precondition(lambda self: self.works)
    @rule(which=ANY, minutes=MINUTES)
    def hours_are_corrected(self, which: int, minutes: int) -> None:
        work = list(self.works)[which % len(self.works)]
        one, before = self.works[work], self.minutes[work]
        self.minutes[work] = minutes
        self.bank.happens(
            HoursCorrected(
                work, one.kind, one.volunteer, "jm", one.begun, before, minutes, "an", one.team
            )
        )

    # -- points --------------------------------------------------------------------------------

    @rule(sender=PERSON, to=PERSON, points=st.integers(1, 80))
    def points_are_given(self, sender: str, to: str, points: int) -> None:
        self.bank.do(account, person_account(sender), Give(sender, to, points, "收下吧"))

    @rule(person=PERSON, which=ANY)
    def a_gift_is_declined(self, person: str, which: int) -> None:
        there = self.bank.accounts.get(person_account(person))
        if there is not None and there.received:
            transfer = there.received[which % len(there.received)].transfer
            self.bank.do(account, person_account(person), Decline(person, transfer))

    @rule(person=PERSON, id=st.sampled_from(REWARDS), seen=st.sampled_from((PRICE, 20)))
    def a_reward_is_bought(self, person: str, id: str, seen: int) -> None:
        self.bank.do(account, person_account(person), Buy(person, id, seen))

    @rule(id=st.sampled_from(REWARDS))
    def all_want_it_at_once(self, id: str) -> None:
        price = self.bank.rewards[id].terms.price
        for person in PEOPLE:
            self.bank.do(account, person_account(person), Buy(person, id, price))

    @rule(person=PERSON, points=st.integers(1, 60), right=st.booleans())
    def a_till_takes_points(self, person: str, points: int, right: bool) -> None:
        there = self.bank.accounts.get(person_account(person))
        uses = there.till.uses if there is not None and right else None
        self.bank.do(account, person_account(person), Redeem(SHOP, points, uses))

    @rule(person=PERSON, which=ANY)
    def a_till_gives_back(self, person: str, which: int) -> None:
        there = self.bank.accounts.get(person_account(person))
        if there is not None and there.redemptions:
            one = there.redemptions[which % len(there.redemptions)].redemption
            self.bank.do(account, person_account(person), Refund("clerk", SHOP, one))

    @precondition(lambda self: self.bank.accounts[person_account(ERASED)].moves)
    @rule()
    def somebody_is_erased(self) -> None:
        self.bank.happens(community.ResidentErased(ERASED))

    # -- the shop ------------------------------------------------------------------------------

    @rule(id=st.sampled_from(REWARDS), which=ANY, how=st.sampled_from(("fetch", "no", "gone")))
    def a_reservation_ends(self, id: str, which: int, how: str) -> None:
        waiting = self.bank.rewards[id].reservations
        if not waiting:
            return
        one = waiting[which % len(waiting)]
        match how:
            case "fetch":
                self.bank.do(reward, id, HandOver("clerk", one.purchase))
            case "no":
                self.bank.do(reward, id, Cancel(one.by, one.purchase))
            case _:
                if self.bank.do(reward, id, WithdrawReservation("clerk", one.purchase)):
                    self.supplied[id] -= 1

    @rule(id=st.sampled_from(REWARDS), price=st.sampled_from((PRICE, 20)))
    def the_price_changes(self, id: str, price: int) -> None:
        self.bank.do(reward, id, ChangeTerms("clerk", Terms(price, per_person=3)))

    @rule(id=st.sampled_from(REWARDS), down=st.integers(0, 5))
    def stock_comes_in_or_it_is_taken_down(self, id: str, down: int) -> None:
        if down == 0:
            self.bank.do(reward, id, TakeDown("clerk"))
        elif self.bank.do(reward, id, Restock("clerk", 1)):
            self.supplied[id] += 1

    # -- the world -----------------------------------------------------------------------------

    @precondition(lambda self: self.bank.waiting)
    @rule(which=ANY)
    def an_event_comes(self, which: int) -> None:
        self.bank.deliver(which)

    @precondition(lambda self: self.bank.delivered)
    @rule(which=ANY)
    def an_event_comes_again(self, which: int) -> None:
        self.bank.again(which)

    @precondition(lambda self: self.bank.waiting)
    @rule()
    def everything_comes(self) -> None:
        self.bank.settle()

    @precondition(lambda self: self.bank.now < NOON + timedelta(days=280))
    @rule(days=st.integers(0, 20))
    def time_passes(self, days: int) -> None:
        self.bank.now += timedelta(days=days)
        self.bank.tick()

    @rule()
    def years_pass_for_points(self) -> None:
        """They expire by their own day; hours are confirmed later all the same."""
        now, self.bank.now = self.bank.now, self.bank.now + timedelta(days=3 * 366)
        self.bank.tick()
        self.bank.now = now

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def books_sum_to_zero(self) -> None:
        books = together(one.books for one in self.bank.accounts.values())
        assert books.sum == sum(self.bank.ledger.values()) == 0
        by_kind: defaultdict[str, int] = defaultdict(int)
        for name, points in self.bank.ledger.items():
            by_kind[name.partition(":")[0]] += points
        assert {kind: points for kind, points in books.by_kind().items() if points} == {
            kind: points for kind, points in by_kind.items() if points
        }

    @invariant()
    def accounts_have_what_was_posted_to_them(self) -> None:
        for id, there in self.bank.accounts.items():
            assert adds_up(there), id
            assert there.balance == self.bank.ledger[id] >= 0
            assert not (there.status is Status.CLOSED and there.balance)

    @invariant()
    def nothing_is_oversold(self) -> None:
        for id, there in self.bank.rewards.items():
            assert there.stock >= 0
            given = there.handed_over + len(there.reservations)
            assert there.stock + given == self.supplied[id]

    def teardown(self) -> None:
        """Once everything has come nothing is on its way, and what is held lies ready."""
        self.bank.settle()
        self.books_sum_to_zero()
        on_the_way = {
            name: points for name, points in self.bank.ledger.items() if name.startswith("transit")
        }
        assert not any(on_the_way.values())
        ready = {one.purchase for there in self.bank.rewards.values() for one in there.reservations}
        holds = {one.purchase for there in self.bank.accounts.values() for one in there.holds}
        assert holds == ready
        self.earned_what_the_hours_are_worth()

    def earned_what_the_hours_are_worth(self) -> None:
        """Whatever came first, and however often it was corrected."""
        rules = shipped_rules()
        for person in PEOPLE:
            there = self.bank.accounts.get(person_account(person))
            if there is None or there.status is not Status.OPEN:
                continue
            days: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
            for work, one in self.works.items():
                if one.volunteer == person:
                    worth = rules.at(one.begun).worth(one.kind, self.minutes[work])
                    days[month_of(one.begun)][day_of(one.begun)] += worth
            for year in (2025, 2026):
                earned = [
                    rules.posted(month, its)
                    for month, its in days.items()
                    if month.startswith(str(year))
                ]
                assert score_of(there, year) == sum(earned)
        shares = sum(
            rules.at(one.begun).for_the_team(
                rules.at(one.begun).worth(one.kind, self.minutes[work])
            )
            for work, one in self.works.items()
            if one.team is not None
        )
        of_team = self.bank.accounts.get(team_account(TEAM))
        scored = 0 if of_team is None else score_of(of_team, 2026) + score_of(of_team, 2025)
        assert scored == shares


def day_of(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%d}"


Town.TestCase.settings = settings(max_examples=150, stateful_step_count=60)
TestBooks = Town.TestCase
