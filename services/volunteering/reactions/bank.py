"""What other events lead to in the points bank (爱心银行)."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
