"""Read where a line is: its commune, from the code, the name, the postal code and the département it gives.

Neither a name nor a postal code alone is ever taken for a commune: two of them must agree.
"""

import re
from dataclasses import dataclass, field

from esscarto.french import enumerate_words
from esscarto.importing.findings import Fault
from esscarto.importing.gazetteer import Gazetteer, departement_of, of
from esscarto.importing.texts import is_spreadsheet_error, says_nothing

CODE, POSTAL, NAME = "code_insee", "code_postal", "commune"

_CODE_EXPECTED = "le code Insee de la commune, cinq caractères"
_POSTAL_EXPECTED = "un code postal de cinq chiffres"
_EXCEL_ADVICE = "Mettez la colonne au format Texte dans le tableur, puis réécrivez le code avec son zéro."


@dataclass
class Place:
    """The commune of a line: what is kept, what was settled, what is wrong.

    ``faults`` are pairs (column, fault); ``changes`` are (column, how, what the cell held).
    """

    code: str = ""
    postal: str = ""
    name: str = ""
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    def value(self, target: str) -> str:
        """Return what is kept for one of the three columns."""
        return self.code if target == CODE else self.postal if target == POSTAL else self.name


@dataclass(frozen=True)
class _Cells:
    """The four cells, read one by one. A code that lacks its zero is in ``lost_…``, with it."""

    code: str
    lost_code: str
    postal: str
    lost_postal: str
    name: str
    departement: str

    @property
    def any_postal(self) -> str:
        return self.postal or self.lost_postal


def resolve(gazetteer: Gazetteer, code: str, postal: str, name: str, departement: str = "") -> Place:
    """Settle the commune of a line from its four cells, "" where the file has none."""
    place = Place(name=name)
    cells = _read(gazetteer, code, postal, name, departement, place)
    if cells.code:
        _from_code(gazetteer, cells, place)
    elif cells.lost_code:
        _from_lost_code(gazetteer, cells, code, place)
    elif _faulty(place, CODE):
        _propose_code(gazetteer, cells, place)
    elif cells.name:
        _from_name(gazetteer, cells, place)
    elif cells.any_postal:
        _from_postal(gazetteer, cells, place)
    _check_postal(gazetteer, cells, postal, place)
    return place


def _read(gazetteer: Gazetteer, code: str, postal: str, name: str, departement: str, place: Place) -> _Cells:
    plain_code = _plain(code).upper()
    plain_postal = re.sub(r"^F-?(?=\d)", "", _plain(postal).upper())
    lost_code = f"0{plain_code}" if re.fullmatch("[0-9]{4}|[0-9][AB][0-9]{2}", plain_code) else ""
    lost_postal = f"0{plain_postal}" if re.fullmatch("[0-9]{4}", plain_postal) else ""
    holds_code = bool(re.fullmatch("[0-9][0-9AB][0-9]{3}", plain_code))
    holds_postal = bool(re.fullmatch("[0-9]{5}", plain_postal))
    if plain_code and not holds_code and not lost_code:
        place.faults.append((CODE, Fault("a_corriger", "ce n’est pas un code Insee", _CODE_EXPECTED, "Corrigez-le.")))
    if plain_postal and not holds_postal and not lost_postal:
        remedy = "Corrigez-le, ou laissez la case vide."
        fault = Fault("a_corriger", "ce n’est pas un code postal", _POSTAL_EXPECTED, remedy)
        place.faults.append((POSTAL, fault))
    if holds_code and plain_code != code:
        place.changes.append((CODE, "écriture remise en ordre", code))
    if holds_postal and plain_postal != postal:
        place.changes.append((POSTAL, "écriture remise en ordre", postal))
    place.code, place.postal = (plain_code if holds_code else ""), (plain_postal if holds_postal else "")
    plain_name = "" if says_nothing(name) or is_spreadsheet_error(name) else name
    if plain_name != name and name:
        place.name = ""
        place.changes.append((NAME, "lu comme vide", name))
    return _Cells(place.code, lost_code, place.postal, lost_postal, plain_name, gazetteer.departement(departement))


def _plain(code: str) -> str:
    """Leave out the spaces, the ``.0`` that a program adds to a number, and what says that there is no code."""
    return "" if says_nothing(code) else re.sub(r"[.,]0$", "", re.sub(r"\s+", "", code))


def _from_code(gazetteer: Gazetteer, cells: _Cells, place: Place) -> None:
    current = gazetteer.today(cells.code)
    if current is None:
        _unknown_code(gazetteer, cells, place)
        return
    place.code = current
    if current != cells.code:
        former = gazetteer.former_names.get(cells.code, "")
        who = f"la commune {former} ({cells.code})" if former else f"le code {cells.code}"
        place.faults.append(
            (
                CODE,
                Fault(
                    "a_regarder",
                    f"{who} fait aujourd’hui partie {of(gazetteer.label(current))}",
                    "le code de la commune d’aujourd’hui",
                    "La ligne est placée dans la commune d’aujourd’hui.",
                ),
            )
        )
    if cells.name and not gazetteer.bears(current, cells.name):
        _compare_name(gazetteer, cells, current, place)
    _official_name(gazetteer, place)


def _unknown_code(gazetteer: Gazetteer, cells: _Cells, place: Place) -> None:
    if gazetteer.covers(departement_of(cells.code)):
        fault = Fault("a_corriger", "aucune commune ne porte ce code", _CODE_EXPECTED, "Corrigez-le.")
        place.faults.append((CODE, fault))
        _propose_code(gazetteer, cells, place)
        return
    place.faults.append(
        (
            CODE,
            Fault(
                "a_regarder",
                "cette commune est hors des départements que l’application connaît",
                "une commune des régions livrées",
                "La structure sera dans la liste, sans point sur la carte.",
            ),
        )
    )


def _compare_name(gazetteer: Gazetteer, cells: _Cells, code: str, place: Place) -> None:
    """Settle a line whose code and name are not those of one commune."""
    if gazetteer.alike(code, cells.name):
        return
    named = gazetteer.named(cells.name) or gazetteer.formerly_named(cells.name)
    if not named:
        fault = Fault(
            "a_regarder",
            f"ce n’est pas le nom de la commune de code {code}, {gazetteer.names[code]}",
            "le nom de la commune",
            "La ligne est placée par son code : vérifiez-le.",
        )
        place.faults.append((NAME, fault))
        return
    postal = cells.any_postal
    problem = f"le code {code} est celui {of(gazetteer.names[code])}, la ligne dit « {cells.name} »"
    meant = [other for other in named if postal in gazetteer.postal[other]]
    if postal in gazetteer.postal[code]:
        fault = Fault("a_corriger", problem, "un nom et un code de la même commune", "Corrigez l’un des deux.",
                      gazetteer.names[code], sure=True)  # fmt: skip
        place.faults.append((NAME, fault))
    else:
        fault = Fault("a_corriger", problem, "un nom et un code de la même commune", "Corrigez l’un des deux.",
                      meant[0] if len(meant) == 1 else None, sure=len(meant) == 1)  # fmt: skip
        place.faults.append((CODE, fault))


def _from_lost_code(gazetteer: Gazetteer, cells: _Cells, code: str, place: Place) -> None:
    """Propose the zero that a spreadsheet dropped, when the name confirms it."""
    current = gazetteer.today(cells.lost_code)
    if current is None:
        problem = f"il manque un caractère, et {cells.lost_code} n’est le code d’aucune commune connue"
        place.faults.append((CODE, Fault("a_corriger", problem, _CODE_EXPECTED, _EXCEL_ADVICE)))
        _propose_code(gazetteer, cells, place)
        return
    named = gazetteer.names[current]
    if cells.name and (gazetteer.bears(current, cells.name) or gazetteer.alike(current, cells.name)):
        problem = "le zéro du début s’est perdu"
        fault = Fault("a_corriger", problem, _CODE_EXPECTED, _EXCEL_ADVICE, cells.lost_code, sure=True)
        place.code = current
    elif cells.name:
        problem = f"{code} n’a que quatre caractères ; {cells.lost_code} est {named}, la ligne dit « {cells.name} »"
        fault = Fault("a_corriger", problem, _CODE_EXPECTED, "Corrigez le code ou le nom.")
    else:
        problem = f"{code} n’a que quatre caractères ; aucun nom ne confirme {cells.lost_code} ({named})"
        fault = Fault("a_corriger", problem, _CODE_EXPECTED, "Ajoutez le nom de la commune, ou le zéro du code.")
    place.faults.append((CODE, fault))


def _propose_code(gazetteer: Gazetteer, cells: _Cells, place: Place) -> None:
    """Give the last fault of the code the one commune that the rest of the line means, if there is one."""
    found = _agreed(gazetteer, cells)
    if len(found) != 1:
        return
    place.faults = [
        (
            target,
            Fault(fault.level, fault.problem, fault.expected, fault.action, found[0], sure=True)
            if target == CODE and fault.level == "a_corriger"
            else fault,
        )
        for target, fault in place.faults
    ]


def _agreed(gazetteer: Gazetteer, cells: _Cells) -> list[str]:
    """Return the communes of which the name agrees with the postal code, or else with the département."""
    if not cells.name:
        return []
    named = gazetteer.named(cells.name) or gazetteer.formerly_named(cells.name)
    postal = cells.any_postal
    if postal in gazetteer.by_postal:
        return [code for code in named if postal in gazetteer.postal[code]]
    # A postal code that no commune has is that of a « cedex »: its first figures still say the département.
    departement = departement_of(postal) if postal else cells.departement
    return [code for code in named if departement and departement_of(code) == departement]


def _from_name(gazetteer: Gazetteer, cells: _Cells, place: Place) -> None:
    found = _agreed(gazetteer, cells)
    if len(found) == 1:
        place.code = found[0]
        with_what = "le code postal" if cells.any_postal else "le département"
        place.changes.append((CODE, f"code Insee trouvé par le nom de la commune et {with_what}", ""))
        if found[0] not in gazetteer.named(cells.name):
            problem = f"cette commune fait aujourd’hui partie {of(gazetteer.label(found[0]))}"
            action = "La ligne est placée dans la commune d’aujourd’hui."
            place.faults.append((NAME, Fault("a_regarder", problem, "le nom de la commune d’aujourd’hui", action)))
        _official_name(gazetteer, place)
        return
    fault = _unsettled(gazetteer, cells, found)
    place.faults.append((CODE if fault.suggestion in gazetteer.names else NAME, fault))


def _unsettled(gazetteer: Gazetteer, cells: _Cells, found: list[str]) -> Fault:
    """Say why a name does not give a commune, and which could be meant."""
    postal, named = cells.any_postal, found or gazetteer.named(cells.name) or gazetteer.formerly_named(cells.name)
    departement = departement_of(postal) if postal else cells.departement
    if departement and not gazetteer.covers(departement):
        return Fault(
            "a_regarder",
            "cette commune est hors des départements que l’application connaît",
            "une commune des régions livrées",
            "La structure sera dans la liste, sans point sur la carte.",
        )
    if postal and named:
        problem = f"aucune commune de ce nom n’a le code postal {postal}"
        known = sorted(set().union(*(gazetteer.postal[code] for code in named)))
        expected = f"{enumerate_words(map(gazetteer.label, named[:6]), 'ou')}, code postal {', '.join(known[:6])}"
        return Fault("a_corriger", problem, expected, "Corrigez le nom ou le code postal.")
    if named:
        problem = "le nom seul ne désigne pas une commune"
        expected = f"{enumerate_words(map(gazetteer.label, named[:6]), 'ou')}, avec son code Insee ou postal"
        suggestion = named[0] if len(named) == 1 else None
        return Fault("a_corriger", problem, expected, "Ajoutez le code Insee ou le code postal.", suggestion)
    among = gazetteer.by_postal.get(postal) if postal else None
    near = gazetteer.nearest(cells.name, among, 75 if among else 85)
    return Fault(
        "a_corriger",
        f"aucune commune de ce nom n’a le code postal {postal}" if postal else "aucune commune connue n’a ce nom",
        "le nom officiel de la commune",
        "Corrigez-le.",
        gazetteer.names[near] if near else None,
        sure=bool(near and among),
    )


def _from_postal(gazetteer: Gazetteer, cells: _Cells, place: Place) -> None:
    postal = cells.any_postal
    found = sorted(gazetteer.by_postal.get(postal, []))
    if not found:
        return
    names = enumerate_words(map(gazetteer.label, found[:6]), "ou")
    more = f", et {len(found) - 6} autres" if len(found) > 6 else ""
    place.faults.append(
        (
            CODE,
            Fault(
                "a_corriger",
                f"le code postal {postal} seul ne désigne pas une commune",
                names + more,
                "Ajoutez le nom de la commune, ou son code Insee.",
                found[0] if len(found) == 1 else None,
            ),
        )
    )


def _check_postal(gazetteer: Gazetteer, cells: _Cells, postal: str, place: Place) -> None:
    known = gazetteer.postal.get(place.code, frozenset())
    if cells.lost_postal:
        if cells.lost_postal in known:
            fault = Fault(
                "a_corriger",
                "le zéro du début s’est perdu",
                _POSTAL_EXPECTED,
                _EXCEL_ADVICE,
                cells.lost_postal,
                sure=True,
            )
        else:
            problem = f"{postal} n’a que quatre chiffres"
            fault = Fault("a_corriger", problem, _POSTAL_EXPECTED, _EXCEL_ADVICE)
        place.faults.append((POSTAL, fault))
    elif cells.postal in gazetteer.by_postal and known and cells.postal not in known and not _contested(place):
        expected = enumerate_words(sorted(known), "ou")
        problem = f"ce n’est pas un code postal {of(gazetteer.label(place.code))}"
        place.faults.append((POSTAL, Fault("a_regarder", problem, expected, "Vérifiez-le.")))


def _official_name(gazetteer: Gazetteer, place: Place) -> None:
    official = gazetteer.names.get(place.code, "")
    if official and place.name != official:
        if not _contested(place):
            place.changes.append((NAME, "nom officiel de la commune", place.name))
        place.name = official


def _contested(place: Place) -> bool:
    return any(fault.level == "a_corriger" for _, fault in place.faults)


def _faulty(place: Place, target: str) -> bool:
    return any(column == target for column, _ in place.faults)
