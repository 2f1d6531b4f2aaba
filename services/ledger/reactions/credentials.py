"""What follows for credentials."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
