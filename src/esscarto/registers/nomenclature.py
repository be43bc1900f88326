"""What the codes of the registers mean: legal category, activity, headcount, type of integration enterprise.

Only what was read in a published list is here; a code that is not gives nothing, and is never guessed.
"""

from dataclasses import dataclass

from esscarto.french import fold
from esscarto.vocabulary import TRANCHES

# Insee, « catégories juridiques », level III, as the public directory of companies labels them.
_FAMILIES = {
    "association": "5195 9220 9221 9222 9223 9230 9260",
    "fondation": "9300",
    "mutuelle": "6411 8210 8250 8290",
    # The categories whose very label says « coopérative », and the banks that are cooperatives by law.
    "cooperative": (
        "5192 5193 5194 5196 5203 5307 5309 5443 5451 5453 5454 5455 5458 5459 5460 5543 5547 5551 5552 5553 5554 "
        "5555 5558 5559 5560 5643 5647 5651 5652 5653 5654 5655 5658 5659 5660 6316 6317 6318 6543 6551 6554 6558 "
        "6560 6595 6596"
    ),
}
FAMILY_OF_CATEGORY = {code: family for family, codes in _FAMILIES.items() for code in codes.split()}
"""Legal category -> family. Not there: 9210 (association that nobody declared), 9240 (congrégation), the SICA."""

TYPES_OF_CATEGORY = {
    "5458": ("scop",),
    "5558": ("scop",),
    "5658": ("scop",),
    "9222": ("ai", "siae"),
    "9223": ("groupement_employeurs",),
}
"""Legal category -> the types that its label names."""

NATURAL_PERSON = "1000"
"""« Entrepreneur individuel »: the name of the business is the name of somebody."""
COMMERCIAL = "5"
"""First figure of the commercial companies."""

NAF_REV_2 = "NAFRev2"
NAF_2025 = "NAF25"
EDITIONS = {NAF_REV_2: "NAF rév. 2", NAF_2025: "NAF 2025"}


@dataclass(frozen=True)
class Sector:
    """One of the sectors in which the CRESS group the activities: its words, its divisions of the NAF rév. 2."""

    label: str
    divisions: tuple[int, ...]


SECTORS = {
    "agriculture": Sector("Agriculture et industries agroalimentaires", (*range(1, 4), *range(10, 13))),
    "industrie_construction": Sector("Industrie et construction", (*range(5, 10), *range(13, 44))),
    "commerce": Sector("Commerce, transport, hébergement et restauration", (*range(45, 57),)),
    "finance": Sector("Banque, finance et assurance", (64, 65, 66)),
    "soutien_entreprises": Sector("Soutien aux entreprises", (*range(68, 83),)),
    "enseignement": Sector("Enseignement", (85,)),
    "sante": Sector("Santé", (86,)),
    "action_sociale": Sector("Action sociale", (87, 88)),
    "arts": Sector("Arts et culture", (90, 91)),
    "sport": Sector("Sport et loisirs", (93,)),
    "divers": Sector("Divers", (94, 95, 96)),
}
_SECTOR_OF_DIVISION = {division: key for key, sector in SECTORS.items() for division in sector.divisions}

_TYPES_PRINTED = {
    "ei": ("ei", "siae"),
    "entreprise d insertion": ("ei", "siae"),
    "aci": ("aci", "siae"),
    "atelier chantier d insertion": ("aci", "siae"),
    "atelier et chantier d insertion": ("aci", "siae"),
    "ateliers et chantiers d insertion": ("aci", "siae"),
    "ai": ("ai", "siae"),
    "association intermediaire": ("ai", "siae"),
    "etti": ("etti", "siae"),
    "entreprise de travail temporaire d insertion": ("etti", "siae"),
    # « Entreprise d'insertion par le travail indépendant »: an integration enterprise, without a word of its own here.
    "eiti": ("siae",),
    "siae": ("siae",),
    "geiq": ("geiq",),
    "ea": ("ea",),
    "eatt": ("ea",),
    "entreprise adaptee": ("ea",),
    "esat": ("esat",),
    "ressourcerie": ("ressourcerie",),
    "ressourceries": ("ressourcerie",),
    "mission locale": ("mission_locale",),
}
"""Folded word of a register -> types of the directory."""


def family(category: str) -> str:
    """Return the family of a legal category, "" when it is not one of the ESS by itself."""
    return FAMILY_OF_CATEGORY.get(category.strip(), "")


def sector(naf: str, nomenclature: str = NAF_REV_2) -> str:
    """Return the key of the sector of an activity, "" when the CRESS group it nowhere or it is of another NAF.

    The NAF 2025 moves activities from one division to another: its codes are kept and not grouped.
    """
    digits = naf.strip()[:2]
    if nomenclature != NAF_REV_2 or not (digits.isascii() and digits.isdigit()):
        return ""
    return _SECTOR_OF_DIVISION.get(int(digits), "")


def tranche(code: str) -> str:
    """Return a code of headcount class that Insee publishes, "" for anything else."""
    return code.strip() if code.strip() in TRANCHES else ""


def types_printed(word: str) -> tuple[str, ...]:
    """Return the types that a word of a register names: ``ACI`` is an ACI and an integration enterprise."""
    return _TYPES_PRINTED.get(fold(word), ())


def naf_code(text: str) -> str:
    """Write an activity code with its point: ``8899B`` is ``88.99B``; another form is left as it is."""
    plain = text.strip().upper()
    if len(plain) == 5 and plain[:4].isascii() and plain[:4].isdigit() and plain[4].isalpha():
        return f"{plain[:2]}.{plain[2:]}"
    return plain
