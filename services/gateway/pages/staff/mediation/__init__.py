"""The mediation room: a dispute with its parties, panel, sessions, evidence and agreement."""
