"""The files to take away: what is filtered, nothing else."""

import numpy as np
import streamlit as st

from esscarto.site import Site
from esscarto.ui.state import View


def draw(site: Site, view: View, mask: np.ndarray) -> None:
    """Draw the export buttons."""
    del site, view, mask
    st.caption("Exports")
