"""Which events lead to which commands here, a module per chapter."""

from services.mediation.reactions import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)
from shared.neighbourhood.reactions import learn_homes, learn_members, learn_places, learn_posts
from shared.runtime.reactions import Reactions, joined

known = Reactions()
learn_places(known)
learn_posts(known)
learn_members(known)
learn_homes(known)

reactions = joined(
    known,
    disputes.reactions,
    panels.reactions,
    sessions.reactions,
    evidence.reactions,
    agreements.reactions,
)
