"""What a figure says, in a sentence written from it."""

from esscarto.figures import NOT_GIVEN, amount
from esscarto.french import bound, number

# {a}: the figure as it is written, « environ » included; {ici}: where; {un_pour}: its inverse, for a rate.
_SENTENCES = {
    "part_population_departement": "Sur 100 habitants du département, {a} vivent {ici}.",
    "chomage_declare_rp": (
        "Sur 100 personnes de 15 à 64 ans, {a} se déclarent au chômage {ici} ; ce n’est pas un taux de chômage."
    ),
    "part_plus_75_ans": "Sur 100 habitants, {a} ont plus de 75 ans {ici}.",
    "part_seniors": "Sur 100 habitants, {a} sont des seniors {ici}.",
    "emplois_ess": "{ici}, on compte {a} emplois dans les associations, coopératives, mutuelles et fondations.",
    "salaries_ess": "{ici}, l’ESS emploie {a} personnes.",
    "part_emplois_ess": "Sur 100 emplois {ici}, {a} sont dans l’ESS.",
    "part_salaries_ess": "Sur 100 salariés {ici}, {a} travaillent dans l’ESS.",
    "part_emplois_prives_ess": "Sur 100 emplois privés {ici}, {a} sont dans l’ESS.",
    "part_creations_emplois_ess": "Sur 100 emplois créés {ici}, {a} le sont dans l’ESS.",
    "part_emplois_ess_dans_petr": "Sur 100 emplois de l’ESS du PETR, {a} sont {ici}.",
    "part_emplois_ess_departement": "Sur 100 emplois de l’ESS du département, {a} sont {ici}.",
    "part_emplois_ess_region": "Sur 100 emplois de l’ESS de la région, {a} sont {ici}.",
    "etablissements_employeurs_ess": "{ici}, {a} établissements de l’ESS ont au moins un salarié.",
    "part_etablissements_ess": "Sur 100 établissements {ici}, {a} sont de l’ESS.",
    "part_etablissements_employeurs_ess": "Sur 100 établissements employeurs {ici}, {a} sont de l’ESS.",
    "etablissements_ess_pour_1000_habitants": (
        "{a} établissements employeurs de l’ESS pour 1 000 habitants {ici} : un pour {un_pour} habitants environ."
    ),
    "salaries_par_etablissement_ess": "{ici}, un établissement de l’ESS emploie {a} personnes en moyenne.",
    "part_etablissements_ess_associations": "Sur 100 établissements employeurs de l’ESS, {a} sont des associations.",
    "part_etablissements_ess_cooperatives": "Sur 100 établissements employeurs de l’ESS, {a} sont des coopératives.",
    "part_etablissements_ess_mutuelles": "Sur 100 établissements employeurs de l’ESS, {a} sont des mutuelles.",
    "part_etablissements_ess_fondations": (
        "Sur 1 000 établissements employeurs de l’ESS, {millieme} sont des fondations."
    ),
    "part_structures_ess_associations": "Sur 100 structures de l’ESS, {a} sont des associations.",
    "part_structures_ess_cooperatives": "Sur 100 structures de l’ESS, {a} sont des coopératives.",
    "part_structures_ess_mutuelles": "Sur 100 structures de l’ESS, {a} sont des mutuelles.",
    "masse_salariale_ess": "{ici}, les établissements de l’ESS versent {a} millions d’euros de salaires dans l’année.",
    "remunerations_brutes_ess": "{ici}, l’ESS verse {a} milliards d’euros bruts dans l’année.",
    "part_masse_salariale_departement": "Sur 100 euros de masse salariale du département, {a} sont versés {ici}.",
    "emplois_par_etp_ess": "{a} emploi pour un équivalent temps plein : au-dessus de 1, le temps partiel compte.",
}


def reading(row: dict[str, str], here: str, definition: str) -> str:
    """Return what a published figure says.

    Parameters
    ----------
    row : dict
        A row of ``data/figures.csv``.
    here : str
        Where the figure is about, as a sentence says it: ``ici``, ``dans le PETR du Soissonnais et du Valois``.
    definition : str
        What the indicator measures, said when no sentence is written for it.
    """
    if row["qualite"] == "non_fourni" or not row["valeur"]:
        return ""
    sentence = _SENTENCES.get(row["indicateur"])
    if sentence is None:
        return definition
    value = float(row["valeur"])
    said = sentence.format(
        a=amount(row),
        ici=here,
        un_pour=number(1000 / value) if value else NOT_GIVEN,
        millieme=number(10 * value, max(0, len(row["valeur"].partition(".")[2]) - 1)),
    )
    return bound(said[0].upper() + said[1:])
