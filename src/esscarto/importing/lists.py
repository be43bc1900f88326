"""Read a closed list: by its code, or by the French words that people write for it."""

import re

from rapidfuzz import fuzz, process, utils

from esscarto.french import enumerate_words, fold
from esscarto.importing.findings import Fault, Reader, Reading
from esscarto.schema import LIST_SEPARATOR, Field
from esscarto.vocabulary import BY_COLUMN, TRANCHES

_OTHER_WORDS = {
    "famille": {
        "association": ("association loi 1901", "loi 1901", "asso"),
        "cooperative": ("société coopérative",),
        "societe_commerciale_ess": (
            "société commerciale",
            "société commerciale ESS",
            "entreprise commerciale de l’ESS",
            "société commerciale d’utilité sociale",
        ),
    },
    "types": {
        "esat": ("établissement et service d’aide par le travail",),
        "geiq": ("groupement d’employeurs pour l’insertion et la qualification",),
        "etti": ("ETTi", "entreprise de travail temporaire d’insertion"),
        "scop": ("société coopérative et participative",),
        "scic": ("société coopérative d’intérêt collectif",),
        "ressourcerie": ("recyclerie",),
        "epci": ("communauté de communes", "communauté d’agglomération"),
        "mfr": ("MFR",),
    },
    "statut": {
        "actif": ("ouvert", "ouverte", "en service", "active"),
        "passe": ("fermé", "fermée", "cessé", "inactif", "inactive"),
        "projet": ("à venir", "en cours de création"),
    },
}
_FEW = 6
"""Values of a list that are all told; of a longer one, the first."""
_BETWEEN = re.compile(r"[|;,\n]+")
_WRITTEN_RANGE = re.compile(r"(?:de )?(\d+) (?:a |et )?(\d+)(?: salaries?)?")


class ClosedList:
    """The codes of one column, found by code or by words.

    Parameters
    ----------
    field : Field
        The column, as its schema declares it.
    """

    def __init__(self, field: Field):
        self._field = field
        self._labels = BY_COLUMN.get(field.name, {})
        self._known: dict[str, str] = {}
        others = _OTHER_WORDS.get(field.name, {})
        for code in field.allowed:
            words = [code, *self._ways_to_say(self._labels.get(code, code)), *others.get(code, ())]
            for written in words:
                self._known.setdefault(_key(written), code)

    def code(self, text: str) -> str | None:
        """Return the code that a text stands for, None when it stands for none."""
        if text in self._field.allowed:
            return text
        key = _key(text)
        return self._known.get(key) or self._range(key)

    def read(self, cell: str) -> Reading:
        """Read a cell: one code, or several in a list column."""
        whole = self.code(cell)
        if whole is not None:
            return Reading(whole, "libellé reconnu" if whole != cell else "")
        if not self._field.is_list:
            return Reading("", faults=(self._unknown(cell),))
        parts = list(dict.fromkeys(part.strip() for part in _BETWEEN.split(cell) if part.strip()))
        codes = [self.code(part) for part in parts]
        faults = tuple(self._unknown(part, parts) for part, code in zip(parts, codes, strict=True) if not code)
        value = LIST_SEPARATOR.join(dict.fromkeys(code for code in codes if code))
        return Reading(value, "libellés reconnus" if value != cell and not faults else "", faults)

    def knows(self, cell: str) -> bool:
        """Whether a cell can be read without a fault."""
        return not self.read(cell).faults

    def _ways_to_say(self, label: str) -> list[str]:
        """Return a label, and its two halves when it ends with its acronym: ``Entreprise adaptée (EA)``."""
        halves = re.fullmatch(r"(.+) \((.+)\)", label)
        return [label, halves[1], halves[2]] if halves else [label]

    def _range(self, key: str) -> str | None:
        """Read ``10 à 19`` as its headcount class."""
        found = _WRITTEN_RANGE.fullmatch(key) if self._field.name == "tranche_effectif" else None
        bounds = (int(found[1]), int(found[2])) if found else None
        return next((code for code, limits in TRANCHES.items() if limits == bounds), None)

    def _unknown(self, text: str, parts: list[str] | None = None) -> Fault:
        near = process.extractOne(
            text, list(self._known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=75
        )
        suggestion = None
        if near:
            meant = self._labels.get(self._known[near[0]], self._known[near[0]])
            suggestion = f" {LIST_SEPARATOR} ".join(meant if part == text else part for part in parts or [text])
        words = [f"« {self._labels.get(code, code)} »" for code in self._field.allowed]
        listed = enumerate_words(words, "ou") if len(words) <= _FEW else f"l’une des {len(words)} valeurs de la liste"
        if len(words) > _FEW:
            listed += f" : {', '.join(words[:_FEW])}…"
        problem = f"« {text[:60]} » n’est pas dans la liste"
        return Fault("a_corriger", problem, listed, "Choisissez dans la liste.", suggestion)


def list_reader(field: Field) -> Reader:
    """Return the reader of a closed list."""
    return ClosedList(field).read


def _key(text: str) -> str:
    """Fold a text and put its words in the singular: ``Sociétés commerciales`` is ``societe commerciale``."""
    words = [word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in fold(text).split()]
    return " ".join(words)
