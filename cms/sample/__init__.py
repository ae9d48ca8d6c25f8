"""A clinic network that does not exist, with everything that a real one would have."""
