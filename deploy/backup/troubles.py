"""What a person has to put right before a backup or a restore can go on."""

from deploy.local.layout import LocalError


class Damaged(LocalError):
    """A file of a backup is not what was written."""


class NoKey(LocalError):
    """There is no key where one is needed."""


class NotNow(LocalError):
    """Stores or Kafka are not in a state in which it may be done; the text says what to do."""
