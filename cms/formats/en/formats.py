"""Moments in English, with the zone they are in: staff need not be where the practice is."""

DATETIME_FORMAT = "N j, Y, P T"
