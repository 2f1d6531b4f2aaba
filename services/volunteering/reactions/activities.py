"""What other events lead to in activities."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
