"""What other events lead to in hours served."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
