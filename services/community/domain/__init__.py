"""The rules of community: place, post, resident."""
