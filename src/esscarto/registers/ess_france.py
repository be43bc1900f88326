"""The national list of the companies of the ESS: who they are, their family, their commune by its name.

The list gives neither the Insee code of the commune nor the number of the establishment: the code is that of the one
commune of this name and postal code, and a line whose commune cannot be told is kept without it.
"""

from collections import Counter
from pathlib import Path

from esscarto.french import clean, fold
from esscarto.registers.keeping import is_named_after_nobody
from esscarto.registers.rows import ESS_FRANCE, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.register_files import read_register
from esscarto.territories import Territories

COLUMNS = {
    "siren": ("SIREN",),
    "nom": ("Nom ou raison sociale de l'entreprise",),
    "famille": ("Famille juridique de l'entreprise",),
    "code_postal": ("Code postal",),
    "commune": ("Libellé de la commune de l'établissement",),
    "departement": ("Code du département de l'établissement",),
}
REQUIRED = ("siren", "nom", "famille", "code_postal", "commune")

_FAMILIES = {
    "association": "association",
    "associations": "association",
    "cooperative": "cooperative",
    "cooperatives": "cooperative",
    "mutuelle": "mutuelle",
    "mutuelles": "mutuelle",
    "fondation": "fondation",
    "fondations": "fondation",
    "societe commerciale": "societe_commerciale_ess",
    "societes commerciales": "societe_commerciale_ess",
    "societe commerciale de l ess": "societe_commerciale_ess",
    "societes commerciales de l ess": "societe_commerciale_ess",
}


def read_ess_france(path: Path, territories: Territories, communes: frozenset[str], day: str = "") -> Reading:
    """Read the lines of the list that are in some communes.

    Parameters
    ----------
    path : pathlib.Path
        The file, as the producer publishes it.
    territories : Territories
        Layers that give the communes their codes.
    communes : frozenset of str
        Insee codes to keep.
    day : str
        Date of the list, which the file does not print; "" when it is not known.

    Raises
    ------
    DataError
        When the file is not this list.
    """
    names = CommuneNames(territories)
    postal_codes = names.postal_codes(communes)
    left_out: Counter[str] = Counter()
    rows = []
    for line, cells in read_register(path, COLUMNS, REQUIRED):
        # A spreadsheet takes the first zeros away.
        postal_code = cells["code_postal"].zfill(5) if cells["code_postal"] else ""
        if postal_code not in postal_codes:
            continue
        code = names.code(cells["commune"], postal_code)
        if code and code not in communes:
            continue
        siren, name = cells["siren"].replace(" ", "").zfill(9), clean(cells["nom"])
        if not (len(siren) == 9 and siren.isascii() and siren.isdigit()) or not is_named_after_nobody(name):
            left_out["lignes sans numéro SIREN ou sans nom"] += 1
            continue
        if not code:
            left_out["lignes du même code postal dont la commune n’est pas reconnue"] += 1
            continue
        family = _FAMILIES.get(fold(cells["famille"]), "")
        rows.append(
            make_row(
                ESS_FRANCE,
                names,
                key=f"{siren}-{code}",
                citation=str(line),
                day=day,
                name=name,
                code_insee=code,
                statut_ess="statut",
                famille=family,
                code_postal=postal_code,
                siren=siren,
            )
        )
    return Reading(ESS_FRANCE, day, communes, frame(rows), left_out)
