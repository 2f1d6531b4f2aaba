"""What other events lead to in teams and volunteers."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
