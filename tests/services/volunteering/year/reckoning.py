"""The year reckoned a second time, from the events alone and by plain code: who had which place,
who was where for how long, what was paid, what became of everything. What cannot be stops the year
at once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.runtime.journal import Commit
from shared.worktime.hours import CHINA
from tests.services.volunteering.year.machine import moment_of

MINUTE = timedelta(minutes=1)
Data = dict[str, Any]


@dataclass
class Hours:
    """What somebody served in a piece of work."""

    kind: str
    place: str
    team: str | None
    begun: datetime
    minutes: int


class Reckoning:
    """Follows every commit."""

    def __init__(self) -> None:
        self.hours: dict[tuple[str, str], Hours] = {}
        self.erased: set[tuple[str, str]] = set()
        self.balances: Counter[str] = Counter()
        self.activities = ActivitiesReckoned()
        self.over: dict[tuple[str, str], tuple[str, datetime, Data]] = {}
        self.begun: dict[tuple[str, str], datetime] = {}
        self._time: dict[tuple[str, str], timedelta] = {}
        self._came: dict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
        self._patrolled: Counter[tuple[str, str]] = Counter()
        self.takers: dict[str, str | None] = {}
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self.stock: Counter[str] = Counter()
        self.purchases: dict[str, str] = {}
        self._by_name: dict[str, Callable[[str, Data, datetime], None]] = {
            "".join(map(str.capitalize, name.split("_")[1:])): getattr(self, name)
            for name in dir(self)
            if name.startswith("on_")
        }

    def follow(self, commit: Commit) -> None:
        """What has happened."""
        id = commit.stream
        for event in commit.events:
            if event.data is None:
                continue
            if id.startswith("account-"):
                self.posted(event.data.get("legs", ()))
            if (reckon := self._by_name.get(event.name)) is not None:
                reckon(id, event.data, commit.at)
            else:
                self.activities.follow(event.name, event.data, id)

    # --- hours ---

    def on_hours_confirmed(self, id: str, data: Data, at: datetime) -> None:
        key = (data["work"], data["volunteer"])
        assert key not in self.hours, f"{key} confirmed twice"
        hours = Hours(
            data["kind"], data["place"], data["team"], moment_of(data["begun"]), data["minutes"]
        )
        assert 0 < hours.minutes <= self.presence(data) // MINUTE, f"{data} exceeds presence"
        self.hours[key] = hours

    def on_hours_corrected(self, id: str, data: Data, at: datetime) -> None:
        hours = self.hours[data["work"], data["volunteer"]]
        assert data["before"] == hours.minutes, f"{data} corrects what was not"
        assert 0 <= data["minutes"] <= self.presence(data) // MINUTE, f"{data} exceeds presence"
        hours.minutes = data["minutes"]

    def on_hours_disowned(self, id: str, data: Data, at: datetime) -> None:
        work, _, person = id.removeprefix("service-record-").rpartition(".")
        self.erased.add((work, person))

    def on_consent_timed(self, id: str, data: Data, at: datetime) -> None:
        self.activities.latest[id.removeprefix("volunteer-")] = data["latest"]

    def presence(self, data: Data) -> timedelta:
        """How long somebody was there, by what the work itself has told."""
        work, person = data["work"], data["volunteer"]
        match data["kind"]:
            case "activity":
                return self.activities.presence(work, person)
            case "patrol":
                return self._patrolled[work, person] * MINUTE
        return self._time[data["kind"], work]

    def on_wish_served(self, id: str, data: Data, at: datetime) -> None:
        begun = moment_of(data["begun"])
        work = id.removeprefix("wish-")
        self._time["wish", work] = moment_of(data["ended"]) - begun
        self.begun["wish", work] = begun

    def on_order_begun(self, id: str, data: Data, at: datetime) -> None:
        self.begun["order", data["order"]] = moment_of(data["begun"])

    def on_order_finished(self, id: str, data: Data, at: datetime) -> None:
        long = moment_of(data["ended"]) - self.begun["order", data["order"]]
        self._time["order", data["order"]] = long

    def on_patroller_came(self, id: str, data: Data, at: datetime) -> None:
        self._came["patrol", id.removeprefix("patrol-shift-")][data["person"]] = moment_of(
            data["at"]
        )

    def on_patroller_left(self, id: str, data: Data, at: datetime) -> None:
        shift = id.removeprefix("patrol-shift-")
        self._left(shift, data["person"], moment_of(data["at"]))

    def _left(self, shift: str, person: str, at: datetime) -> None:
        came = self._came["patrol", shift].pop(person)
        self._patrolled[shift, person] += (at - came) // MINUTE + 1

    def on_patrol_shift_planned(self, id: str, data: Data, at: datetime) -> None:
        self.begun["patrol", data["shift"]] = moment_of(data["begin"])

    def on_patrol_ended(self, id: str, data: Data, at: datetime) -> None:
        shift = data["shift"]
        for person in list(self._came["patrol", shift]):
            self._left(shift, person, moment_of(data["ended"]))
        self._over("patrol", shift, "ended", at, data)

    # --- how things end ---

    def _over(self, kind: str, id: str, how: str, at: datetime, data: Data) -> None:
        assert (kind, id) not in self.over, f"{kind} {id} is over twice"
        self.over[kind, id] = (how, at, data)

    def on_patrol_missed(self, id: str, data: Data, at: datetime) -> None:
        self._over("patrol", data["shift"], "missed", at, data)

    def on_patrol_shift_called_off(self, id: str, data: Data, at: datetime) -> None:
        self._over("patrol", data["shift"], "called-off", at, data)

    def on_wish_fulfilled(self, id: str, data: Data, at: datetime) -> None:
        self._over("wish", data["wish"], "fulfilled", at, data)

    def on_wish_ended(self, id: str, data: Data, at: datetime) -> None:
        self._over("wish", data["wish"], data["outcome"], at, data)

    def on_wish_became_petition(self, id: str, data: Data, at: datetime) -> None:
        self._over("wish", data["wish"], "petition", at, data)

    # --- orders: never with two ---

    def on_order_offered(self, id: str, data: Data, at: datetime) -> None:
        assert self.takers.get(data["order"]) is None, f"{data} is taken"
        self._asked[data["order"]].update(data["volunteers"])

    def on_order_declined(self, id: str, data: Data, at: datetime) -> None:
        self._asked[data["order"]].discard(data["volunteer"])

    def on_order_offers_lapsed(self, id: str, data: Data, at: datetime) -> None:
        self._asked[data["order"]].difference_update(data["volunteers"])

    def on_order_accepted(self, id: str, data: Data, at: datetime) -> None:
        assert data["volunteer"] in self._asked[data["order"]], f"{data}: nobody asked them"
        self._taken(data["order"], data["volunteer"])

    def on_order_taken_over(self, id: str, data: Data, at: datetime) -> None:
        self._taken(data["order"], data["by"])

    def _taken(self, order: str, person: str) -> None:
        assert self.takers.get(order) is None, f"order {order} given to two"
        self.takers[order] = person
        self._asked[order].clear()

    def on_order_given_back(self, id: str, data: Data, at: datetime) -> None:
        assert self.takers[data["order"]] == data["volunteer"]
        self.takers[data["order"]] = None

    def on_order_done(self, id: str, data: Data, at: datetime) -> None:
        assert self.takers[data["order"]] == data["volunteer"]
        self._over("order", data["order"], "done", at, data)

    def on_order_cancelled(self, id: str, data: Data, at: datetime) -> None:
        self._over("order", data["order"], "cancelled", at, data)

    def on_order_ended(self, id: str, data: Data, at: datetime) -> None:
        self._over("order", data["order"], data["because"], at, data)

    # --- the bank ---

    def posted(self, legs: list[tuple[str, int]]) -> None:
        """Points go from one account to another; only what issues them is below zero."""
        assert sum(points for _, points in legs) == 0, legs
        for account, points in legs:
            self.balances[account] += points
        for account, _ in legs:
            assert account == "issuing" or self.balances[account] >= 0, f"{account} is below zero"

    def on_reward_put_up(self, id: str, data: Data, at: datetime) -> None:
        self.stock[data["reward"]] = data["stock"]

    def on_reward_restocked(self, id: str, data: Data, at: datetime) -> None:
        self.stock[data["reward"]] += data["count"]

    def on_reward_reserved(self, id: str, data: Data, at: datetime) -> None:
        self.stock[data["reward"]] -= 1
        assert self.stock[data["reward"]] >= 0, f"{data['reward']} is oversold"
        self._answered(data["purchase"], "reserved")

    def on_reward_refused(self, id: str, data: Data, at: datetime) -> None:
        self._answered(data["purchase"], "refused")

    def _answered(self, purchase: str, how: str) -> None:
        assert purchase not in self.purchases, f"{purchase} is answered twice"
        self.purchases[purchase] = how

    def on_reward_freed(self, id: str, data: Data, at: datetime) -> None:
        self.stock[data["reward"]] += data["because"] != "withdrawn"
        assert self.purchases[data["purchase"]] == "reserved"
        self.purchases[data["purchase"]] = "freed"

    def on_reward_handed_over(self, id: str, data: Data, at: datetime) -> None:
        assert self.purchases[data["purchase"]] == "reserved"
        self.purchases[data["purchase"]] = "handed-over"

    def on_care_visit_made(self, id: str, data: Data, at: datetime) -> None:
        work = f"{data['plan']}.{data['visit']}"
        self._time["care", work] = moment_of(data["end"]) - moment_of(data["begun"])


class ActivitiesReckoned:
    """Places, the waiting line and presence, activity by activity."""

    def __init__(self) -> None:
        self.numbers: dict[str, dict[str, int]] = {}
        self.teams: dict[str, str | None] = {}
        self.places: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.held: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.waiting: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self.times: dict[str, tuple[datetime, datetime]] = {}
        self.stints: defaultdict[str, dict[str, list[list[datetime | None]]]] = defaultdict(dict)
        self.over: dict[str, tuple[str, Data]] = {}
        self.latest: dict[str, int] = {}
        """When guardians want somebody to be done, in minutes of the local day."""
        self.offers = 0
        self.longest_line = 0

    def follow(self, name: str, data: Data, stream: str) -> None:
        """What has happened to an activity."""
        id = stream.removeprefix("activity-")
        person = data.get("volunteer", "")
        role = data.get("role", "")
        match name:
            case "ActivityPlanned":
                roles = data["outline"]["roles"]
                self.numbers[id] = {role["code"]: role["number"] for role in roles}
                self.teams[id] = data["team"]
                self._timed(id, data["times"])
            case "ActivityResized":
                self.numbers[id][role] = data["number"]
            case "ActivityMoved":
                self._timed(id, data)
                self.stints[id].clear()
            case "VolunteerSignedUp":
                self._signed_up(id, person, role, own=data["by"] == person)
            case "VolunteerPutOnWaitingList":
                self.waiting[id].append((person, role))
                number = sum(its == role for _, its in self.waiting[id])
                assert number == data["number"], f"{data}: they are number {number}"
                self.longest_line = max(self.longest_line, number)
            case "ActivityPlaceOffered":
                first = next(one for one in self.waiting[id] if one[1] == role)
                assert first[0] == person, f"{data}: {first} comes first"
                self.waiting[id].remove(first)
                self.held[id][person] = role
                self.offers += 1
                self._not_oversold(id, role)
            case "ActivityOfferEnded":
                del self.held[id][person]
            case "ActivityPlaceGivenUp":
                del self.places[id][person]
            case "ActivityWaitingEnded":
                self.waiting[id].remove((person, role))
            case "ActivityBegun":
                assert not self.held[id], f"{id} began with places held"
                self.waiting[id].clear()
            case "ActivityDone" | "ActivityCalledOff":
                assert id not in self.over, f"{id} is over twice"
                self.over[id] = (name, data)
                self.waiting[id].clear()
                self.held[id].clear()
            case "VolunteerArrived" | "VolunteerLeft" | "PresenceRecorded" | "PresenceDenied":
                self._seen(name, id, person, data)

    def _timed(self, id: str, data: Data) -> None:
        self.times[id] = moment_of(data["begin"]), moment_of(data["end"])

    def _signed_up(self, id: str, person: str, role: str, *, own: bool) -> None:
        assert person not in self.places[id], f"{person} has two places in {id}"
        if self.held[id].pop(person, None) is None:
            waits = any(its == role for _, its in self.waiting[id])
            assert not waits, f"{person} was taken before those who wait for {id}"
        self.places[id][person] = role
        self._not_oversold(id, role)

    def _not_oversold(self, id: str, role: str) -> None:
        had = sum(its == role for its in self.places[id].values())
        held = sum(its == role for its in self.held[id].values())
        assert had + held <= self.numbers[id][role], f"{id} is oversold"

    def _seen(self, name: str, id: str, person: str, data: Data) -> None:
        stints = self.stints[id].setdefault(person, [])
        match name:
            case "VolunteerArrived":
                assert person in self.places[id], f"{person} has no place in {id}"
                end = self.times[id][1].astimezone(CHINA)
                in_time = 60 * end.hour + end.minute <= self.latest.get(person, 24 * 60)
                assert in_time, f"{person} comes to {id}, which ends too late for them"
                stints.append([moment_of(data["at"]), None])
            case "VolunteerLeft":
                next(one for one in stints if one[1] is None)[1] = moment_of(data["at"])
            case "PresenceRecorded":
                stints[:] = [[moment_of(data["came"]), moment_of(data["left"])]]
            case "PresenceDenied":
                stints.clear()

    def presence(self, id: str, person: str) -> timedelta:
        """How long somebody was there between the beginning and the end."""
        begin, end = self.times[id]
        spent = timedelta(0)
        for came, left in self.stints[id].get(person, ()):
            assert came is not None, "who was there came"
            if left is not None:
                spent += max(timedelta(0), min(left, end) - max(came, begin))
        return spent
