"""What must be so, whatever people did: reckoned from commits and states, in other ways than the
rules do.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_state import Done
from services.mediation.domain.agreements.agreement_state import Status as AgreementStatus
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Dispute, Status
from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_state import Status as PanelStatus
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_state import Status as SessionStatus
from services.petitions.domain.mediation import REASON
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status as PetitionStatus
from shared.runtime.journal import Commit
from tests.services.mediation.lives.machine import Machine
from tests.services.mediation.lives.town import BELONGS_TO, LIVES_IN

Told = tuple[datetime, str, dict[str, Any]]
"""When something happened, what, and its data."""


class Reckoning:
    """A second look at what is left of the lives of disputes."""

    def __init__(self, machine: Machine, filed: Sequence[str], erased: set[str]) -> None:
        self.filed = filed
        self._erased = erased
        self._disputes = machine.states("mediation", dispute)
        self._agreements = machine.states("mediation", agreement)
        self._sessions = machine.states("mediation", session)
        self._panels = machine.states("mediation", panel)
        self._mediators = machine.states("mediation", mediator)
        self._petitions = machine.states("petitions", petition)
        self._told: dict[str, list[Told]] = defaultdict(list)
        for commit in machine.disks["mediation"].commits():
            self._told[commit.stream] += _events(commit)

    def violations(self) -> list[str]:
        """All that is not as it must be."""
        return [
            *self._clocks(),
            *self._beginnings(),
            *self._sessions_with_consent(),
            *self._rooms(),
            *self._books_of_clauses(),
            *self._ends(),
            *self._caseloads(),
            *self._petitions_wait(),
            *conflicts(self._panels_open(), self._disputes, self._erased),
        ]

    def outcomes(self) -> Counter[str]:
        """How often a dispute ended with each."""
        return Counter(
            data["outcome"]
            for id in self.filed
            for _, name, data in self._of(id)
            if name == "DisputeEnded"
        )

    def happened(self) -> Counter[str]:
        """How often anything happened."""
        return Counter(name for events in self._told.values() for _, name, _ in events)

    # --- disputes --------------------------------------------------------------------------------

    def _of(self, id: str) -> list[Told]:
        return self._told[dispute.stream(id)]

    def _clocks(self) -> Iterator[str]:
        """Every dispute has ended, or something wakes it up."""
        for id in self.filed:
            one = self._disputes[id]
            if one.status is Status.AGREED:
                assert one.agreement is not None
                signed = self._agreements[one.agreement]
                if agreement.due(signed) is None:
                    yield f"{id}: nothing ends its time to think it over"
            # Whoever has to look at a risk was told so: nothing more happens by itself.
            elif (
                one.status not in (Status.ENDED, Status.FILED)
                or (one.status is Status.FILED and one.late is None)
            ) and dispute.due(one) is None:
                yield f"{id}: {one.status} without a clock"

    def _beginnings(self) -> Iterator[str]:
        """Mediation begins when every party that is still in it has agreed, and not before."""
        for id in self.filed:
            consents: dict[str, str] = {}
            for _, name, data in self._of(id):
                if name == "PartiesNamed":
                    consents = {one["key"]: "open" for one in data["parties"]}
                elif name in _CONSENT:
                    consents[data["party"]] = _CONSENT[name]
                elif name == "DisputeBegun" and "open" in consents.values():
                    yield f"{id} began without consent: {consents}"

    def _ends(self) -> Iterator[str]:
        """Something is settled by an agreement in force, and by nothing else, once for each."""
        for id in self.filed:
            ended = [data for _, name, data in self._of(id) if name == "DisputeEnded"]
            settled = sum(data["because"] == "agreement" for data in ended)
            forces = sum(
                name == "AgreementInForce"
                for key, one in self._agreements.items()
                if one.dispute == id
                for _, name, _ in self._told[agreement.stream(key)]
            )
            if settled != forces:
                yield f"{id}: {forces} agreements came into force, {settled} settled it"
            begun = sum(name in ("DisputeBegun", "DisputeReopened") for _, name, _ in self._of(id))
            if len(ended) - settled > max(begun, 1):
                yield f"{id} ended {len(ended)} times, and began {begun} times"

    # --- sessions and rooms ----------------------------------------------------------------------

    def _sessions_with_consent(self) -> Iterator[str]:
        """Who was there had agreed before, and had not left; and mediation was going on."""
        for key, one in self._sessions.items():
            if one.status is not SessionStatus.HELD or one.begun is None:
                continue
            consents: dict[str, str] = {}
            going_on = False
            for at, name, data in self._of(one.dispute):
                if at > one.begun:
                    break
                if name in _CONSENT:
                    consents[data["party"]] = _CONSENT[name]
                going_on = going_on or name in ("DisputeBegun", "DisputeReopened")
                going_on = going_on and name != "DisputeEnded"
            parties = {
                each.key: each
                for each in self._disputes[one.dispute].parties
                if set(each.people) & set(one.present)
            }
            without = [one for one in parties if consents.get(one) != "agreed"]
            if without or not going_on:
                yield f"{key} was held without consent of {without} ({going_on})"

    def _rooms(self) -> Iterator[str]:
        """No two sessions have one room at one time."""
        taken = [
            (one.room, one.chosen, key)
            for key, one in self._sessions.items()
            if one.room is not None
            and one.chosen is not None
            and one.status in (SessionStatus.SET, SessionStatus.HELD)
        ]
        for (room, slot, key), (other, its, its_key) in combinations(taken, 2):
            if room == other and slot.begin < its.end and its.begin < slot.end:
                yield f"{key} and {its_key} have {room} at {slot.begin}"

    # --- agreements ------------------------------------------------------------------------------

    def _books_of_clauses(self) -> Iterator[str]:
        """An agreement is kept when each clause is confirmed, and broken by one that is not; each
        clause stands where its events left it.
        """
        for key, one in self._agreements.items():
            done: dict[int, str] = {}
            signed: dict[str, set[str]] = defaultdict(set)
            for _, name, data in self._told[agreement.stream(key)]:
                if name in _CLAUSE:
                    done[data["clause"]] = _CLAUSE[name]
                elif name == "AgreementDrafted":
                    signed.clear()
                elif name == "AgreementPartySigned":
                    signed[key].add(data["party"])
            stands = {n: each.done.value for n, each in enumerate(one.clauses, start=1)}
            if {n: where for n, where in stands.items() if where != "open"} != done:
                yield f"{key}: clauses stand {stands}, events say {done}"
            if one.status is AgreementStatus.KEPT and set(done.values()) != {"confirmed"}:
                yield f"{key} is kept, and not all is done: {done}"
            if one.status is AgreementStatus.BROKEN:
                assert one.broken is not None
                if one.clauses[one.broken - 1].done is Done.CONFIRMED:
                    yield f"{key} is broken by a clause that is done"
            bound = {each.key for each in self._disputes[one.dispute].parties}
            binds = one.since is not None or one.status is AgreementStatus.SIGNED
            if binds and not (signed[key] and signed[key] <= bound and not one.unsigned):
                yield f"{key} binds without all signatures: {signed[key]}"

    # --- mediators -------------------------------------------------------------------------------

    def _panels_open(self) -> dict[str, tuple[str, ...]]:
        return {
            id: tuple(who for who in (one.mediator, *one.members) if who is not None)
            for id, one in self._panels.items()
            if one.status is PanelStatus.OPEN
        }

    def _caseloads(self) -> Iterator[str]:
        """A mediator has at hand what they mediate, and has ended what ended with them."""
        at_hand: dict[str, set[str]] = defaultdict(set)
        for id, one in self._panels.items():
            if one.status is PanelStatus.OPEN and one.mediator is not None:
                at_hand[one.mediator].add(id)
        ended: dict[str, Counter[str]] = defaultdict(Counter)
        for id in self.filed:
            over, unheard = False, None
            for _, name, data in self._of(id):
                # That it was settled at the same moment is counted for the dispute only.
                if name == "DisputeEnded" and not over:
                    # Of who was appointed just before, it hears a moment later.
                    unheard = None if data["mediator"] else data["outcome"]
                    ended[data["mediator"] or ""][data["outcome"]] += 1
                elif name == "MediatorKnown" and over and unheard and data["mediator"]:
                    ended[data["mediator"]][unheard] += 1
                    unheard = None
                over = name == "DisputeEnded" or (over and name != "DisputeReopened")
        for who, record in self._mediators.items():
            if record.person is None:
                continue
            if set(record.cases) != at_hand[who]:
                yield f"{who} has {record.cases} at hand, panels say {at_hand[who]}"
            if dict(record.outcomes) != dict(ended[who]):
                yield f"{who} ended {record.outcomes}, disputes say {ended[who]}"
        for id in self.filed:
            known, sits = self._disputes[id], self._panels[id]
            if known.status is not Status.ENDED and known.mediator != sits.mediator:
                yield f"{id}: mediated by {known.mediator}, the panel says {sits.mediator}"

    # --- petitions -------------------------------------------------------------------------------

    def _petitions_wait(self) -> Iterator[str]:
        """Each knows of the other, and a petition waits for mediation only while that goes on."""
        for id in self.filed:
            one = self._disputes[id]
            if one.petition is None:
                continue
            known = self._petitions[one.petition]
            theirs = known.mediated is not None and known.mediated.dispute == id
            if one.linked != theirs:
                yield f"{id} and {one.petition} do not know of each other alike"
        for key, known in self._petitions.items():
            waits = known.status is PetitionStatus.SUSPENDED
            waits = waits and known.pause is not None and known.pause.reason == REASON
            if not waits:
                continue
            about = known.mediated
            if about is None or self._disputes[about.dispute].status in (
                Status.FILED,
                Status.INVITED,
                Status.ENDED,
            ):
                yield f"{key} waits for a mediation that does not go on"


_CONSENT = {
    "PartyInvited": "open",
    "PartyAgreed": "agreed",
    "PartyDeclined": "declined",
    "PartyLeft": "left",
}
_CLAUSE = {
    "ClauseReported": "reported",
    "ClauseDisputed": "disputed",
    "ClauseConfirmed": "confirmed",
}


def conflicts(
    panels: Mapping[str, tuple[str, ...]], disputes: Mapping[str, Dispute], erased: set[str]
) -> Iterator[str]:
    """Who mediates or sits, and is a party, lives with one, or works for one."""
    for id, people in panels.items():
        parties = disputes[id].parties
        concerned = {who for one in parties for who in one.people}
        homes = {LIVES_IN[who] for one in parties if (who := one.person) in LIVES_IN} - {None}
        homes -= {LIVES_IN[who] for who in erased}
        firms = {one.organisation for one in parties} - {None}
        for who in people:
            if who in concerned or LIVES_IN.get(who) in homes or BELONGS_TO.get(who) in firms:
                yield f"{id}: {who} is tied to a party"


def _events(commit: Commit) -> list[Told]:
    return [
        (commit.at, recorded.name, dict(recorded.data))
        for recorded in commit.events
        if recorded.data is not None
    ]
