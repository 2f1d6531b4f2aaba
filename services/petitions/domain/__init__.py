"""The rules of petitions: pure decisions, no plumbing. Start reading in `petition`."""
