"""What people write by hand for the same task, kept to be measured in the same minutes."""
