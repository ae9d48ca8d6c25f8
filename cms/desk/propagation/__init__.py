"""Which site has what: what we know of it, how, and since when."""
