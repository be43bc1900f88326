"""The figures of the sheet of a territory as a workbook: each with its year, its perimeter and its source."""

from collections.abc import Sequence

from esscarto.documents import tables_xlsx
from esscarto.documents.tables_xlsx import Cell
from esscarto.french import date
from esscarto.sheets.model import Sheet
from esscarto.site import Site
from esscarto.vocabulary import CATEGORIES

LICENCE = "Licence Ouverte 2.0 : citez « esscarto », la date et la source de chaque chiffre."
_CODES = {"commune": "Insee", "epci": "Siren", "departement": "Insee", "region": "Insee"}
_EMPTY = {"Acteurs": "Aucun acteur connu ici", "Relations": "Aucune relation connue"}
Rows = Sequence[Sequence[Cell]]


def export(site: Site, sheet: Sheet, base: str = "") -> bytes:  # noqa: ARG001 - called as the PDF is
    """Return the workbook: « Chiffres », « Identité », « Acteurs », « Proches », « Contacts », « Relations ».

    A figure that no source gives is « n. d. » in « Valeur », and « Valeur écrite » says that it is not given.
    """
    known = sheet.known
    tables: dict[str, Rows] = {
        "Chiffres": _figures(sheet),
        "Identité": _identity(sheet),
        "Acteurs": [
            ("Nom", "Famille ou rôle", "Types", "Lieu", "État", "Source"),
            *(
                (actor.name, CATEGORIES[actor.category], actor.types, actor.place, actor.state, actor.source)
                for actor in known.actors
            ),
        ],
        "Proches": [
            ("Thème", "Acteur", "Lieu", "Distance à vol d’oiseau (km)", "Source"),
            *((near.theme, near.name, near.actor.place, round(near.km, 1), near.actor.source) for near in known.near),
        ],
        "Contacts": _contacts(sheet),
        "Relations": [
            ("Organisation", "Relation", "Autre organisation", "Objet", "Date", "Source"),
            *(
                (link.organisation, link.words, link.other, link.about, link.when, link.source)
                for link in known.relations
            ),
        ],
    }
    for name, empty in _EMPTY.items():
        if len(tables[name]) == 1:
            head = tables[name][0]
            tables[name] = [head, (empty, *[""] * (len(head) - 1))]
    return tables_xlsx.export(f"{sheet.title}, fiche du territoire", tables, sheet.day)


def _figures(sheet: Sheet) -> Rows:
    titles = ("Bloc", "Chiffre", "Valeur", "Unité", "Valeur écrite", "Année", "Territoire du chiffre", "Périmètre")
    more = ("Source", "Lecture", "Note", "Recalculé", "Calcul", "Écart")
    lines: list[Sequence[Cell]] = []
    for block, figure in sheet.figures:
        made = figure.recomputed
        lines.append(
            (
                block.title,
                figure.label,
                figure.number,
                figure.unit,
                figure.value,
                figure.year,
                figure.holder or sheet.title,
                figure.perimeter,
                figure.source,
                figure.reading,
                figure.note,
                made.number if made else "",
                made.how if made else "",
                made.gap if made else "",
            )
        )
    return [(*titles, *more), *lines]


def _identity(sheet: Sheet) -> Rows:
    return [
        ("Rubrique", "Contenu", "Précision"),
        ("Territoire", sheet.title, _code(str(sheet.territory))),
        ("Niveau", sheet.level, ""),
        *(("Dans", name, _code(code)) for code, name in sheet.holders),
        *sheet.summary,
        ("Acteurs de l’ESS connus", sheet.known.counted, "annuaire"),
        ("Fiches en tout", sheet.known.total, "annuaire"),
        ("Référent ESS", sheet.referent, sheet.referent_note),
        *(("Comprend", name, _code(code)) for code, name in sheet.inside),
        ("Date de la fiche", date(sheet.day.isoformat()), ""),
        ("Licence", LICENCE, ""),
    ]


def _code(territory: str) -> str:
    """Return the official code of a territory; a PETR has none."""
    level, _, code = territory.partition(":")
    return "" if level == "petr" else f"code {_CODES[level]} {code}"


def _contacts(sheet: Sheet) -> Rows:
    titles = (
        "Organisme",
        "Rôle",
        "Territoire",
        "Apport",
        "Fonction",
        "Courriel",
        "Téléphone",
        "Site",
        "Source",
        "Note",
    )
    return [
        titles,
        *(
            (
                contact.name,
                contact.role,
                contact.territory,
                contact.brings,
                contact.function,
                contact.email,
                contact.telephone,
                contact.website,
                contact.source,
                contact.note,
            )
            for contact in (*sheet.policy, *sheet.contacts)
        ),
    ]
