"""The structures of data·inclusion, whose field names the directory shares."""

import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from esscarto.french import clean, fold
from esscarto.registers import nomenclature
from esscarto.registers.keeping import (
    is_named_after_nobody,
    organisation_email,
    organisation_phone,
    street,
    web_site,
)
from esscarto.registers.rows import DATA_INCLUSION, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.register_files import read_register
from esscarto.territories import Territories

COLUMNS = {
    "id": ("id",),
    "source": ("source",),
    "nom": ("nom",),
    "siret": ("siret",),
    "date_maj": ("date_maj",),
    "commune": ("commune",),
    "code_postal": ("code_postal",),
    "code_insee": ("code_insee",),
    "adresse": ("adresse",),
    "telephone": ("telephone",),
    "courriel": ("courriel",),
    "site_web": ("site_web",),
    "reseaux_porteurs": ("reseaux_porteurs", "typologie", "labels_nationaux"),
}
REQUIRED = ("id", "nom", "commune", "code_postal", "reseaux_porteurs")

NETWORKS = frozenset({"siae", "ressourceries", "geiq", "emmaus", "etcld", "unea", "coorace", "chantier-ecole"})
"""Networks whose structures are kept: the others (town halls, France services, employment agency…) are no ESS."""
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGRATION = frozenset({"siae", "ei", "aci", "ai", "etti", "eiti"})


def read_data_inclusion(
    path: Path,
    territories: Territories,
    communes: frozenset[str],
    day: str = "",
    networks: Collection[str] = NETWORKS,
) -> Reading:
    """Read the structures of some communes that belong to some networks.

    The description is not taken: it is the producer's sentence. A telephone or an e-mail that may be a person's is left
    out.

    Parameters
    ----------
    path : pathlib.Path
        The file published on data.gouv.fr (CSV or JSON), schema v1 or v0.
    territories, communes, day
        As for :func:`esscarto.registers.ess_france.read_ess_france`; ``date_maj`` is used where a line has one.
    networks : collection of str
        Values of ``reseaux_porteurs`` (``typologie`` in v0) to keep.

    Raises
    ------
    DataError
        When the file is not of this schema.
    """
    names = CommuneNames(territories)
    wanted = {fold(network) for network in networks} | _INTEGRATION
    left_out: Counter[str] = Counter()
    rows = []
    for line, cells in read_register(path, COLUMNS, REQUIRED):
        postal_code = cells["code_postal"].zfill(5) if cells["code_postal"] else ""
        printed = cells.get("code_insee", "")
        code = names.current(printed.zfill(5) if printed else "") or names.code(cells["commune"], postal_code)
        if code not in communes:
            continue
        belongs = [fold(word) for word in _words(cells["reseaux_porteurs"])]
        name = clean(cells["nom"])
        if not wanted & set(belongs):
            left_out["structures d’un autre réseau"] += 1
            continue
        if not is_named_after_nobody(name):
            left_out["lignes sans nom"] += 1
            continue
        types = dict.fromkeys(kind for word in belongs for kind in nomenclature.types_printed(word))
        email = organisation_email(cells.get("courriel", ""), name)
        phone = organisation_phone(cells.get("telephone", ""))
        left_out["courriels qui peuvent être ceux d’une personne"] += bool(cells.get("courriel") and not email)
        left_out["téléphones mobiles ou illisibles"] += bool(cells.get("telephone") and not phone)
        updated = cells.get("date_maj", "")[:10]
        siret = cells.get("siret", "").replace(" ", "")
        rows.append(
            make_row(
                DATA_INCLUSION,
                names,
                key=f"{cells.get('source', '')}:{cells['id']}",
                citation=str(line),
                day=updated if _DATE.fullmatch(updated) else day,
                name=name,
                code_insee=code,
                statut_ess="qualification" if "siae" in types else "non_imprime",
                types="|".join(types),
                adresse=street(cells.get("adresse", ""), postal_code),
                code_postal=postal_code,
                siret=siret if len(siret) == 14 and siret.isascii() and siret.isdigit() else "",
                telephone=phone,
                courriel=email,
                site_web=web_site(cells.get("site_web", "")),
            )
        )
    return Reading(DATA_INCLUSION, day, communes, frame(rows), +left_out)


def _words(cell: str) -> list[str]:
    """Return the values of a list however a file writes it: ``a|b``, ``["a", "b"]``, ``{a,b}``, ``a, b``."""
    plain = "".join("|" if char in "[]{}\"'," else char for char in cell)
    return [word.strip() for word in plain.split("|") if word.strip()]
