"""Who is before the screen: what Streamlit knows of the request, given to the rules of ``esscarto.access``."""

from esscarto.access import VISITOR, Person
from esscarto.settings import access_mode


def person() -> Person:
    """Return who is before the screen, by role."""
    return Person("local") if access_mode() == "local" else VISITOR
