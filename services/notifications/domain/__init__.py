"""The rules of notifications: what a message is, and who must know."""
