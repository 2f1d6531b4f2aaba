"""Which events lead to which commands of evidence."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
