"""What is typed of a visit and not saved yet: kept stop by stop in the session of who types it, and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass

from esscarto.feedback import Feedback, Key, amended
from esscarto.ui import state

FORM = "retour"
"""The form of one visit."""
_KEPT = "retours_brouillons"


@dataclass(frozen=True)
class Draft:
    """What the form held when it was opened, and what is typed in it."""

    before: Feedback
    typed: Feedback


def drafts() -> dict[Key, Draft]:
    """Return what is not saved yet, by tour and actor."""
    return state.kept(_KEPT) or {}


def keep(before: Feedback, typed: Feedback) -> None:
    """Keep what is typed; what is as it was is no draft."""
    others = {key: one for key, one in drafts().items() if key != before.key}
    state.keep(_KEPT, others if typed == before else {**others, before.key: Draft(before, typed)})


def follow(written: Iterable[Feedback]) -> None:
    """Put what is typed upon what has been written of the same stops, and have the form opened again upon it."""
    known = drafts()
    for now in written:
        if now.key in known:
            keep(now, amended(now, known[now.key].typed, known[now.key].before))
    state.keep(FORM, None)
