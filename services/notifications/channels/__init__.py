"""Channels: clients of those who bring messages to people, a module per way."""
