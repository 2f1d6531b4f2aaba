"""Which events lead to which commands of sessions."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
