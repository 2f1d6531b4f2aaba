"""Jinlin on one machine without Docker: real servers, every service its own process."""
