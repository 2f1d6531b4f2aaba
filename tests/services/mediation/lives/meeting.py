"""Who mediates, who sits on the panel, and when they meet."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_commands import (
    AcceptCase,
    AddSeat,
    AppointMediator,
    DeclareTies,
    Decline,
    Leave,
    NameMember,
    RefuseMediator,
)
from services.mediation.domain.panels.panel_state import Panel
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import (
    AdjournSession,
    AgreeToMinutes,
    CallOffSession,
    ConveneSession,
    DraftMinutes,
    ObjectToMinutes,
    ProposeTimes,
    RecordSession,
    Slot,
    VoteOnTimes,
)
from services.mediation.domain.sessions.session_state import Session, Status
from shared.contracts.mediation.panels import Conflict
from tests.services.mediation.lives.town import CONVENOR, MEDIATORS, PANEL, ROOMS

if TYPE_CHECKING:
    from tests.services.mediation.lives.acting import People

HOUR = timedelta(hours=1)
AHEAD = frozenset({Status.POLLING, Status.UNMET, Status.WAITING, Status.SET})


class Meeting:
    """What is done about panels and sessions."""

    def __init__(self, people: "People") -> None:
        self._people = people
        self._chance = people.chance

    # --- the panel -------------------------------------------------------------------------------

    async def appoint(self, id: str, one: Dispute) -> None:
        """Somebody is asked, answers, or is not wanted."""
        known = self._people.machine.state("mediation", panel, id)
        dice = self._chance.random()
        if known.mediator is None and known.asked is None:
            first, second = self._chance.sample(MEDIATORS, 2)
            asked = AppointMediator(CONVENOR, first, (second,))
            await self._people.acts(panel, id, asked, CONVENOR)
        elif known.asked is not None and known.mediator is None:
            by = known.asked.person
            if dice < 0.8:
                await self._people.acts(panel, id, AcceptCase(by), by)
            elif dice < 0.95:
                said = Decline(by, self._people.words())
                await self._people.acts(panel, id, said, by)
        elif dice < 0.06:
            by = self._chance.choice(one.speakers())
            refused = RefuseMediator(by, self._people.words())
            await self._people.acts(panel, id, refused, by)
        elif dice < 0.08 and known.mediator is not None:
            await self._people.acts(panel, id, Leave(known.mediator), known.mediator)
        else:
            await self._seat(id, known)

    async def _seat(self, id: str, known: Panel) -> None:
        chance, acts = self._chance, self._people.acts
        asked = [one for one in known.seats if one.asked is not None]
        vacant = [one for one in known.seats if one.asked is None and one.person is None]
        if asked:
            seat = chance.choice(asked)
            assert seat.asked is not None
            by = seat.asked.person
            ties = (Conflict.KIN,) if chance.random() < 0.1 else ()
            await acts(panel, id, DeclareTies(by, ties), by)
        elif vacant:
            seat = chance.choice(vacant)
            person = PANEL.get(seat.code) or chance.choice(MEDIATORS)
            await acts(panel, id, NameMember(CONVENOR, seat.code, person), CONVENOR)
        elif len(known.seats) < len(PANEL) + 1:
            await acts(panel, id, AddSeat(CONVENOR, "doctor"), CONVENOR)

    # --- sessions --------------------------------------------------------------------------------

    async def meet(self, id: str, one: Dispute) -> None:
        """They are convened, say when they can, meet, and agree to what was said."""
        chance, acts = self._chance, self._people.acts
        by = one.mediator
        assert by is not None
        all_there = self._people.machine.states("mediation", session)
        theirs = {key: each for key, each in all_there.items() if each.dispute == id}
        ahead = {key: each for key, each in theirs.items() if each.status in AHEAD}
        held = {
            key: each
            for key, each in theirs.items()
            if each.status is Status.HELD and not (each.minutes and each.minutes.final)
        }
        if held and chance.random() < 0.6:
            key = chance.choice(sorted(held))
            await self._minutes(key, held[key], by)
        elif ahead:
            key = chance.choice(sorted(ahead))
            await self._ahead(key, ahead[key], by)
        else:
            sides = [each.side for each in one.within()]
            convene = ConveneSession(
                by,
                id,
                self._slots(),
                self._people.now + 20 * HOUR,
                chance.choice((*ROOMS, *ROOMS, None)),
                agenda=self._people.words(),
                side=chance.choice(sides) if chance.random() < 0.2 else None,
                panel=bool(one.panel) and chance.random() < 0.5,
            )
            new = self._people.machine.world.now().isoformat().replace(":", "").replace("+", "-")
            await acts(session, f"m-{new}-{id[-6:]}", convene, by)

    async def _ahead(self, key: str, one: Session, mediator: str) -> None:
        chance, acts, now = self._chance, self._people.acts, self._people.now
        slot = one.chosen
        if one.status is Status.SET and slot is not None:
            if slot.end <= now:
                present = tuple(who for who in one.invited if chance.random() < 0.97)
                record = RecordSession(mediator, slot.begin, slot.end, present)
                if not await acts(session, key, record, mediator):
                    adjourned = AdjournSession(mediator, self._people.words())
                    await acts(session, key, adjourned, mediator)
        elif one.status is Status.POLLING:
            for who in one.invited:
                can = tuple(n for n in range(1, len(one.slots) + 1) if chance.random() < 0.85)
                await acts(session, key, VoteOnTimes(who, can), who)
        elif chance.random() < 0.7:
            other = ProposeTimes(mediator, self._slots(), now + 20 * HOUR)
            await acts(session, key, other, mediator)
        else:
            await acts(session, key, CallOffSession(mediator), mediator)

    def _slots(self) -> tuple[Slot, ...]:
        """Few evenings, so that rooms are scarce."""
        now = self._people.now
        # Eight o'clock in the evening, local time.
        today = datetime(now.year, now.month, now.day, 11, tzinfo=now.tzinfo)
        days = sorted(self._chance.sample(range(2, 5), 2))
        return tuple(
            Slot(today + timedelta(days=day), today + timedelta(days=day) + HOUR) for day in days
        )

    async def _minutes(self, key: str, one: Session, mediator: str) -> None:
        acts, words = self._people.acts, self._people.words
        if one.minutes is None or one.minutes.object:
            await acts(session, key, DraftMinutes(mediator, words()), mediator)
            return
        version = one.minutes.version
        for who in one.circle.people:
            if self._chance.random() < 0.1:
                await acts(session, key, ObjectToMinutes(who, version, words()), who)
            else:
                await acts(session, key, AgreeToMinutes(who, version), who)
