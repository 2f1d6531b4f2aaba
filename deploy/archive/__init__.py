"""Commits of streams that have ended, as files that can be read without the platform."""
