"""A message that outlives the rerun that follows a write: shown once, where it was left."""

from typing import Any

from esscarto.ui import render, state

_NAME = "annonce"


def leave(template: str, *, place: str = "", **context: Any) -> None:
    """Leave a message for the next run, in a place of the page."""
    state.keep(_NAME, (place, template, context))


def show(place: str = "") -> None:
    """Draw the message left for this place, if any, and forget it."""
    left = state.kept(_NAME)
    if left and left[0] == place:
        state.keep(_NAME, None)
        render.show(left[1], **left[2])
