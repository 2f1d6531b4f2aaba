"""notifications: who must know what, and the inbox where they find it."""
