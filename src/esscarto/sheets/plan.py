"""The order of the sheet: the blocks of the sheet of the CRESS, the figures that each asks for."""

from dataclasses import dataclass

BELOW_PETR = ("commune", "epci", "petr")
EVERY_LEVEL = ("commune", "epci", "petr", "departement", "region")


@dataclass(frozen=True)
class Asked:
    """A figure that the sheet asks for: without one of the territory, that of the nearest wider one is shown."""

    indicators: tuple[str, ...]
    """The first that is known answers: the others measure nearly the same, and keep their own label."""
    levels: tuple[str, ...] = EVERY_LEVEL
    """Levels at which the question has a meaning."""
    own: bool = False
    """Shown only when it is printed for the territory itself."""
    of_parts: bool = False
    """Shown also when it is printed for a territory inside this one."""


@dataclass(frozen=True)
class Part:
    """A block of the sheet."""

    key: str
    title: str
    asked: tuple[Asked, ...] = ()


def _own(*indicators: str) -> tuple[Asked, ...]:
    return tuple(Asked((indicator,), own=True) for indicator in indicators)


PARTS = (
    Part(
        "contexte",
        "Le contexte",
        (
            *_own("nombre_epci", "nombre_communes", "population"),
            Asked(("part_population_departement",), ("epci", "petr"), own=True),
            *_own("densite_population"),
            Asked(("chomage_declare_rp", "taux_chomage")),
            Asked(("part_plus_75_ans", "part_seniors")),
            *_own("part_ouvriers", "part_demandeurs_emploi_non_qualifies", "part_demandeurs_emploi_minima_sociaux"),
            *_own("revenu_moyen_foyer_fiscal", "part_seniors_a_domicile", "part_65_79_ans_vivant_seuls"),
            *_own("part_80_ans_plus_vivant_seuls", "rapport_pauvrete_seniors"),
        ),
    ),
    Part(
        "emploi",
        "L’emploi dans l’ESS",
        (
            Asked(("emplois_ess", "salaries_ess")),
            Asked(("part_emplois_ess_dans_petr",), own=True, of_parts=True),
            Asked(("part_emplois_ess", "part_salaries_ess")),
            Asked(("part_emplois_ess_departement",), BELOW_PETR),
            Asked(("part_emplois_ess_region",), (*BELOW_PETR, "departement")),
            *_own("part_emplois_prives_ess", "part_creations_emplois_ess"),
        ),
    ),
    Part(
        "etablissements",
        "Les établissements employeurs",
        (
            Asked(("etablissements_employeurs_ess",)),
            Asked(("part_etablissements_ess", "part_etablissements_employeurs_ess")),
            Asked(("etablissements_ess_pour_1000_habitants",)),
            Asked(("salaries_par_etablissement_ess",)),
        ),
    ),
    Part(
        "statuts",
        "Les statuts juridiques",
        tuple(
            Asked((f"part_etablissements_ess_{family}", f"part_structures_ess_{family}"))
            for family in ("cooperatives", "mutuelles", "associations", "fondations")
        ),
    ),
    Part(
        "salaires",
        "La masse salariale",
        (
            Asked(("masse_salariale_ess", "remunerations_brutes_ess")),
            Asked(("part_masse_salariale_departement",), BELOW_PETR),
            Asked(("emplois_par_etp_ess",)),
        ),
    ),
    Part("secteurs", "Les secteurs d’activité", (Asked(("part_etablissements_ess_par_secteur",)),)),
)
"""The blocks, in the order of the sheet of the CRESS."""

OTHER = Part("autres", "Autres chiffres imprimés")
ORGANISATIONS = Part("organisations", "Chiffres imprimés sur les organisations et les pratiques d’ici")
NATIONAL = Part("reperes", "Repères nationaux")
"""Figures about France and about themes, shown with each région."""
