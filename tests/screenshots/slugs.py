"""The articles that screens show, by their state."""

from __future__ import annotations

# Of the sample content: as they are, or brought into that state.
PUBLISHED = "low-back-pain-keep-moving"
SPANISH = "dolor-lumbar-reposo-o-movimiento"
SCHEDULED = "tennis-elbow-injection-or-exercise"
UNDER_REVIEW = "frozen-shoulder-how-long"
LOCKED = "plantar-heel-pain"
CORRECTED = "neck-pain-at-a-desk"
WITHOUT_IMAGE = "positional-vertigo"
WITHDRAWN = "achilles-tendon-pain"
# Made for the pictures.
DRAFT = "stiff-big-toe"
SENT_BACK = "shin-pain-in-runners"
MANY_REFERENCES = "what-exercise-does-for-pain"
