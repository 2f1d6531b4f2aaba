"""Which events lead to which commands of mediators and panels."""

from shared.runtime.reactions import Reactions

reactions = Reactions()
