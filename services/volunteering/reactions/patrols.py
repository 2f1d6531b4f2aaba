"""What other events lead to in patrols (三重巡防)."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
