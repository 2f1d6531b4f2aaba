"""What of a petition is kept from some who may see the rest: telephone numbers, and who reports."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.petitions.api.standing import (
    at_work_on_it,
    is_partial,
    passing_on,
    signer,
    supporter,
)
from services.petitions.domain.state import Petition
from services.petitions.receipts import code_for, grouped, secret_in_use
from shared.contracts.types import PetitionKind
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry

_DIGIT = re.compile(r"[0-9０-９]")
SHOWN_FIRST, SHOWN_LAST = 3, 4
"""Digits of a number that everybody concerned sees."""


def is_desk(caller: Caller) -> bool:
    """Whether they take calls and what people bring."""
    return "intake" in caller.roles


def own_or_desk(state: Petition, caller: Caller) -> bool:
    """Whether they raised it, or took it from who did."""
    if state.petitioner is not None and caller.sub == state.petitioner:
        return True
    return is_desk(caller) and not is_partial(state, caller)


def reporter(state: Petition, caller: Caller) -> Collection[str]:
    """Who reports somebody is told to nobody but themselves and the desk."""
    if state.kind is not PetitionKind.REPORT or state.petitioner is None:
        return ()
    return () if own_or_desk(state, caller) else (state.petitioner,)


def only_signed(state: Petition, caller: Caller) -> bool:
    """Whether they have to do with it by their signature alone."""
    return signer.allows(caller, state, None) and not at_work_on_it.allows(caller, state, None)


def only_supports(state: Petition, caller: Caller) -> bool:
    """Whether they have to do with it by their support alone."""
    mine = at_work_on_it | signer
    return supporter.allows(caller, state, None) and not mine.allows(caller, state, None)


def only_passes_on(state: Petition, caller: Caller) -> bool:
    """Whether they have to do with it by having passed it on alone."""
    mine = at_work_on_it | signer | supporter
    return passing_on.allows(caller, state, None) and not mine.allows(caller, state, None)


def concealed(state: Petition, caller: Caller) -> Collection[str]:
    """The subjects that are kept from a caller: who reports; from a supporter, who raised it."""
    if state.petitioner is not None and only_supports(state, caller):
        return (state.petitioner,)
    return reporter(state, caller)


STANDING = frozenset(
    {
        "status",
        "kind",
        "category",
        "urgency",
        "filed_at",
        "level",
        "at",
        "answer_by",
        "suspended",
        "overdue_days",
        "follow_up_until",
        "reopened",
        "outcome",
        "closed_at",
        "joint",
        "households",
        "supporters",
    }
)
"""What a supporter is shown: how it stands, and nowhere the door that it is about."""


def for_a_supporter(state: Petition, whole: Mapping[str, Any]) -> dict[str, Any]:
    """How it stands, of all that is shown of it."""
    return {name: value for name, value in whole.items() if name in STANDING}


def for_an_application(whole: Mapping[str, Any]) -> dict[str, Any]:
    """How it stands, and which application it came of."""
    return {name: value for name, value in whole.items() if name in STANDING | {"origin"}}


SIGNED = frozenset({"PetitionDescribed", "AnswerWritten", "PromiseWritten", "ReleaseWritten"})
"""Entries that those read who signed: what they signed, and what was answered to all of them."""


def entry_for(
    name: str, data: Mapping[str, Any], state: Petition, caller: Caller
) -> Mapping[str, Any] | None:
    """An entry of the dossier as the caller is shown it; None: not at all."""
    signed = only_signed(state, caller)
    if signed and (name not in SIGNED or data.get("about") == "judged"):
        return None
    if name != "PetitionDescribed" or not (contact := data.get("contact")):
        return data
    if signed or (state.voices is not None and state.voices.former):
        # After it was passed on, how to reach who filed it is nobody's business any more.
        return {**data, "contact": None}
    if own_or_desk(state, caller):
        return data
    if state.kind is PetitionKind.REPORT:
        return {**data, "contact": None}
    if caller.sub == state.assignee:
        return data
    hidden = {
        field: hide(contact[field])
        for field, hide in (("phone", masked), ("email", masked_address))
        if contact.get(field)
    }
    return {**data, "contact": {**contact, **hidden}}


def masked(phone: str) -> str:
    """A telephone number of which the middle is not told: ``138****5678``; all of a short one."""
    digits = _DIGIT.findall(phone)
    if len(digits) < SHOWN_FIRST + SHOWN_LAST + 2:
        return "****"
    return "".join((*digits[:SHOWN_FIRST], "****", *digits[-SHOWN_LAST:]))


def masked_address(email: str) -> str:
    """An e-mail address of which only the first character and the house are told:
    ``l****@example.org``.
    """
    name, at, house = email.rpartition("@")
    return f"{name[:1]}****{at}{house}" if at else "****"


def released_title(state: Petition, entries: Sequence[DossierEntry]) -> str | None:
    """Its title for everybody; None where it is not out, or was forgotten."""
    if state.publication is None or not state.publication.out:
        return None
    words = [entry.data for entry in entries if entry.name == "ReleaseWritten"]
    return str(words[-1]["title"]) if words else None


def receipt_for(state: Petition, caller: Caller) -> dict[str, Any]:
    """The receipt, and its code for whoever may pass it on."""
    if state.receipt is None:
        return {"receipt": None, "query_code": None}
    keeps_it = own_or_desk(state, caller) or passing_on.allows(caller, state, None)
    code = code_for(state.id, secret_in_use()) if keeps_it else None
    return {"receipt": grouped(state.receipt), "query_code": code}
