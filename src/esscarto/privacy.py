"""What is a person's and not an organisation's: the addresses and numbers that the directory never keeps."""

import re
import unicodedata

FUNCTIONAL = frozenset(
    """accueil actions adherents administration agence animation antenne asso association atelier ateliers bureau
    campus centre collectif comite communication compta comptabilite contact coordination courrier delegation
    developpement direction eco economie economique emploi environnement epicerie equipe espace ess federation
    formation foyer groupe habitat info infos information informations insertion jeunesse mairie maison mediation
    mission mobilite observatoire office pays petr pole president presidence presse ptce recrutement recyclerie
    ressourcerie reseau secretariat secretaire section service services siege social solidaire solidarite support
    territoire tresorier union vente""".split()
)
"""Words that name a function or a body: an address made of one of them is an organisation's."""

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_AT = re.compile(r"\s*[\[({]\s*(?:at|arobase|arobas|chez)\s*[\])}]\s*|\s+(?:arobase|arobas)\s+", re.IGNORECASE)
_TWO_WORDS = re.compile(r"([^\W\d]+)[._-]([^\W\d]+(?:-[^\W\d]+)?)[0-9]*")
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
    words = _TWO_WORDS.fullmatch(local.strip("."))
    if not words:
        return False
    first, last = words.groups()
    if len(first) == 1 or len(last) == 1:
        return True
    parts = {first, *last.split("-")}
    return not parts & FUNCTIONAL and not any(part in domain for part in parts if len(part) > 3)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
