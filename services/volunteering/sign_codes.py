"""Codes on the signs of checkpoints: made from the route, the checkpoint, how often its sign was
renewed, and the secret of the installation; kept nowhere.
"""

import hmac
from hashlib import sha256

from services.volunteering.domain.patrols.route import Checkpoint, PatrolRoute

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that nobody takes for one another."""
LENGTH = 8
"""Characters: with 40 bits nobody finds one by trying on a patrol."""


def code_of(route: PatrolRoute, checkpoint: Checkpoint, secret: str) -> str:
    """What stands on the checkpoint's present sign."""
    said = f"patrol-sign:{route.route}:{checkpoint.key}:{checkpoint.turn}"
    number = int.from_bytes(hmac.new(secret.encode(), said.encode(), sha256).digest())
    return "".join(ALPHABET[number >> 5 * n & 31] for n in range(LENGTH))
