"""The story that the golden samples tell: who and where, and what their fields hold."""
