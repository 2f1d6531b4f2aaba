"""Which events lead to which commands of feed."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
