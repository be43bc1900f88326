"""A file of several hundred lines made for the purpose: real communes, invented structures, and every usual slip."""

import itertools
import random
from dataclasses import dataclass, field

import pandas as pd

from esscarto.importing.gazetteer import Gazetteer

HEADER = (
    "Raison sociale",
    "Adresse",
    "CP",
    "Commune",
    "Code INSEE",
    "Latitude",
    "Longitude",
    "N° SIRET",
    "Téléphone",
    "E-mail",
    "Site internet",
    "Famille juridique",
    "Thématiques",
    "Mise à jour",
    "Référence interne",
)
_KINDS = ("Épicerie", "Ressourcerie", "Café", "Jardin", "Garage", "Crèche", "Théâtre", "Forge", "Chœur", "Atelier")
_NAMES = (
    *("Zorglub", "Zélé", "Brume", "Quinconce", "Éclair", "Myosotis", "Œillet", "Pâquerette", "Jonquille", "Chêne"),
    *("Hêtre", "Frêne", "Tilleul", "Noisetier", "Sureau", "Prunelle", "Églantine", "Coquelicot", "Bleuet"),
)


@dataclass
class Made:
    """The lines of the file, and what each of them should become."""

    lines: list[list[str]] = field(default_factory=list)
    expected: dict[int, str] = field(default_factory=dict)

    def text(self, number: int) -> str:
        """Return one line as text, its number being that of a spreadsheet."""
        cells = HEADER if number == 1 else self.lines[number - 2]
        return ";".join(f'"{cell}"' if any(mark in cell for mark in ';"\n') else cell for cell in cells)

    def content(self) -> bytes:
        """Return the file: its even lines in Windows-1252, its odd ones in UTF-8."""
        total = len(self.lines) + 1
        return b"".join(
            f"{self.text(number)}\r\n".encode("utf-8" if number % 2 else "cp1252") for number in range(1, total + 1)
        )


def make_file(gazetteer: Gazetteer, known: pd.DataFrame, seed: int = 20261122) -> Made:
    """Make the file, always the same."""
    chance = random.Random(seed)
    communes = gazetteer.territories.communes
    choice = [
        str(code)
        for code in communes.index
        if str(code).startswith(("02", "80")) and len(gazetteer.postal[str(code)]) == 1
    ]
    made = Made()
    names = [f"{chance.choice(_KINDS)} {' '.join(words)}" for words in itertools.combinations(_NAMES, 3)]
    chance.shuffle(names)

    def add(state: str, **cells: str) -> list[str]:
        code = cells.pop("code", None) or chance.choice(choice)
        place = communes.loc[code]
        number = len(made.lines) + 2
        base = dict.fromkeys(HEADER, "") | {
            "Raison sociale": names.pop(),
            "Adresse": f"{chance.randint(1, 90)} rue de l’Église",
            "CP": next(iter(gazetteer.postal[code])),
            "Commune": gazetteer.names[code],
            "Code INSEE": code,
            "Latitude": f"{place['label_lat']:.5f}".replace(".", ","),
            "Longitude": f"{place['label_lon']:.5f}".replace(".", ","),
            "Famille juridique": chance.choice(("Association", "Coopératives", "association loi 1901", "")),
            "Thématiques": chance.choice(("Culture", "Insertion et emploi, Mobilité", "")),
            "Mise à jour": chance.choice(("14/07/2024", "2024-07", "")),
            "Référence interne": f"R{number}",
        }
        line = list((base | {name.replace("_", " "): cell for name, cell in cells.items()}).values())
        made.lines.append(line)
        made.expected[number] = state
        return line

    aisne = [code for code in choice if code.startswith("02")]
    for _ in range(300):
        add("bonne")
    for _ in range(60):
        code = chance.choice(aisne)
        add("a_corriger", code=code, CP=next(iter(gazetteer.postal[code]))[1:], Code_INSEE=code[1:])
    for _ in range(20):
        line = add("a_corriger")
        line[5], line[6] = line[6], line[5]
    for _ in range(20):
        add("a_corriger", code="02722", Commune="Laon")
    for _ in range(10):
        add("refusee", Téléphone="0600000000")
    for _ in range(10):
        add("refusee", **{"E-mail": "p.exemple" + "@exemple.fr"})
    for _ in range(10):
        add("a_corriger", **{"N° SIRET": "1,23457E+13"})
    for _ in range(10):
        add("a_corriger", Site_internet="www.exemple.fr")
    for _ in range(10):
        add("refusee", Raison_sociale="")
    for line in chance.sample(made.lines[:300], 20):
        add("doublon", code=line[4], Raison_sociale=line[0].upper())
    for actor in known[(known["code_insee"].isin(choice))].head(15).to_dict("records"):
        add("doublon", code=actor["code_insee"], Raison_sociale=actor["nom"])
    return made
