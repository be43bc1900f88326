"""The main script: the page's frame, the menu as data, and the one place where an error becomes words."""

import streamlit as st

from esscarto.errors import DataError
from esscarto.settings import PAGES
from esscarto.ui import basket, render, style

# Group -> pages: the file, whose name is the address, its title and its icon.
MENU = {
    "": (
        ("accueil.py", "Accueil", ":material/home:"),
        ("carte.py", "Carte", ":material/map:"),
    ),
    "Mon territoire": (
        ("territoires.py", "Fiche du territoire", ":material/location_city:"),
        ("agir.py", "Agir", ":material/bolt:"),
        ("comparer.py", "Comparer", ":material/compare_arrows:"),
        ("zones_blanches.py", "Zones blanches", ":material/wrong_location:"),
        ("indicateurs.py", "Indicateurs", ":material/bar_chart:"),
    ),
    "Mon projet": (
        ("partenaires.py", "Partenaires", ":material/handshake:"),
        ("inspirations.py", "Inspirations", ":material/lightbulb:"),
        ("panier.py", "Panier", ":material/shopping_basket:"),
    ),
    "Animer": (
        ("ess_tour.py", "ESS Tour", ":material/route:"),
        ("donnees.py", "Données", ":material/edit_note:"),
        ("sources.py", "Sources", ":material/menu_book:"),
    ),
}

st.set_page_config(
    page_title="esscarto, l’ESS du territoire",
    page_icon=str(style.FAVICON),
    layout="wide",
    initial_sidebar_state="auto",
)
page = st.navigation(
    {
        group: [
            st.Page(PAGES / file, title=title, icon=icon, default=file == "accueil.py") for file, title, icon in pages
        ]
        for group, pages in MENU.items()
    },
    position="top",
)
# Each page has its own title, for the tabs of the browser and for those who hear them.
st.set_page_config(page_title=f"{page.title}, esscarto")
try:
    page.run()
    basket.remember(here=page.url_path == basket.PAGE)
except DataError as error:
    # Not st.error, which reads Markdown: the words may quote a file or a name.
    render.show("erreur.html", texte=str(error))
