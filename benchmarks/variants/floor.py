"""Z, the floor: the widgets of the map page as it opens, and one text. No data, no map, no HTML.

Only Streamlit is imported. Keep the list of widgets the same as in filters_view.py, under_map.py and listing.py of
src/esscarto/ui; their options come from the file that ``benchmarks.workload`` writes.
"""

import json
import os
from pathlib import Path

import streamlit as st


@st.cache_resource
def panel() -> dict:
    return json.loads((Path(os.environ["BENCH_FOLDER"]) / "panel.json").read_text(encoding="utf-8"))


def choose(key: str) -> list[str]:
    facet = panel()["facets"][key]
    return st.multiselect(facet["title"], facet["labels"], key=key, placeholder="Tous", select_all=False)


st.set_page_config(page_title="floor", layout="wide")
with st.sidebar:
    st.selectbox("Territoire", panel()["territories"], key="t", help="Tapez quelques lettres.")
    st.selectbox("Couleur des territoires", panel()["indicators"], key="i")
    st.radio("Par", ["Communes", "Intercommunalités (EPCI)"], key="n")
    st.text_input("Contenant le mot", key="q", max_chars=80, placeholder="vélo, jouets, Ham…")
    families = choose("f")
    choose("th")
    choose("ty")
    st.toggle("Plus de filtres", key="plus")
    st.toggle("Classes et fond de carte", key="fond")
    st.button("Effacer les filtres", width="stretch", disabled=not families)
st.segmented_control(
    "Sous la carte", ["Liste", "Comparer", "Télécharger"], key="sous", label_visibility="collapsed", required=True
)
st.pagination(3, key="pg")
st.selectbox("Trier par", ["Nom", "Commune", "Famille ou rôle"], key="tri", width=240)
st.text(f"choix : {', '.join(families) or 'aucun'}.")
