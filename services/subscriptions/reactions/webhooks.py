"""Which events lead to which commands of webhooks."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
