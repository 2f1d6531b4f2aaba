"""Which events lead to which commands of disputes."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
