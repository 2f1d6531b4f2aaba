"""Which events lead to which commands here, a module per chapter."""

from services.volunteering.reactions import (
    activities,
    bank,
    care,
    hours,
    lists,
    orders,
    patrols,
    series,
    teams,
    wishes,
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
    teams.reactions,
    activities.reactions,
    series.reactions,
    hours.reactions,
    wishes.reactions,
    lists.reactions,
    orders.reactions,
    patrols.reactions,
    care.reactions,
    bank.reactions,
)
