"""Backups of the whole platform at one moment, and the way back."""
