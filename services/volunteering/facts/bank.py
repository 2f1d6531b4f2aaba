"""What is told of the world to the rules of the points bank (爱心银行)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import Buy, Give, Open, Redeem
from services.volunteering.domain.bank.legs import person_account
from services.volunteering.domain.bank.point_rules import CITY, PointRules, over_time, point_rules
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.reward_state import PutUp, Reward, RewardFacts
from services.volunteering.domain.bank.rules import RulesOverTime
from services.volunteering.domain.bank.shop import Admit, Shop, ShopFacts, shop
from services.volunteering.domain.bank.shop import Status as ShopStatus
from services.volunteering.domain.bank.state import Account, Around
from services.volunteering.domain.bank.state import Status as AccountStatus
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.points import shipped_rules
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, shop), partial(Copy, point_rules))


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    shops: Mapping[str, Shop] = copies["shop"]
    teams: Mapping[str, Team] = copies["team"]

    def path_to(code: str) -> tuple[str, ...]:
        known = places.get(code)
        return () if known is None or known.closed else known.path

    def takes_points(organisation: str) -> bool:
        known = shops.get(organisation)
        return known is not None and known.status is ShopStatus.OPEN

    def keepers(id: str) -> tuple[str, ...]:
        kind, _, holder = id.partition(":")
        if kind == "person":
            return (holder,)
        team = teams.get(holder)
        return () if team is None else team.leaders

    def path_of(id: str, command: Command) -> tuple[str, ...]:
        kind, _, holder = id.partition(":")
        if kind == "team" and (team := teams.get(holder)) is not None:
            return team.path
        return path_to(command.place) if isinstance(command, Open) else ()

    def of_account(
        id: str, command: Command, _state: Account, _now: datetime, beside: Beside
    ) -> Around:
        wanted: Reward | None = None
        payee_open = shop_open = False
        match command:
            case Buy(reward=which):
                wanted = beside(reward, which)
            case Give(to=to):
                payee = beside(account, person_account(to))
                payee_open = payee is not None and payee.status is AccountStatus.OPEN
            case Redeem(shop=which):
                shop_open = takes_points(which)
        rules = rules_in_force(copies)
        path = path_of(id, command)
        return Around(id, rules, path, keepers(id), wanted, payee_open, shop_open)

    def of_reward(id: str, command: Command, _state: Reward, _now: datetime) -> RewardFacts:
        if isinstance(command, PutUp):
            return RewardFacts(id, path_to(command.place), takes_points(command.shop))
        return RewardFacts(id)

    def of_shop(id: str, command: Command, _state: Shop, _now: datetime) -> ShopFacts:
        return ShopFacts(id, path_to(command.place) if isinstance(command, Admit) else ())

    return {
        account.kind: Looking(looked_at, of_account),
        reward.kind: of_reward,
        shop.kind: of_shop,
    }


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """What a command on an account looks at besides."""
    match command:
        case Buy(reward=which):
            yield reward, which
        case Give(to=to):
            yield account, person_account(to)


def rules_in_force(copies: Copies) -> RulesOverTime:
    """The point rules at every moment."""
    revised: PointRules = copies["point-rules"].get(CITY, point_rules.initial)
    return over_time(shipped_rules(), revised)
