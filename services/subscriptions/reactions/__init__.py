"""Which events lead to which commands here, a module per chapter."""

from services.subscriptions.reactions import feed, webhooks
from shared.neighbourhood.reactions import learn_places
from shared.runtime.reactions import Reactions, joined

_places = Reactions()
learn_places(_places)

reactions = joined(_places, feed.reactions, webhooks.reactions)
