"""What other events lead to in wishes (微心愿)."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
