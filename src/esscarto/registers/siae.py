"""The lists of integration enterprises (SIAE): that of the ASP, and those that are made from it.

Their columns name correspondents, e-mail addresses and telephones: none of these is read.
"""

from collections import Counter
from pathlib import Path

from esscarto.french import clean
from esscarto.registers import nomenclature
from esscarto.registers.keeping import is_named_after_nobody, street, web_site
from esscarto.registers.rows import SIAE, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.register_files import read_register
from esscarto.territories import Territories

COLUMNS = {
    "siret": ("SIRET", "structure_siret_actualise", "numero siret", "structure_siret_signature"),
    "nom": ("name", "structure_denomination", "raison sociale", "raison_sociale", "denomination", "nom"),
    "enseigne": ("brand", "enseigne", "nom commercial"),
    "type": ("kind", "type", "mesure", "type de structure", "type_siae", "typologie"),
    "naf": ("naf", "structure_code_naf", "code naf", "code_naf"),
    "adresse": ("address", "adresse", "adresse_ligne_1", "address_line_1"),
    "numero": ("structure_adresse_gestion_numero",),
    "bis": ("structure_adresse_gestion_cplt_num_voie",),
    "type_voie": ("structure_adresse_gestion_type_voie",),
    "voie": ("structure_adresse_gestion_nom_voie",),
    "code_postal": ("post_code", "structure_adresse_gestion_cp", "code postal", "code_postal", "cp"),
    "commune": ("city", "structure_adresse_gestion_commune", "commune", "ville"),
    "code_insee": ("code_insee", "insee", "code insee", "code commune"),
    "site_web": ("contact_website", "website", "site web", "site_web", "site internet"),
}
"""Our names -> the titles of the export of the ASP, of the lists of the inclusion platform, and French ones."""
REQUIRED = ("siret", "nom", "code_postal", "commune")


def read_siae(path: Path, territories: Territories, communes: frozenset[str], day: str = "") -> Reading:
    """Read the integration enterprises of some communes.

    Parameters
    ----------
    path, territories, communes, day
        As for :func:`esscarto.registers.ess_france.read_ess_france`.

    Raises
    ------
    DataError
        When the file is no such list.
    """
    names = CommuneNames(territories)
    left_out: Counter[str] = Counter()
    rows: dict[str, dict[str, str]] = {}
    for line, cells in read_register(path, COLUMNS, REQUIRED):
        postal_code = cells["code_postal"].zfill(5) if cells["code_postal"] else ""
        printed = cells.get("code_insee", "")
        code = names.current(printed.zfill(5) if printed else "") or names.code(cells["commune"], postal_code)
        if code not in communes:
            continue
        siret, name = cells["siret"].replace(" ", ""), clean(cells["nom"])
        if not (len(siret) == 14 and siret.isascii() and siret.isdigit()) or not is_named_after_nobody(name):
            left_out["lignes sans numéro SIRET ou sans nom"] += 1
            continue
        types = [kind for word in cells.get("type", "").split("|") for kind in nomenclature.types_printed(word)]
        if siret in rows:
            # One establishment may hold an ACI and an EI: one line each, one place.
            types = [*rows[siret]["types"].split("|"), *types]
        parts = (cells.get(part, "") for part in ("numero", "bis", "type_voie", "voie"))
        address = cells.get("adresse", "") or " ".join(filter(None, parts))
        brand = clean(cells.get("enseigne", "")).replace("|", " ")
        is_siae = "siae" in types or not types
        rows[siret] = make_row(
            SIAE,
            names,
            key=siret,
            citation=str(line),
            day=day,
            name=name,
            code_insee=code,
            naf=nomenclature.naf_code(cells.get("naf", "")),
            aliases=brand if brand != name else "",
            statut_ess="qualification",
            types="|".join(dict.fromkeys([*types, *(["siae"] if is_siae else [])])),
            adresse=street(address, postal_code),
            code_postal=postal_code,
            siret=siret,
            site_web=web_site(cells.get("site_web", "")),
        )
    return Reading(SIAE, day, communes, frame(list(rows.values())), left_out)
