"""API keys, as each process of the door knows them."""

from functools import partial

from services.gateway.domain.api_key import api_key
from shared.runtime.copies import Copy, MakeKept

KEPT: tuple[MakeKept, ...] = (partial(Copy, api_key),)
