"""The closed lists: each code, its French words, and the symbol of each legal family."""

from dataclasses import dataclass

from esscarto.french import number


@dataclass(frozen=True)
class Symbol:
    """How a category is drawn: a shape, a letter and a colour, so that no one of them is needed alone."""

    shape: str
    letter: str
    colour: str


FAMILLES = {
    "association": "Association",
    "cooperative": "Coopérative",
    "mutuelle": "Mutuelle",
    "fondation": "Fondation",
    "societe_commerciale_ess": "Société commerciale de l’ESS",
}

CATEGORIES = {
    **FAMILLES,
    "ptce": "Pôle de coopération (PTCE)",
    "accompagnement": "Accompagnement et financement",
    "public": "Acteur public",
    "hors_ess": "Partenaire hors ESS",
    "autre": "Famille non imprimée",
}
"""What the map tells apart at a glance: the legal family first, else the role."""

# Colours from Okabe and Ito, « Color Universal Design » (2008), darkened where the white letter needs it.
SYMBOLES = {
    "association": Symbol("circle", "A", "#0072b2"),
    "cooperative": Symbol("square", "C", "#00795a"),
    "mutuelle": Symbol("diamond", "M", "#a2457e"),
    "fondation": Symbol("triangle", "F", "#b34700"),
    "societe_commerciale_ess": Symbol("pentagon", "S", "#5b5b00"),
    "ptce": Symbol("star", "P", "#8a5a00"),
    "accompagnement": Symbol("ring", "+", "#1c2526"),
    "public": Symbol("hexagon", "T", "#4d5b63"),
    "hors_ess": Symbol("cross", "H", "#7a5230"),
    "autre": Symbol("octagon", "?", "#6b6258"),
}

STATUTS_ESS = {
    "statut": "ESS par son statut",
    "qualification": "ESS par une qualification",
    "accompagnement": "Accompagnement ou financement",
    "public": "Acteur public",
    "hors_ess": "Hors ESS, partenaire",
    "non_imprime": "Statut non imprimé par la source",
}

TYPES = {
    "esat": "ESAT",
    "ea": "Entreprise adaptée (EA)",
    "ei": "Entreprise d’insertion (EI)",
    "aci": "Atelier et chantier d’insertion (ACI)",
    "ai": "Association intermédiaire (AI)",
    "etti": "Entreprise de travail temporaire d’insertion (ETTI)",
    "geiq": "GEIQ",
    "siae": "Structure d’insertion (SIAE)",
    "regie_quartier": "Régie de quartier",
    "ressourcerie": "Ressourcerie",
    "ptce": "Pôle territorial de coopération économique (PTCE)",
    "tiers_lieu": "Tiers-lieu",
    "cae": "Coopérative d’activités et d’emploi (CAE)",
    "scic": "SCIC",
    "scop": "SCOP",
    "groupement_employeurs": "Groupement d’employeurs",
    "ecole_production": "École de production",
    "centre_social": "Centre social",
    "mission_locale": "Mission locale",
    "mfr": "Maison familiale rurale",
    "incubateur": "Incubateur",
    "entreprise_but_emploi": "Entreprise à but d’emploi",
    "commune": "Commune",
    "epci": "Intercommunalité",
    "petr": "PETR",
    "departement": "Département",
    "region": "Région",
    "etat": "Service de l’État",
    "chambre_consulaire": "Chambre consulaire",
    "reseau": "Réseau",
    "bailleur_social": "Bailleur social",
    "eco_organisme": "Éco-organisme",
    "etablissement_public": "Établissement public",
    "etablissement_scolaire": "Établissement scolaire",
    "fondation_entreprise": "Fondation d’entreprise",
    "entreprise": "Entreprise",
    "media": "Média",
    "autre": "Autre",
}

THEMES = {
    "insertion_emploi": "Insertion et emploi",
    "handicap": "Handicap",
    "bien_vieillir": "Bien vieillir",
    "mobilite": "Mobilité",
    "alimentation": "Alimentation",
    "agriculture": "Agriculture",
    "reemploi": "Réemploi et économie circulaire",
    "culture": "Culture",
    "tourisme": "Tourisme",
    "education_formation": "Éducation et formation",
    "numerique": "Numérique",
    "petite_enfance_jeunesse": "Petite enfance et jeunesse",
    "sante": "Santé",
    "logement": "Logement",
    "environnement_energie": "Environnement et énergie",
    "services_proximite": "Services de proximité",
    "lien_social": "Lien social",
    "developpement_economique": "Développement économique",
    "finance_solidaire": "Finance solidaire",
    "industrie": "Industrie",
}

PRIORITY_THEMES = ("culture", "mobilite", "alimentation", "bien_vieillir")
PRIORITY_SOURCE = "001:258-265"
"""Who calls these four themes priorities."""

ROLES = {
    "operateur": "Opérateur",
    "accompagnement": "Accompagnement",
    "financement": "Financement",
    "reseau": "Réseau",
    "collectivite": "Collectivité",
    "partenaire": "Partenaire",
}

PRECISIONS = {
    "adresse": "À l’adresse",
    "rue": "À la rue",
    "commune": "À la commune",
    "epci": "À l’intercommunalité",
    "petr": "Au PETR",
    "departement": "Au département",
    "region": "À la région",
    "aucune": "Lieu non imprimé",
}
PLACED = ("adresse", "rue", "commune")
"""Precisions that give a point on the map."""

STATUTS = {
    "actif": "En activité",
    "projet": "En projet",
    "passe": "Terminé",
    "a_verifier": "À vérifier",
}

CONFIANCES = {"sure": "sûr", "probable": "probable, à confirmer", "douteux": "douteux, aucun point"}

# Insee, « tranche d'effectif salarié » of the Sirene register: code -> (lower bound, upper bound or None).
TRANCHES: dict[str, tuple[int, int | None]] = {
    "NN": (0, 0),
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10000, None),
}


def tranche_label(code: str) -> str:
    """Say a headcount class in words: ``500 à 999 salariés``."""
    if code not in TRANCHES:
        return "Effectif non imprimé"
    low, high = TRANCHES[code]
    if high == 0:
        return "Sans salarié" if code == "00" else "Non employeuse"
    if high is None:
        return f"{number(low)} salariés et plus"
    return f"{number(low)} à {number(high)} salariés"


TAILLES = {"": "Effectif non imprimé", **{code: tranche_label(code) for code in TRANCHES}}

BY_COLUMN: dict[str, dict[str, str]] = {
    "statut_ess": STATUTS_ESS,
    "famille": FAMILLES,
    "types": TYPES,
    "themes": THEMES,
    "roles": ROLES,
    "tranche_effectif": {code: words for code, words in TAILLES.items() if code},
    "precision": PRECISIONS,
    "lieu_confiance": CONFIANCES,
    "statut": STATUTS,
}
"""Column of the actors -> its closed list."""

LEVELS = {
    "commune": "Commune",
    "epci": "Intercommunalité",
    "petr": "PETR",
    "departement": "Département",
    "region": "Région",
}

LEVEL_SHORT = {**LEVELS, "epci": "EPCI"}
"""The same, short enough for the head of a column."""
