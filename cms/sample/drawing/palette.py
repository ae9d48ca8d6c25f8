"""The colours that all drawings share."""

from __future__ import annotations

INK = "#22414a"
TEAL = "#2f6f6b"
SAGE = "#a8c3ad"
MOSS = "#6f9a80"
SKY = "#cfe1e4"
SEA = "#8fb9c2"
SAND = "#ecdfca"
PAPER = "#f8f3ea"
WHITE = "#fffdf9"
CLAY = "#d48a63"
CORAL = "#e2725b"
SUN = "#f0bf62"
BLUSH = "#f0d3c4"
WOOD = "#b98a62"
BARK = "#8f6646"
SLATE = "#5c7f8c"
PLUM = "#84596e"

SKINS = ("#f1c7a5", "#d79d74", "#a86f4a", "#7a4b32")

# Background and the large shape before it: one pair for each mood.
MOODS = {
    "dune": ("#f7efe2", "#efdfc8"),
    "mist": ("#e9f0f0", "#d5e4e4"),
    "leaf": ("#edf2ea", "#d9e6d6"),
    "dawn": ("#f8ebe4", "#f1d9cc"),
    "dusk": ("#2c4a57", "#375b69"),
}
