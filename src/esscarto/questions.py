"""Questions worth asking during a visit: those of its themes, of what the directory lacks, of what a commune can do.

The questions of the themes are ours, an editorial choice; those of the competences come from the table of actions,
with the lines that each comes from.
"""

from dataclasses import dataclass

from esscarto import figures
from esscarto.french import bound
from esscarto.levers import Action
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site

THEMES = {
    "insertion_emploi": "D’où viennent les personnes que vous accompagnez, et que deviennent-elles après ?",
    "handicap": "Quels métiers exercent ici les personnes en situation de handicap, et avec quels clients locaux ?",
    "bien_vieillir": "Jusqu’où vous déplacez-vous pour les habitants âgés, et qui ne pouvez-vous pas servir ?",
    "mobilite": "Qui n’arrive pas jusqu’à vous faute de transport, et qu’avez-vous essayé ?",
    "alimentation": "D’où viennent vos produits, et quelles cantines ou épiceries pourriez-vous fournir ?",
    "agriculture": "De quelles terres et de quels débouchés avez-vous besoin dans les communes voisines ?",
    "reemploi": "D’où viennent les objets, combien repartent, et que manque-t-il pour en reprendre davantage ?",
    "culture": "Qui vient, qui ne vient pas, et quels lieux communaux pourraient vous accueillir ?",
    "tourisme": "Que font vos visiteurs avant et après vous, et avec qui aimeriez-vous les partager ?",
    "education_formation": "Avec quels établissements et quelles entreprises travaillez-vous, et lesquels manquent ?",
    "numerique": "Quels gestes les habitants viennent-ils apprendre, et où faudrait-il une permanence ?",
    "petite_enfance_jeunesse": "Combien de familles attendent une place ou un service, et de quelles communes ?",
    "sante": "Quels soins ou quel accompagnement manquent le plus autour de vous ?",
    "logement": "Quels logements ou quels bâtiments vides pourraient servir, et à quelles conditions ?",
    "environnement_energie": "Quels chantiers des communes pourraient vous être confiés, et avec quels délais ?",
    "services_proximite": "Quel service les habitants vous demandent-ils que vous ne rendez pas encore ?",
    "lien_social": "Comment touchez-vous les habitants les plus isolés, et qui vous les signale ?",
    "developpement_economique": "Quelles entreprises du territoire pourraient devenir clientes ou associées ?",
    "finance_solidaire": "Quels projets du territoire financez-vous déjà, et comment vous solliciter ?",
    "industrie": "Que produisez-vous, pour qui, et que pourriez-vous relocaliser ici ?",
}
"""Theme -> a question for whoever is visited."""
ALWAYS = (
    "Qu’attendez-vous de la commune, de l’intercommunalité et du PETR ?",
    "Avec quelles autres structures du territoire voudriez-vous travailler ?",
)
MOST_ACTIONS = 3
HEADCOUNTS = ("salaries", "tranche_effectif_etablissement")
"""Indicators that say how many people an organisation employs."""


@dataclass(frozen=True)
class Question:
    """A question and where it comes from: lines of the documents, or an empty text when it is ours."""

    words: str
    source: str = ""


def questions(site: Site, actor: str) -> list[Question]:
    """Return the questions for a visit, the most particular first.

    Parameters
    ----------
    site : Site
        The actors and the municipal competences.
    actor : str
        Identifier of the actor who is visited.
    """
    row = site.rows[site.actors.frame.index.get_loc(actor)]
    themes = [code for code in row["themes"].split(LIST_SEPARATOR) if code in THEMES]
    asked = [Question(THEMES[code]) for code in themes[:3]]
    asked += _of_competences(site, set(themes), set(row["types"].split(LIST_SEPARATOR)) - {""})
    asked += [Question(words) for words in (*_missing(site, row), *ALWAYS)]
    return [Question(bound(one.words), one.source) for one in asked]


def _of_competences(site: Site, themes: set[str], types: set[str]) -> list[Question]:
    """Return the actions that have the most in common with an actor: its types first, then its themes."""
    table = site.competences
    ranked: list[tuple[float, float, int, str, Action]] = []
    for title in table.titles:
        for action in table.actions(title):
            shared = (len(action.types & types), len(action.themes & themes) / max(len(action.themes), 1))
            if any(shared):
                ranked.append((-shared[0], -shared[1], len(ranked), table.titles[title], action))
    return [
        Question(f"« {action.title} » (compétence {name[0].lower()}{name[1:]}) : que faudrait-il ici ?", action.source)
        for *_, name, action in sorted(ranked, key=lambda one: one[:3])[:MOST_ACTIONS]
    ]


def headcount(site: Site, organisation: str) -> str:
    """Return how many people an organisation employs as a source prints it, ``500 à 999 salariés``; empty otherwise."""
    found = (site.figures.find(f"acteur:{organisation}", indicator) for indicator in HEADCOUNTS)
    return next((figures.say(row) for row in found if row), "")


def _missing(site: Site, row: dict[str, str]) -> list[str]:
    """Return what the directory does not know and that the visit can tell."""
    asked = []
    if row["statut"] == "a_verifier":
        asked.append("Êtes-vous toujours en activité, à cette adresse ?")
    known = row["tranche_effectif"] or row["effectif_imprime"] or headcount(site, row["organisation"])
    if not known:
        asked.append("Combien de personnes employez-vous ? (non fourni par la source)")
    if not (row["courriel"] or row["telephone"] or row["site_web"]):
        asked.append("Par quelle adresse de l’organisation vous joindre ? (non fournie par la source)")
    return asked
