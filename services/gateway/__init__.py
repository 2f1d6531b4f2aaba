"""gateway: the one door for front ends, and the pages that people use."""
