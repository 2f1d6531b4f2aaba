"""What others' events lead to in the points bank, and each step's crash and repetition."""

from datetime import timedelta

import pytest

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import Buy, Give
from services.volunteering.domain.bank.legs import person_account, team_account
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.reward_state import HandOver, PutUp, Terms
from services.volunteering.domain.bank.state import Status
from services.volunteering.domain.teams.team_state import Team
from shared.contracts import community
from shared.contracts.volunteering import (
    CaptainChanged,
    HoursConfirmed,
    HoursCorrected,
    TeamDissolved,
    TeamFounded,
    TeamMoved,
    VolunteerMoved,
    VolunteerRegistered,
    WishFulfilled,
)
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import TeamKind
from shared.contracts.volunteering.wishes import WishKind
from tests.services.volunteering.bank.ledger import SHOP, Bank
from tests.services.volunteering.bank.world import NOON, PATH

AN, BO, TEAM = person_account("an"), person_account("bo"), team_account("t1")
ELSEWHERE = ("gl", "dj", "other")


@pytest.fixture
def bank() -> Bank:
    made = Bank()
    made.happens(VolunteerRegistered("an", "jm", PATH))
    made.happens(VolunteerRegistered("bo", "jm", PATH))
    made.happens(TeamFounded("t1", TeamKind.YOUTH, "青年队", "jm", PATH, "an"))
    made.settle()
    return made


def hours(person: str = "an", minutes: int = 300, team: str | None = None) -> HoursConfirmed:
    work = f"w-{person}"
    return HoursConfirmed(work, Work.ACTIVITY, person, "jm", NOON, minutes, "bo", team)


def buy(bank: Bank, person: str, id: str = "r1") -> bool:
    return bank.do(account, person_account(person), Buy(person, id, 30))


def put_up(bank: Bank, stock: int = 1) -> None:
    asked = PutUp("clerk", SHOP, "jm", "米", Terms(30, per_person=9), stock)
    assert bank.do(reward, "r1", asked)


def test_volunteers_and_teams_have_accounts_where_they_are(bank: Bank) -> None:
    assert bank.accounts[AN].keepers == bank.accounts[TEAM].keepers == ("an",)
    bank.happens(VolunteerMoved("an", "other", ELSEWHERE))
    bank.happens(TeamMoved("t1", "other", ELSEWHERE))
    bank.settle()
    assert bank.accounts[AN].path == bank.accounts[TEAM].path == ELSEWHERE


def test_who_leads_the_team_keeps_its_account(bank: Bank) -> None:
    bank.states["team"]["t1"] = Team(team="t1", captain="bo", deputies=("an",))
    bank.happens(CaptainChanged("t1", "bo", "an", ("an",)))
    bank.settle()
    assert bank.accounts[TEAM].keepers == ("bo", "an")


def test_hours_and_wishes_earn_for_the_person_and_the_team(bank: Bank) -> None:
    bank.happens(hours(team="t1"))
    fulfilled = WishFulfilled(
        "w9", WishKind.ERRAND, "jm", PATH, "an", "t1", "old", None, "old", False
    )
    bank.happens(fulfilled)
    bank.settle()
    assert (bank.accounts[AN].balance, bank.accounts[TEAM].balance) == (60, 6)
    bank.happens(HoursCorrected("w-an", Work.ACTIVITY, "an", "jm", NOON, 300, 240, "bo", "t1"))
    bank.settle()
    assert (bank.accounts[AN].balance, bank.accounts[TEAM].balance) == (50, 5)


def test_a_gift_to_somebody_who_is_erased_on_the_way_comes_back(bank: Bank) -> None:
    bank.happens(hours())
    bank.settle()
    assert bank.do(account, AN, Give("an", "bo", 40))
    bank.happens(community.ResidentErased("bo"))
    bank.deliver(len(bank.waiting) - 1)
    assert bank.accounts[BO].status is Status.CLOSED
    bank.settle()
    assert bank.accounts[AN].balance == 50
    assert not any(points for name, points in bank.ledger.items() if name.startswith("transit"))


def test_what_lies_ready_for_an_erased_person_is_others_again(bank: Bank) -> None:
    put_up(bank)
    bank.happens(hours())
    bank.settle()
    assert buy(bank, "an")
    bank.settle()
    assert bank.rewards["r1"].stock == 0
    bank.happens(community.ResidentErased("an"))
    bank.settle()
    assert (bank.rewards["r1"].stock, bank.rewards["r1"].reservations) == (1, ())
    assert bank.accounts[AN].holds == ()
    assert bank.ledger["expired"] == 50


def test_what_a_dissolved_team_has_left_expires(bank: Bank) -> None:
    bank.happens(hours(team="t1"))
    bank.happens(TeamDissolved("t1", "jm"))
    bank.settle()
    assert (bank.accounts[TEAM].balance, bank.ledger["expired"]) == (0, 5)


@pytest.mark.parametrize("lost_for_a_while", range(4))
def test_a_purchase_goes_on_after_a_crash_at_any_step(bank: Bank, lost_for_a_while: int) -> None:
    """What is not delivered yet when a process dies is delivered later, perhaps twice."""
    put_up(bank)
    bank.happens(hours())
    bank.happens(hours("bo"))
    bank.settle()
    assert buy(bank, "an")
    assert buy(bank, "bo")
    steps = 0
    while bank.waiting and steps < lost_for_a_while:
        bank.deliver(0)
        steps += 1
    for which in range(len(bank.delivered)):
        bank.again(which)
    bank.settle()
    purchase = bank.rewards["r1"].reservations[0].purchase
    assert bank.do(reward, "r1", HandOver("clerk", purchase))
    for which in range(len(bank.delivered)):
        bank.again(which)
    bank.settle()
    balances = {bank.accounts[AN].balance, bank.accounts[BO].balance}
    assert balances == {20, 50}
    assert bank.ledger[f"shop:{SHOP}"] == bank.states["shop"][SHOP].taken == 30
    assert bank.rewards["r1"].handed_over == 1


def test_what_is_not_fetched_comes_back_when_its_time_is_over(bank: Bank) -> None:
    put_up(bank)
    bank.happens(hours())
    bank.settle()
    assert buy(bank, "an")
    bank.settle()
    bank.now += timedelta(days=14)
    bank.tick()
    bank.settle()
    assert (bank.accounts[AN].balance, bank.rewards["r1"].stock) == (50, 1)
