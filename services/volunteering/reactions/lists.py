"""What other events lead to in the three lists (三张清单)."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
