"""A visitor proposes an addition or a correction, which a person reads before it is live."""

import streamlit as st

from esscarto.access import Person
from esscarto.site import Site


def draw(site: Site, person: Person) -> None:
    """Draw this part of the page."""
    st.caption(f"{len(site.actors)} {person.role}")
