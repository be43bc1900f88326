"""A file of several hundred lines in three encodings, with what each line should become, worked out beforehand.

The structures are invented; the communes are real, and so are the actors that some lines repeat.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from esscarto.importing.gazetteer import Gazetteer
from tests.unit.importing.made_files import HEADER, Made, make_file

ENCODINGS = ("cp1252", "utf-16", "utf-8-sig")
FORMULAS = ("=1+1", '=HYPERLINK("https://exemple.invalid")', "+33 3", "-5+2", "@SUM(1+1)")
INSECTS = ("L’Abeille", "Le Bourdon", "La Cigale", "La Libellule", "Les Fourmis")
EMPTY_EVERY = 40
MISSPELLED = 5
CONFIRMED = 60 + 20 + 20 + 10 + MISSPELLED
"""Lines that one click mends: lost zeros, swapped coordinates, names against codes, sites, misspelled communes."""


@dataclass(frozen=True)
class MadeDirectory:
    """The lines of the file, the state that each deserves, and the actors that some of them repeat."""

    made: Made
    siret_bearers: tuple[str, ...]
    """Actors whose SIRET a line of another name bears."""

    @property
    def counts(self) -> Counter[str]:
        """How many lines deserve each state."""
        return Counter(self.made.expected.values())

    def content(self, encoding: str) -> bytes:
        """Return the file, an empty line after every forty."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADER)
        for number, line in enumerate(self.made.lines, start=1):
            writer.writerow(line)
            if number % EMPTY_EVERY == 0:
                writer.writerow([""] * len(HEADER))
        return text.getvalue().encode(encoding)


def make_directory(gazetteer: Gazetteer, known: pd.DataFrame) -> MadeDirectory:
    """Make the file, always the same."""
    made = make_file(gazetteer, known)

    def add(state: str, cells: dict[str, str]) -> None:
        made.lines.append(list((dict.fromkeys(HEADER, "") | cells).values()))
        made.expected[len(made.lines) + 1] = state

    for name, formula in zip(INSECTS, FORMULAS, strict=True):
        add("bonne", {"Raison sociale": name, "CP": "02200", "Commune": "Soissons", "Référence interne": formula})
    for rank in range(MISSPELLED):
        # With the postal code of the commune meant: it is proposed, and nothing is guessed.
        add("a_corriger", {"Raison sociale": f"Graphie {rank}", "CP": "02200", "Commune": "Soisons"})
    bearers = known[known["siret"] != ""].head(4).to_dict("records")
    for rank, actor in enumerate(bearers):
        add("doublon", {"Raison sociale": f"Autre enseigne {rank}", "N° SIRET": actor["siret"]})
    return MadeDirectory(made, tuple(actor["id"] for actor in bearers))
