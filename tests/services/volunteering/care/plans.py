"""What has happened to a care plan, for the tests: people, forms, and its past up to each turn."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.volunteering.care_forms import BY_PURPOSE
from services.volunteering.domain.care.form import Check, Reading
from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_commands import (
    Consent,
    MakeCarePlan,
    RecordVisit,
)
from services.volunteering.domain.care.plan_state import CarePlan, Scene
from services.volunteering.domain.care.rhythm import Every, Rhythm
from services.volunteering.domain.teams.volunteer_state import Membership, Volunteer
from shared.contracts.event import Event, Personal
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Command, Tick
from shared.worktime.hours import CHINA
from tests.given import Given, after

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=CHINA).astimezone(UTC)
"""08:00 in the city, an hour before visits begin."""
NINE, NOON = MONDAY + HOUR, MONDAY + 4 * HOUR
PATH = ("d", "s", "c", "n")

ELDER, CAPTAIN, SECOND = "elder", "captain", "second"
VISITOR, DEPUTY, GRID, NURSE = "visitor", "deputy", "grid", "nurse"
ADULT = Volunteer(
    registered=True,
    birth_year=1980,
    memberships=(Membership("t1", datetime(2024, 1, 1, tzinfo=UTC)),),
)

DAILY = Rhythm(window="09:00-12:00")
MONTHLY = Rhythm(Every.MONTH, month_day=5, days=10, window="09:00-18:00")

SCENE = Scene(
    "p1",
    PlaceKind.NEIGHBOURHOOD,
    PATH,
    leaders=(CAPTAIN, SECOND),
    community="office-c",
    street="office-s",
    form=BY_PURPOSE["hypertension"],
    volunteers={VISITOR: ADULT, DEPUTY: ADULT, "third": ADULT},
    posted=frozenset({GRID}),
)
MAKE = MakeCarePlan(
    by=GRID,
    person=ELDER,
    place="n",
    purpose="hypertension",
    rhythm=DAILY,
    visitor=VISITOR,
    minutes=30,
    words="三号楼的阿婆，听力不好，请敲重一点。",
    deputy=DEPUTY,
    team="t1",
    health_contact=NURSE,
)

FINE = (Reading("systolic", 135.0), Reading("diastolic", 85.0))
HIGH = (Reading("systolic", 186.0), Reading("diastolic", 85.0))
WELL = (Check("medicine", "taken"), Check("discomfort", "none"))
BAD = (Check("medicine", "stopped"), Check("discomfort", "severe"))


class Story:
    """A plan to which things are done one after the other, with all events that followed.

    With `ticking`, time does what it does as soon as it is due, as in a service that runs.
    """

    def __init__(self, scene: Scene = SCENE, *, now: datetime = MONDAY) -> None:
        self.scene, self.now = scene, now
        self.events: list[Event] = []
        self.times: list[datetime] = []
        self.state: CarePlan = care_plan.initial

    def does(self, command: Command) -> list[Event]:
        """The command is given now; what followed."""
        found = care_plan.decide(command, self.state, self.now, self.scene)
        self.state = after(care_plan, self.state, found)
        due = care_plan.due(self.state)
        # The clock acts on a moment once: what is still due then, nobody looks at again.
        assert not found or due is None or due > self.now, "something is left that was due"
        self.events += found
        self.times += [self.now] * len(found)
        return found

    def until(self, moment: datetime) -> list[Event]:
        """Time passes, with a tick whenever something is due; what followed."""
        found: list[Event] = []
        while (due := care_plan.due(self.state)) is not None and due <= moment:
            self.now = max(self.now, due)
            followed = self.does(Tick())
            assert followed, "something was due, and nothing followed"
            found += followed
        self.now = max(self.now, moment)
        return found

    def visits(self, by: str = VISITOR, **given: Any) -> list[Event]:
        """A visit of half an hour that ends now."""
        asked: dict[str, Any] = {"readings": FINE, "checks": WELL, **given}
        asked.setdefault("begun", self.now - 30 * MINUTE)
        return self.does(RecordVisit(by=by, **asked))

    def all_of(self, *kinds: type[Event]) -> list[Any]:
        """The events of these classes, in order."""
        return [event for event in self.events if isinstance(event, kinds)]

    @property
    def given(self) -> Given[CarePlan]:
        """For given-when-then from here on."""
        return Given(care_plan, self.state)


def begun(make: MakeCarePlan = MAKE, scene: Scene = SCENE, now: datetime = MONDAY) -> Story:
    """A plan to which the person has agreed at 08:00."""
    story = Story(scene, now=now)
    story.does(make)
    story.does(Consent(ELDER))
    return story


def public(events: list[Event]) -> list[Event]:
    """What of them stays where all who see the plan may read it."""
    return [event for event in events if not isinstance(event, Personal)]


def of(events: list[Event], kind: type[Event]) -> Any:
    """The only one of this class."""
    (found,) = [event for event in events if isinstance(event, kind)]
    return found
