"""Find the one commune that a name and a postal code can mean, as registers print them."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from esscarto.french import fold
from esscarto.territories import Territories

# What the addresses of registers abbreviate or add: « ST QUENTIN », « SOISSONS CEDEX 9 ».
_SPELLED = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
_ADDED = re.compile(r" cedex(?: \d+)?$")


@dataclass(frozen=True)
class CommuneNames:
    """The communes of the layers, by folded name and postal code.

    Only a single answer is an answer: two communes of one name and postal code give none.
    """

    territories: Territories
    _by_name: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        communes = self.territories.communes
        index: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        postal = communes["codes_postaux"] if "codes_postaux" in communes else [""] * len(communes)
        for code, name, codes in zip(communes.index, communes["nom"], postal, strict=True):
            for postal_code in str(codes).split("|"):
                index[spelled(str(name))][postal_code].add(str(code))
        self._by_name.update(index)

    def code(self, name: str, postal_code: str) -> str:
        """Return the Insee code of the one commune of this name and postal code, "" when there is none or several."""
        found = self._by_name.get(spelled(name), {}).get(postal_code.strip(), set())
        return next(iter(found)) if len(found) == 1 else ""

    def current(self, code_insee: str) -> str:
        """Return today's code for a code old or new, "" when no layer holds it."""
        return (self.territories.current_commune(code_insee) or "") if code_insee else ""

    def name(self, code_insee: str) -> str:
        """Return the official name of a commune."""
        return str(self.territories.communes.at[code_insee, "nom"])

    def postal_codes(self, codes_insee: Collection[str]) -> set[str]:
        """Return the postal codes of some communes."""
        communes = self.territories.communes
        if "codes_postaux" not in communes:
            return set()
        inside = communes.loc[communes.index.isin(codes_insee), "codes_postaux"]
        return {code for codes in inside for code in str(codes).split("|") if code}


def spelled(name: str) -> str:
    """Fold the name of a commune, abbreviations written out and « cedex » left out."""
    words = _ADDED.sub("", fold(name)).split()
    return " ".join(_SPELLED.get(word, word) for word in words)
