"""What keeps somebody from mediating between these parties, or from sitting on the panel."""

from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.panel_state import Bonds, Panel
from shared.contracts.mediation.panels import Conflict
from shared.runtime.aggregate import Rejected


def conflicts(
    person: str, panel: Panel, dispute: Dispute, bonds: Bonds | None
) -> tuple[Conflict, ...]:
    """All that is known, none twice. Where `bonds` are not known, household and organisations are
    not looked at: whoever is asked is looked at again when they accept.
    """
    found: list[Conflict] = []
    if any(person in (one.person, one.representative) for one in dispute.parties):
        found.append(Conflict.PARTY)
    if bonds is not None:
        households = {*panel.households, *(one.household for one in dispute.parties)} - {None}
        if bonds.household in households:
            found.append(Conflict.HOUSEHOLD)
        bodies = {one.organisation for one in dispute.parties} - {None}
        if not bodies.isdisjoint(bonds.organisations):
            found.append(Conflict.EMPLOYED)
    if person in panel.answered:
        found.append(Conflict.ANSWERED)
    found += [one.conflict for one in panel.ties if one.person == person]
    return tuple(dict.fromkeys(found))


def refuse_tied(person: str, panel: Panel, dispute: Dispute, bonds: Bonds | None) -> None:
    """Raises `Rejected` for somebody with a conflict, naming the first."""
    if found := conflicts(person, panel, dispute, bonds):
        raise Rejected(
            "conflict-of-interest",
            f"{person} is tied to a party: {found[0].value}",
            conflict=found[0].value,
        )
