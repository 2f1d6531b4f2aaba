"""Which events lead to which commands of agreements."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
