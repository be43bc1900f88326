"""Read a text: what says that nothing is known, what was garbled on its way, what cannot be shown."""

import re
import unicodedata

from esscarto.french import clean, fold, number
from esscarto.importing.findings import Fault, Reader, Reading

_NOTHING = frozenset(
    (
        *("na", "n a", "nan", "null", "none", "nil", "nc", "n c", "nd", "n d", "neant", "sans objet", "vide"),
        *("non renseigne", "non renseignee", "non communique", "inconnu", "inconnue", "aucun", "aucune"),
    )
)
_LONGEST_NOTHING = 20
_SPREADSHEET_ERROR = re.compile(
    r"#(N/A|NOM\?|NAME\?|REF!|VALEUR!|VALUE!|DIV/0!|NUL!|NULL!|NOMBRE!|NUM!)", re.IGNORECASE
)
_GARBLED = re.compile("[ÃÂ][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|â€|Å“|Å’")

NOTHING_SAID = "lu comme vide"


def says_nothing(text: str) -> bool:
    """Whether a cell says in so many words that it holds nothing: ``N/A``, ``n. c.``, ``-``."""
    if len(text) > _LONGEST_NOTHING or text[:1].isdigit() or is_spreadsheet_error(text):
        return False
    folded = fold(text)
    return folded in _NOTHING or (not folded and not any(map(str.isalnum, text)))


def is_spreadsheet_error(text: str) -> bool:
    """Whether a cell is what a spreadsheet shows when a formula fails."""
    return bool(text[:1] == "#" and _SPREADSHEET_ERROR.fullmatch(text))


def ungarble(text: str) -> str:
    """Return a text whose UTF-8 was read as Windows-1252 as it was before, "" when it was not: ``Ã©`` is ``é``."""
    if not _GARBLED.search(text):
        return ""
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return ""


def text_reader(longest: int, *, one_line: bool = True, is_name: bool = False) -> Reader:
    """Return the reader of a free text of at most ``longest`` characters."""

    def read(cell: str) -> Reading:
        value, how = _tidy(cell, one_line)
        faults = []
        if is_spreadsheet_error(value):
            faults.append(SPREADSHEET_ERROR)
        elif original := ungarble(value):
            faults.append(
                Fault(
                    "a_corriger",
                    "ces accents ont été abîmés par un mauvais encodage",
                    "un texte lisible",
                    "Enregistrez le fichier d’origine en « CSV UTF-8 », ou corrigez le texte.",
                    original,
                    sure=True,
                )
            )
        elif "\ufffd" in value:
            faults.append(
                Fault(
                    "a_corriger",
                    "un caractère est perdu (�)",
                    "un texte lisible",
                    "Reprenez ce texte dans le fichier d’origine.",
                )
            )
        if len(value) > longest:
            faults.append(
                Fault(
                    "a_corriger",
                    f"ce texte a {number(len(value))} caractères",
                    f"{number(longest)} caractères au plus",
                    "Raccourcissez-le.",
                )
            )
        if is_name and value and says_nothing(value):
            faults.append(
                Fault("a_regarder", "ce nom ressemble à une case vide", "le nom de la structure", "Vérifiez-le.")
            )
        return Reading(value, how, tuple(faults))

    return read


SPREADSHEET_ERROR = Fault(
    "a_corriger",
    "c’est l’erreur d’une formule du tableur",
    "une valeur",
    "Corrigez la formule, ou écrivez la valeur.",
)


def _tidy(cell: str, one_line: bool) -> tuple[str, str]:
    """Compose the accents, drop what cannot be shown, and put a text over several lines on one."""
    composed = unicodedata.normalize("NFC", cell).strip()
    value = clean(composed)
    how = "caractères invisibles retirés" if value != composed else ""
    if one_line and "\n" in value.replace("\r", "\n"):
        parts = [" ".join(part.split()) for part in value.replace("\r", "\n").split("\n")]
        return ", ".join(filter(None, parts)), "lignes mises bout à bout"
    return value, how
