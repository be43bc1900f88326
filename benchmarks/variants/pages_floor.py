"""Z, the floor of two pages: their widgets as they open, and one text. No data, no map, no HTML.

``?p=fiche`` has the widgets of sheet_view.py, ``?p=reponse`` those of partners_question.py, partners_view.py and
roads_view.py of src/esscarto/ui. Only Streamlit is imported; the options come from the file that ``benchmarks.pages``
writes.
"""

import json
import os
from pathlib import Path

import streamlit as st


@st.cache_resource
def options() -> dict:
    return json.loads((Path(os.environ["BENCH_FOLDER"]) / "pages.json").read_text(encoding="utf-8"))


def sheet() -> str:
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    chosen = left.selectbox("Territoire", options()["territories"], key="t")
    right.text_input("Chercher une autre commune ou intercommunalité", max_chars=80, placeholder="Laon, Amiens…")
    with st.container(horizontal=True):
        for rank, label in enumerate(options()["files"]):
            st.download_button(
                label,
                b"",
                label,
                key=f"fiche_{rank}",
                help="Un fichier.",
                on_click="ignore",
                icon=":material/download:",
            )
    st.caption("Cette page est lue sur votre ordinateur.")
    return str(chosen)


def answer() -> str:
    st.radio("Question", ["Qui peut m’aider", "Qui présenter à qui"], horizontal=True)
    left, right = st.columns([1, 1.4])
    left.selectbox("Commune", options()["communes"], key="t")
    with left, st.expander("Partir d’une adresse"):
        st.text_input("Numéro, rue et commune", max_chars=200)
        st.caption("L’adresse est envoyée au géocodeur.")
        st.button("Chercher cette adresse", icon=":material/travel_explore:")
    right.text_input(
        "Votre projet, en quelques mots", max_chars=120, placeholder="Par exemple : ouvrir une ressourcerie"
    )
    first, second, third = st.columns(3)
    themes = first.multiselect("Thèmes du projet", options()["themes"], key="th", placeholder="Tous les thèmes")
    second.multiselect("Types de structure", options()["types"], placeholder="Tous les types")
    third.multiselect("Ce que vous cherchez", options()["sought"], placeholder="Tout")
    left, right = st.columns([1, 1.4])
    left.radio("Jusqu’où", ["Dans un rayon", "Les plus proches"], horizontal=True)
    right.slider("À moins de", 5, 60, 20, format="%d km")
    left, _ = st.columns([1.35, 1], gap="medium")
    with left:
        st.button("Garder les premiers de chaque rôle", icon=":material/add_shopping_cart:")
        st.button("Demander les distances par la route", icon=":material/route:")
        st.caption("Les points sont envoyés au service d’itinéraire.")
    return ", ".join(themes) or "aucun"


st.set_page_config(page_title="floor", layout="wide")
said = {"fiche": sheet, "reponse": answer}[st.query_params["p"]]()
st.text(f"choix : {said}.")
