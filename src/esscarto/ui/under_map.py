"""What stands under the map: its list, the comparison of its territories, or the files; one at a time."""

import numpy as np
import streamlit as st

from esscarto.site import Site
from esscarto.ui import comparison, downloads, listing, state
from esscarto.ui.state import View


def draw(site: Site, view: View, mask: np.ndarray) -> None:
    """Draw the choice, and what is chosen."""
    st.segmented_control(
        "Sous la carte",
        list(state.TWINS),
        key="sous",
        format_func=state.TWINS.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    if view.twin == "comparer":
        comparison.draw(site, view)
    elif view.twin == "telecharger":
        downloads.draw(site, view, mask)
    else:
        listing.draw(site, view, mask)
