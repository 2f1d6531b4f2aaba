"""What of a petition is kept from some who may see the rest: telephone numbers, and who reports."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from services.petitions.domain.state import Petition
from services.petitions.receipts import code_for, grouped, secret_in_use
from shared.contracts.types import PetitionKind
from shared.runtime.identity import Caller

_DIGIT = re.compile(r"[0-9０-９]")
SHOWN_FIRST, SHOWN_LAST = 3, 4
"""Digits of a number that everybody concerned sees."""


def is_partial(state: Any, caller: Caller) -> bool:
    """Whether it is about the caller, or a body of theirs."""
    about = getattr(state, "complained_of", None)
    return about is not None and about in not_to_hear(caller)


def not_to_hear(caller: Caller) -> frozenset[str]:
    """The caller and their bodies: what is said about one of these they do not hear."""
    own = (caller.sub,) if caller.org is None else (caller.sub, caller.org)
    return caller.bodies.union(own)


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


def entry_for(
    name: str, data: Mapping[str, Any], state: Petition, caller: Caller
) -> Mapping[str, Any]:
    """An entry of the dossier as the caller is shown it."""
    if name != "PetitionDescribed" or not (contact := data.get("contact")):
        return data
    if own_or_desk(state, caller):
        return data
    if state.kind is PetitionKind.REPORT:
        return {**data, "contact": None}
    if caller.sub == state.assignee or not contact.get("phone"):
        return data
    return {**data, "contact": {**contact, "phone": masked(contact["phone"])}}


def masked(phone: str) -> str:
    """A telephone number of which the middle is not told: ``138****5678``; all of a short one."""
    digits = _DIGIT.findall(phone)
    if len(digits) < SHOWN_FIRST + SHOWN_LAST + 2:
        return "****"
    return "".join((*digits[:SHOWN_FIRST], "****", *digits[-SHOWN_LAST:]))


def receipt_for(state: Petition, caller: Caller) -> dict[str, Any]:
    """The receipt, and its code for whoever may pass it on."""
    if state.receipt is None:
        return {"receipt": None, "query_code": None}
    code = code_for(state.id, secret_in_use()) if own_or_desk(state, caller) else None
    return {"receipt": grouped(state.receipt), "query_code": code}
