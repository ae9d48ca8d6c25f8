"""Moments in English, with their zone: staff need not be where the practice is."""

DATETIME_FORMAT = "N j, Y, P T"
