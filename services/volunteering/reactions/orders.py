"""What other events lead to in three-order service (点单 派单 接单)."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
