"""`make demo`: every process of a whole Clinicast on one machine, and their end.

`__main__` reads the command line, `parts` says what runs, `preparation` makes the
database ready, `supervisor` starts, watches and stops, `leftovers` finds what an
earlier demo that was killed has left behind.
"""
