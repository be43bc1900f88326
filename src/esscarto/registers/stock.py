"""The stock files of Sirene as rows of the directory, for whoever has them."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from esscarto.french import clean
from esscarto.registers import nomenclature
from esscarto.registers.keeping import is_named_after_nobody, street
from esscarto.registers.rows import SIRENE_STOCK, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.sirene_stock import read_stock
from esscarto.territories import Territories


def read_sirene_stock(
    companies: Path,
    establishments: Path,
    territories: Territories,
    communes: frozenset[str],
    day: str = "",
    sirens: Collection[str] = (),
) -> Reading:
    """Read the establishments of the ESS of some communes from the two stock files.

    Parameters
    ----------
    companies, establishments, sirens
        As for :func:`esscarto.storage.sirene_stock.read_stock`.
    territories, communes, day
        As for :func:`esscarto.registers.ess_france.read_ess_france`.

    Raises
    ------
    DataError
        As for :func:`esscarto.storage.sirene_stock.read_stock`.
    """
    names = CommuneNames(territories)
    former = territories.former
    asked = communes | set(former.index[former.isin(communes)])
    listed = set(sirens)
    left_out: Counter[str] = Counter()
    rows = []
    for found in read_stock(companies, establishments, asked, listed):
        siret, name = found["siret"].zfill(14), clean(found["nom"])
        code = names.current(found["code_insee"])
        if not is_named_after_nobody(name):
            left_out["entreprises dont le répertoire ne diffuse pas tout"] += 1
            continue
        category = found["categorie"]
        family = nomenclature.family(category)
        if not family and category.startswith(nomenclature.COMMERCIAL):
            family = "societe_commerciale_ess"
        signs = (found["nom_commercial"], found["enseigne"], found["sigle"])
        aliases = dict.fromkeys(clean(sign).replace("|", " ") for sign in signs if is_named_after_nobody(sign))
        aliases.pop(name, None)
        address = " ".join(filter(None, (found[part] for part in ("numero", "bis", "type_voie", "voie"))))
        rows.append(
            make_row(
                SIRENE_STOCK,
                names,
                key=siret,
                citation=siret,
                day=day,
                name=name,
                code_insee=code,
                category=category,
                naf=nomenclature.naf_code(found["naf"]),
                naf_nomenclature=found["nomenclature"] or nomenclature.NAF_REV_2,
                headcount=found["tranche"],
                headcount_year=found["annee"],
                aliases="|".join(aliases),
                statut_ess="statut",
                famille=family,
                types="|".join(nomenclature.TYPES_OF_CATEGORY.get(category, ())),
                adresse=street(address),
                code_postal=found["code_postal"] if len(found["code_postal"]) == 5 else "",
                siret=siret,
            )
        )
    return Reading(SIRENE_STOCK, day, communes, frame(rows), left_out)
