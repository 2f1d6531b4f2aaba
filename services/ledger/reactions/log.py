"""What follows for the log."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
