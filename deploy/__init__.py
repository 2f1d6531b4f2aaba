"""How Jinlin is installed and run; nothing here is needed by a service itself."""
