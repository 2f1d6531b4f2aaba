"""What other events lead to in care plans."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
