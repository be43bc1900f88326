"""Z, the floor: the widgets of the side panel of the map page, and one text. No data, no map, no HTML.

Only Streamlit is imported. Keep the list of widgets the same as in src/esscarto/ui/filters_view.py; their
options come from the file that ``benchmarks.workload`` writes.
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
    with st.expander("Plus de filtres"):
        for name in ("r", "e", "p", "s"):
            choose(name)
    with st.expander("Fond et classes"):
        st.selectbox("Méthode des classes", panel()["methods"], key="m")
        st.toggle("Fond Plan IGN (en ligne)", key="plan", help="Demande des images à data.geopf.fr.")
    st.button("Effacer les filtres", width="stretch")
st.text(f"choix : {', '.join(families) or 'aucun'}.")
