"""The titles that files give to the columns of the directory, folded, the surest first."""

ALIASES: dict[str, tuple[str, ...]] = {
    "nom": (
        "nom", "raison sociale", "nom structure", "nom de la structure", "structure", "denomination",
        "nom ou raison sociale de l entreprise", "nom complet", "libelle", "nom organisation", "organisation",
        "association", "nom de l association", "etablissement", "nom etablissement", "intitule", "lib fs",
        "denomination unite legale", "denominationunitelegale", "enseigne", "acteur", "nom acteur",
        "nom de l acteur", "name", "titre",
    ),
    "aliases": ("autres noms", "autre nom", "sigle", "nom commercial", "nom usuel", "acronyme", "alias"),
    "adresse": (
        "adresse", "adresse postale", "adresse 1", "adresse1", "adresse ligne 1", "numero et voie", "voie", "rue",
        "adresse du siege", "adresse siege", "adresse structure", "adresse complete", "siege social", "address",
    ),
    "code_postal": (
        "code postal", "cp", "c p", "codepostal", "code post", "code postal de l etablissement", "postcode",
        "postal code", "zip", "cp ville",
    ),
    "commune": (
        "commune", "ville", "nom commune", "nom de la commune", "libelle commune", "lib com", "nom com",
        "com nom", "libelle de la commune de l etablissement", "commune insee", "localite", "libcom",
        "libelle de la commune", "libellecommuneetablissement", "nom com officiel", "city",
    ),
    "code_insee": (
        "code insee", "insee com", "insee", "code commune", "codgeo", "depcom", "code commune insee", "cog",
        "code insee commune", "code insee de la commune", "codecommune", "com", "com code", "commune insee", "citycode",
        "codecommuneetablissement", "code geographique",
    ),
    "latitude": (
        "latitude", "lat", "y", "y wgs84", "lat wgs84", "geo lat", "coord y", "coordonnee y", "y latitude",
        "latitude wgs84", "geometrie latitude",
    ),
    "longitude": (
        "longitude", "lon", "lng", "long", "x", "x wgs84", "lon wgs84", "geo lon", "geo long", "coord x",
        "coordonnee x", "x longitude", "longitude wgs84", "geometrie longitude",
    ),
    "siret": ("siret", "numero siret", "no siret", "n siret", "n de siret", "siret structure", "siret etablissement"),
    "siren": ("siren", "numero siren", "no siren", "n siren"),
    "departement": (
        "departement", "dep", "insee dep", "code departement", "code du departement de l etablissement", "code dep",
        "dept", "nom departement",
    ),
    "telephone": (
        "telephone", "tel", "numero de telephone", "n de telephone", "no telephone", "telephone fixe", "tel fixe",
        "phone", "telephone structure", "telephone de la structure", "telephone contact", "tel contact", "contact tel",
        "contact telephone",
    ),
    "courriel": (
        "courriel", "email", "e mail", "mail", "mel", "adresse mail", "adresse email", "adresse e mail",
        "adresse electronique", "courrier electronique", "mail structure", "email structure", "mail contact",
        "email contact", "courriel contact", "contact mail", "contact email", "contact courriel",
    ),
    "site_web": (
        "site web", "site internet", "site", "url", "web", "website", "page web", "adresse internet", "siteweb", "lien",
    ),
    "famille": (
        "famille", "famille juridique", "famille juridique de l entreprise", "forme juridique", "statut juridique",
        "famille ess",
    ),
    "types": ("types", "type", "type de structure", "type structure", "typologie", "label", "labels",
              "conventionnement"),
    "themes": (
        "themes", "theme", "thematique", "thematiques", "secteur", "secteur d activite", "filiere", "domaine",
        "domaine d activite", "secteurs",
    ),
    "roles": ("roles", "role"),
    "description": (
        "description", "activite", "activites", "objet", "objet social", "presentation", "missions", "mission",
        "activite principale", "resume",
    ),
    "tranche_effectif": (
        "tranche effectif", "tranche d effectif", "tranche effectifs", "tranche effectif salarie",
        "trancheeffectifsetablissement", "tranche d effectif salarie", "taille",
    ),
    "effectif_imprime": (
        "effectif", "effectifs", "nombre de salaries", "nb salaries", "salaries", "nombre salaries", "etp",
        "nombre d etp",
    ),
    "statut": ("statut", "etat", "situation"),
    "statut_ess": ("statut ess", "rapport a l ess", "appartenance ess"),
    "statut_date": (
        "statut date", "date du statut", "date de l etat", "date maj", "date de mise a jour", "mise a jour",
        "derniere mise a jour", "date de derniere modification", "date mise a jour", "maj",
    ),
    "note": ("note", "notes", "remarque", "remarques", "observation", "observations"),
}  # fmt: skip
"""Column of the directory, or helper -> the titles that mean it."""

OWN_PREFIX = "esscarto"
"""First word of the columns that a report adds beside those of its file: they are not read again."""

EXPORT_ONLY = frozenset(
    {"id", "organisation", "source", "precision", "territoire", "territoire_imprime", "lieu_source", "lieu_date",
     "lieu_confiance"}
)  # fmt: skip
"""Columns that only an export of the directory gives: elsewhere, the same title means something else."""

PEOPLE = frozenset(
    {"prenom", "prenoms", "civilite", "president", "presidente", "dirigeant", "dirigeante", "dirigeants", "gerant",
     "gerante", "directeur", "directrice", "responsable", "referent", "referente", "interlocuteur", "interlocutrice",
     "contact", "nom contact", "nom du contact", "nom prenom", "nom et prenom", "representant", "tresorier",
     "tresoriere", "secretaire", "correspondant", "portable", "mobile", "gsm", "nom referent", "benevole", "benevoles",
     "administrateur", "administrateurs", "elu", "maire", "naissance"}
)  # fmt: skip
"""Words of a title under which people are named: what stands there is never kept."""
