"""Calling webhooks: the feed is read for each; events are signed, sent, sent again."""
