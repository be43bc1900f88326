"""Z, the floor: the widgets of the side panel of the map page, and one text. No data, no map, no HTML.

Keep the list of widgets the same as in src/esscarto/ui/filters_view.py.
"""

import os
from pathlib import Path

import pandas as pd
import streamlit as st

from esscarto.cartography.classes import METHODS
from esscarto.filters import FACETS
from esscarto.metrics import INDICATORS
from esscarto.ui.state import DEFAULT_TERRITORY, MAP_LEVELS


@st.cache_resource
def territories() -> list[str]:
    """As many territories to choose from as the real page has."""
    geo = Path(os.environ["ESSCARTO_DATA"]) / "geo"
    epci = pd.read_parquet(geo / "epci.parquet", columns=["nom", "siren_epci", "petr"])
    communes = pd.read_parquet(geo / "communes.parquet", columns=["nom", "siren_epci"])
    inside = epci[epci["petr"].notna()]
    names = communes[communes["siren_epci"].isin(inside["siren_epci"])]["nom"]
    return [DEFAULT_TERRITORY, *inside["nom"], *(f"{name} ({number})" for number, name in enumerate(names))]


st.set_page_config(page_title="floor", layout="wide")
with st.sidebar:
    st.selectbox("Territoire", territories(), key="t", help="Tapez quelques lettres.")
    st.selectbox(
        "Couleur des territoires", list(INDICATORS), key="i", format_func=lambda key: INDICATORS[key].title
    )
    st.radio("Par", list(MAP_LEVELS), key="n", format_func=MAP_LEVELS.__getitem__)
    st.text_input("Contenant le mot", key="q", max_chars=80, placeholder="vélo, jouets, Ham…")
    chosen = {}
    for key in ("f", "th", "ty"):
        labels = FACETS[key].labels
        chosen[key] = st.multiselect(FACETS[key].title, list(labels), key=key, format_func=labels.__getitem__)
    with st.expander("Plus de filtres"):
        for key in ("r", "e", "p", "s"):
            labels = FACETS[key].labels
            chosen[key] = st.multiselect(
                FACETS[key].title, list(labels), key=key, format_func=labels.__getitem__
            )
    with st.expander("Fond et classes"):
        st.selectbox("Méthode des classes", list(METHODS), key="m", format_func=METHODS.__getitem__)
        st.toggle("Fond Plan IGN (en ligne)", key="plan", help="Demande des images à data.geopf.fr.")
    st.button("Effacer les filtres", width="stretch")
st.text(f"choix : {', '.join(chosen['f']) or 'aucun'}.")
