"""What other events lead to in series of activities."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
