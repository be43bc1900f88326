"""Find a commune by what a file says of it: code old or new, name as it is spelled, postal code, département."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from esscarto.french import fold, fold_name
from esscarto.storage.commune_names import spelled
from esscarto.territories import Territories

ALIKE = 88
"""Similarity, of 100, above which two spellings are taken as the same name when a code confirms it."""

_AROUND = re.compile(r"^(?:f\W?)?\d{5}\s+|\s*\([^()]*\)\s*$|\s+\d{1,2}(?:er|e|è|ème|eme)?\s*$", re.IGNORECASE)


class Gazetteer:
    """The communes of the layers, by code, name and postal code.

    Parameters
    ----------
    territories : Territories
        The layers.
    former_names : mapping of str to str
        Code of a former commune -> its name.
    """

    def __init__(self, territories: Territories, former_names: Mapping[str, str] | None = None):
        self.territories = territories
        communes = territories.communes
        self.names: dict[str, str] = {str(code): str(name) for code, name in communes["nom"].items()}
        postal = communes["codes_postaux"] if "codes_postaux" in communes else [""] * len(communes)
        self.postal: dict[str, frozenset[str]] = {
            str(code): frozenset(filter(None, str(codes).split("|")))
            for code, codes in zip(communes.index, postal, strict=True)
        }
        self.by_postal: dict[str, list[str]] = defaultdict(list)
        for code, codes in self.postal.items():
            for one in codes:
                self.by_postal[one].append(code)
        self.former_names = dict(former_names or {})
        self._keys = {code: name_key(name) for code, name in self.names.items()}
        self._named: dict[str, list[str]] = defaultdict(list)
        for code, key in self._keys.items():
            for one in {key, bare_key(self.names[code])}:
                self._named[one].append(code)
        self._formerly: dict[str, list[str]] = defaultdict(list)
        for old, name in self.former_names.items():
            current = self.today(old)
            if current and name_key(name) != self._keys[current]:
                self._formerly[name_key(name)].append(current)
        covered = territories.layers["departement"]
        self._covered = frozenset(map(str, covered.index))
        self._departements = {fold(str(name)): str(code) for code, name in covered["nom"].items()}

    def today(self, code: str) -> str | None:
        """Return today's code for a code old or new, None when no layer holds it."""
        return code if code in self.names else self.territories.current_commune(code)

    def label(self, code: str) -> str:
        """Name a commune without any doubt: ``Soissons (02722)``."""
        return f"{self.names[code]} ({code})"

    def covers(self, departement: str) -> bool:
        """Whether every commune of a département is in the layers."""
        return departement in self._covered

    def departement(self, text: str) -> str:
        """Return the code of a département given by code, with or without its zero, or by name; "" when unknown."""
        plain = text.strip().upper()
        if re.fullmatch("[0-9]", plain):
            return f"0{plain}"
        return plain if re.fullmatch("[0-9][0-9AB]|97[1-6]", plain) else self._departements.get(fold(text), "")

    def named(self, name: str) -> list[str]:
        """Return the communes of today that bear a name, articles and abbreviations settled."""
        return sorted(set(self._named.get(name_key(name)) or self._named.get(bare_key(name), [])))

    def formerly_named(self, name: str) -> list[str]:
        """Return the communes of today that hold a former commune of this name."""
        return sorted(set(self._formerly.get(name_key(name), [])))

    def bears(self, code: str, name: str) -> bool:
        """Whether a commune of today bears a name, or holds a former commune that bore it."""
        return code in self.named(name) or code in self.formerly_named(name)

    def alike(self, code: str, name: str) -> bool:
        """Whether a name is that of a commune, but for a slip of the pen."""
        return fuzz.ratio(self._keys[code], name_key(name)) >= ALIKE

    def nearest(self, name: str, among: Iterable[str] | None = None, score: float = 80) -> str | None:
        """Return the commune whose name is spelled most like this one, None when none is or several are."""
        keys = self._keys if among is None else {code: self._keys[code] for code in among}
        found = process.extract(name_key(name), keys, scorer=fuzz.ratio, score_cutoff=score, limit=2)
        if not found or (len(found) == 2 and found[0][1] == found[1][1]):
            return None
        return found[0][2]


def of(name: str) -> str:
    """Put « de » before a name, contracted: « de Soissons », « d’Amiens », « du Nouvion », « des Septvallons »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name[len(article) :]
    return f"d’{name}" if fold(name)[:1] in "aeiouy" and name[:1] not in "yY" else f"de {name}"


def departement_of(code: str) -> str:
    """Return the département of a commune code or of a postal code, from its first characters."""
    return code[:3] if code.startswith("97") else code[:2]


def name_key(name: str) -> str:
    """Fold the name of a commune as addresses write it: « 02200 ST QUENTIN CEDEX 9 » is ``saint quentin``."""
    return spelled(_AROUND.sub("", name.strip()) or name)


def bare_key(name: str) -> str:
    """Fold the name of a commune without its article: « Ferté-Milon (La) » is ``ferte milon``."""
    return spelled(fold_name(_AROUND.sub("", name.strip()) or name))
