"""What is a person's and not an organisation's: the addresses and numbers that the directory never keeps."""

import re
import unicodedata

_FUNCTIONS_AND_BODIES = """
accueil actions adherents administration agence animation antenne asso association atelier ateliers bureau campus
centre collectif comite communication compta comptabilite contact coordination courrier delegation developpement
direction eco economie economique emploi environnement epicerie equipe espace ess federation formation foyer groupe
habitat info information informations infos insertion jeunesse mairie maison mediation mission mobilite
observatoire office pays petr pole presidence presse ptce recrutement recyclerie ressourcerie reseau secretariat
section service services siege social solidaire solidarite support territoire union vente
"""
FUNCTIONAL = frozenset(_FUNCTIONS_AND_BODIES.split())
"""Words that name a function or a body: an address made of one of them is an organisation's."""

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_AT = re.compile(r"\s*[\[({]\s*(?:at|arobase|arobas|chez)\s*[\])}]\s*|\s+(?:arobase|arobas)\s+", re.IGNORECASE)
_MOBILE = re.compile(r"(?<![\d+])(?:(?:\+|00)\s*33[\s./-]*(?:\(?0\)?)?|0)[\s./-]*[67](?:[\s./-]*\d){8}(?!\d)")


def personal_data(text: str) -> str | None:
    """Say in French what in a text is a person's, or None.

    Two things are recognised: an e-mail address made of a person's name (``i.nom@``, ``prenom.nom@``), and a
    mobile number (06, 07). A name in a sentence is not: that is for the person who reads.
    """
    plain = _AT.sub("@", unicodedata.normalize("NFKC", text))
    for address in _EMAIL.findall(plain):
        if is_personal_email(address):
            return "une adresse électronique nominative ; donnez celle de la structure (contact@, accueil@…)"
    if _MOBILE.search(plain):
        return "un numéro de téléphone mobile (06, 07) ; donnez le numéro fixe de la structure"
    return None


def is_personal_email(address: str) -> bool:
    """Whether an address is made like a person's name, before the @."""
    local, _, domain = _plain(address).partition("@")
    parts = [part for part in re.split("[._]", re.sub("[0-9]+$", "", local)) if part]
    if len(parts) == 1:
        # A hyphen joins the words of many bodies; it gives a person away after an initial only.
        parts = parts[0].split("-")
        return len(parts) == 2 and len(parts[0]) == 1 < len(parts[1])
    initials = [part for part in parts if len(part) == 1]
    if initials:
        return len(parts) - len(initials) == 1
    words = {word for part in parts for word in part.split("-")}
    known = words & FUNCTIONAL or any(word in domain for word in words if len(word) > 3)
    return len(parts) == 2 and not known


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
