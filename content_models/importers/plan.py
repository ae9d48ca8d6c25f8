"""What an import would create, keep or leave, why and how sure; and doing it.

Whatever the source, a plan is a list of steps. Making it only reads; `apply` does what
it says and nothing else. What is there already is never changed: an import may be run
again after staff have worked on what it made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from content_models.importers.findings import Note
from content_models.models import Article

Action = Literal["create", "keep", "publish"]


@dataclass
class Step:
    """One thing, what happens to it, and why."""

    kind: str
    name: str
    action: Action
    why: str = ""
    # 0 to 1: that it was read rightly.
    confidence: float = 1.0
    # The thing itself: what there is, or what was made when the step was done.
    content: Any = None
    # Makes it, as a saved draft.
    make: Callable[[], Any] | None = None
    is_published: bool = False

    def do(self) -> None:
        if self.make is not None:
            self.content = self.make()
        if self.is_published:
            self._publish()

    def _publish(self) -> None:
        revision = self.content.get_latest_revision() or self.content.save_revision()
        revision.publish()
        self.content = type(self.content).objects.get(pk=self.content.pk)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "action": self.action,
            "published": self.is_published,
            "why": self.why,
            "confidence": round(self.confidence, 2),
        }


@dataclass
class Plan:
    """The steps of one import in the order in which they have to be done."""

    title: str
    steps: list[Step] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, step: Step) -> Step:
        self.steps.append(step)
        return step

    def note(self, kind: Literal["warning", "unsure", "left out"], text: str) -> None:
        self.notes.append(Note(kind, text))

    @property
    def changes_nothing(self) -> bool:
        return all(step.action == "keep" for step in self.steps)

    @property
    def article(self) -> Article | None:
        """The article, once the plan was applied or where it was there before."""
        found = [step.content for step in self.steps if step.kind == "article"]
        return found[0] if found else None

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "steps": [step.as_json() for step in self.steps],
            "notes": [{"kind": note.kind, "text": note.text} for note in self.notes],
        }


def apply(plan: Plan) -> None:
    """Do what `plan` says. Call it inside `publication()`: all of it, or nothing.

    Raises ValidationError where content is not as it has to be.
    """
    for step in plan.steps:
        step.do()


def found(
    kind: str, name: str, existing: Any, *, publish: bool, confidence: float = 1.0
) -> Step:
    """The step for a thing that is there already.

    It is published only while it never was: what somebody took back stays back.
    """
    step = Step(kind, name, "keep", "it is there already", confidence, existing)
    if not publish or existing.live:
        return step
    if existing.first_published_at is not None:
        step.why = "somebody unpublished it, so it stays unpublished"
        return step
    step.action, step.is_published = "publish", True
    step.why = "it was a draft that was never published"
    return step
