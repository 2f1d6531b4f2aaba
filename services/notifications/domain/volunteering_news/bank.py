"""Who is told what of the points bank (爱心银行)."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event
from shared.contracts.volunteering.bank import Released

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.PointsEarned,  # who served is told of the hours; the passbook has the points
        volunteering.PointsClaimed,
        volunteering.PointsExpired,  # it was told before
        volunteering.PointsSent,
        volunteering.PointsReturned,  # the giver is told when they are back
        volunteering.PointsHeld,
        volunteering.RewardPutUp,
        volunteering.RewardChanged,
        volunteering.RewardRestocked,
        volunteering.RewardTakenDown,
        volunteering.RewardRefused,  # the points are released, and that is told
        volunteering.RewardFreed,
        volunteering.RewardHandedOver,
        volunteering.PointRulesRevised,
        volunteering.PointRulesRevisionCalledOff,
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case volunteering.PointsReversed(account=account, points=points, owed=owed):
            return [to(person(account), "points-reversed", points=points, owed=owed)]
        case volunteering.PointsExpiring(account=account, points=points, until=until):
            return [to(person(account), "points-expiring", points=points, until=until)]
        case volunteering.PointsReceived(account=account, points=points, until=until):
            return [to(person(account), "points-received", points=points, until=until)]
        case volunteering.PointsTakenBack(account=account, points=points, because=because):
            said = f"points-{because}"
            return [to(person(account), "points-taken-back", points=points, because=said)]
        # --- rewards: whoever wanted it, for a team, too
        case volunteering.RewardReserved(by=by, reward=reward, until=until):
            return [to(by, "reward-ready", reward=reward, until=until)]
        case volunteering.PointsSpent(by=by, reward=reward, points=points):
            return [to(by, "reward-fetched", reward=reward, points=points)]
        case volunteering.PointsReleased(because=Released.CANCELLED):
            return []
        case volunteering.PointsReleased(by=by, reward=reward, points=points, because=because):
            said = f"points-{because}"
            return [to(by, "points-released", reward=reward, points=points, because=said)]
        # --- tills and shops
        case volunteering.PointsRedeemed(account=account, points=points, since=since):
            return [to(person(account), "points-redeemed", points=points, since=since)]
        case volunteering.PointsRefunded(account=account, points=points):
            return [to(person(account), "points-refunded", points=points)]
        case volunteering.ShopAdmitted(shop=shop, place=place):
            return [to(shop, "shop-admitted", body=True, place=place)]
        case volunteering.ShopClosed(shop=shop):
            return [to(shop, "shop-closed", body=True)]
    return []


def person(account: str) -> str | None:
    """Whose account it is; None for a team's, which its leaders look after together."""
    kind, _, holder = account.partition(":")
    return holder if kind == "person" else None
