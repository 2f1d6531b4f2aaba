"""One's own data over HTTP, in one document: what the caller raised, spoke for, signed or supports,
and what they whistled for.
"""

from collections.abc import Mapping
from typing import Any

from services.petitions.api.petitions import petitions_api
from services.petitions.api.whistles import whistles_api
from services.petitions.domain.state import Petition, Voices
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held, own_data


def signature(state: Petition, caller: Caller) -> Mapping[str, Any]:
    """For which household somebody signed it."""
    voices = state.voices or Voices()
    household = voices.households[voices.signers.index(caller.sub)]
    return {"signed_for": household, **_about(state)}


def support(state: Petition, caller: Caller) -> Mapping[str, Any]:
    """That somebody supports it."""
    return {"supports": True, **_about(state)}


def former(state: Petition, caller: Caller) -> Mapping[str, Any]:
    """That somebody spoke for it before another one did."""
    return {"spoke_for_it": True, **_about(state)}


def _about(state: Petition) -> dict[str, Any]:
    return {"category": state.category, "status": state.status}


queries = own_data(
    (
        Held(petitions_api, "petitioner"),
        Held(petitions_api, "voices.signers", signature),
        Held(petitions_api, "voices.supporters", support),
        Held(petitions_api, "voices.former", former),
        Held(whistles_api, "whistler"),
    )
)
