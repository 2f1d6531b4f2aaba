"""community: the place tree, who holds which duty where, and who lives in which household."""
