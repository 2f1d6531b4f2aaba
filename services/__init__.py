"""The services of Jinlin, one package each, all of the same shape (see ARCHITECTURE.md)."""
