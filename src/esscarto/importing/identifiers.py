"""Read a SIRET or SIREN: digits that a spreadsheet loves to shorten. A key that does not hold is only a warning."""

import re
from functools import lru_cache

from stdnum.fr import siren, siret

from esscarto.importing.findings import Fault, Reading

_SPACES = re.compile(r"[\s.\u00a0\u202f-]+")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_EXPECTED = "les quatorze chiffres du SIRET"


@lru_cache(maxsize=65_536)
def is_siret(text: str) -> bool:
    """Whether a text is a SIRET whose key holds (Luhn's, or that of La Poste); fourteen zeros are none."""
    return bool(re.fullmatch("[0-9]{14}", text)) and text.strip("0") != "" and siret.is_valid(text)


def is_siren(text: str) -> bool:
    """Whether a text is a SIREN whose key holds; nine zeros are none."""
    return bool(re.fullmatch("[0-9]{9}", text)) and text.strip("0") != "" and siren.is_valid(text)


def read_siret(cell: str) -> Reading:
    """Read a SIRET: fourteen digits, whatever the spaces between them."""
    digits = _digits(cell)
    if re.fullmatch("[0-9]{14}", digits) and digits.strip("0"):
        how = "espaces retirés" if digits != cell else ""
        return Reading(digits, how, () if is_siret(digits) else (_wrong_key(14),))
    return Reading("", faults=(_siret_fault(cell, digits),))


def _siret_fault(cell: str, digits: str) -> Fault:
    if _SCIENTIFIC.fullmatch(cell.strip()):
        return _rounded(_EXPECTED)
    if re.fullmatch("[0-9]{14}", digits):
        return Fault("a_corriger", "quatorze zéros ne sont pas un SIRET", _EXPECTED, "Laissez la case vide.", "")
    if re.fullmatch("[0-9]{10,13}", digits):
        padded = digits.zfill(14)
        if is_siret(padded):
            return Fault(
                "a_corriger",
                f"ce SIRET n’a que {len(digits)} chiffres : un zéro s’est sans doute perdu au début",
                _EXPECTED,
                "Mettez la colonne au format Texte avant d’écrire ce numéro.",
                padded,
                sure=True,
            )
    if re.fullmatch("[0-9]{9}", digits):
        return Fault(
            "a_corriger",
            "c’est un SIREN, qui désigne l’organisation et non ce lieu",
            _EXPECTED,
            "Écrivez le SIRET de ce lieu, ou laissez la case vide.",
            "",
        )
    if digits.isdigit() and digits.isascii():
        problem = f"ce SIRET a {len(digits)} chiffre{'s' if len(digits) > 1 else ''}"
    else:
        problem = "ce SIRET ne contient pas que des chiffres"
    return Fault("a_corriger", problem, _EXPECTED, "Corrigez-le, ou laissez la case vide.")


def read_siren(cell: str) -> Reading:
    """Read a SIREN: nine digits, its lost zeros put back when the key then holds."""
    digits = _digits(cell)
    if re.fullmatch("[0-9]{9}", digits) and digits.strip("0"):
        return Reading(digits, faults=() if is_siren(digits) else (_wrong_key(9),))
    if re.fullmatch("[0-9]{6,8}", digits) and is_siren(digits.zfill(9)):
        return Reading(digits.zfill(9), "zéros du début remis, la clé les confirme")
    fault = Fault(
        "a_regarder",
        "ce n’est pas un SIREN",
        "les neuf chiffres du SIREN",
        "Corrigez-le : il ne sert qu’à reconnaître les doublons.",
    )
    return Reading("", faults=(fault,))


def _digits(cell: str) -> str:
    """Leave out the spaces, and the ``.0`` that a program adds to a number."""
    return _SPACES.sub("", re.sub(r"(?<=\d)[.,]0$", "", cell.strip()))


def _rounded(expected: str) -> Fault:
    return Fault(
        "a_corriger",
        "le tableur a arrondi ce numéro : ses derniers chiffres sont perdus",
        expected,
        "Reprenez-le dans le fichier d’origine, dans une colonne au format Texte, ou laissez la case vide.",
    )


def _wrong_key(length: int) -> Fault:
    name = "SIRET" if length == 14 else "SIREN"
    return Fault(
        "a_regarder",
        f"la clé de ce {name} ne tombe pas juste : un chiffre est sans doute faux",
        f"un {name} qui existe",
        "Vérifiez-le sur l’Annuaire des entreprises.",
    )
