"""The top of the map page: the sentence of what is shown, and four figures with their reference."""

from dataclasses import dataclass

import numpy as np

from esscarto import figures
from esscarto.french import NBSP, count, number
from esscarto.metrics import INDICATORS, Counts, headcount_bounds
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import render
from esscarto.ui.state import View

BELOW = {"liste": "la liste des acteurs", "comparer": "la comparaison", "telecharger": "ce qui se télécharge"}
"""Where the link that skips the map leads, by what stands under it."""
SHOWN = ("acteurs", "organisations", "pour_1000", "couverture")


@dataclass(frozen=True)
class Headline:
    """One figure: its value, and the reference of the level above."""

    title: str
    value: str
    unit: str
    reference: str


def sentence(site: Site, view: View, mask: np.ndarray) -> None:
    """Draw the sentence that says what is on the map."""
    counted = int(np.count_nonzero(mask & site.actors.counted))
    render.show(
        "phrase.html",
        phrase=view.wanted.sentence(int(mask.sum()), site.territories),
        sous=view.twin,
        but=BELOW[view.twin],
        compte=f"{count(counted, 'acteur')} de l’ESS {'compte' if counted < 2 else 'comptent'} dans les densités.",
    )


def draw(site: Site, view: View) -> None:
    """Draw the figures, and what they are not."""
    render.show(
        "chiffres.html",
        chiffres=headlines(site, view),
        reserve=census_note(site, view),
        indicateurs=[INDICATORS[key] for key in SHOWN],
        annee=site.territories.vintages.get("populations", ""),
    )


def headlines(site: Site, view: View) -> list[Headline]:
    """Return the figures of the territory shown; none when no territory is chosen."""
    territory = view.wanted.territory
    if territory is None:
        return []
    # The reference counts the same selection, without its territory.
    everywhere = site.index.mask(view.wanted.everywhere())
    above = site.territories.parent(territory)
    own = _of(site, territory, everywhere)
    reference = _of(site, above, everywhere) if above else None
    keys = [key for key in SHOWN if territory.level in INDICATORS[key].levels]
    shown = [_headline(site, key, territory, own, above, reference) for key in keys]
    if len(shown) < len(SHOWN):
        bounds = headcount_bounds(own, territory.code)
        shown.append(Headline("Salariés, d’après les tranches", bounds, "", ""))
    return shown


def _of(site: Site, territory: Territory, mask: np.ndarray) -> Counts:
    return site.counter(territory.level).counts(mask)


def _headline(
    site: Site, key: str, territory: Territory, own: Counts, above: Territory | None, reference: Counts | None
) -> Headline:
    indicator = INDICATORS[key]
    value = indicator.value(own, territory.code)
    words = ""
    if above and reference is not None:
        # Beyond the PETR the directory only knows what a few documents name: the reference says so.
        caution = " (annuaire incomplet)" if above.level in ("departement", "region") else ""
        value_above = indicator.format(indicator.value(reference, above.code))
        words = f"{site.territories.name(above)}{caution}{NBSP}: {value_above}"
    return Headline(indicator.title, number(value, indicator.decimals), indicator.unit, words)


def census_note(site: Site, view: View) -> str:
    """Say that the directory is not a census, against the establishments that a source publishes."""
    territory = view.wanted.territory
    holders = [territory, *site.territories.parents(territory)] if territory else []
    petr = next((holder for holder in holders if holder.level == "petr"), None)
    if petr is None:
        return (
            "L’annuaire n’est pas un recensement : hors des PETR suivis, il ne connaît que les acteurs "
            "cités par ses documents."
        )
    known = int(np.count_nonzero(site.index.inside(petr) & site.actors.counted))
    row = site.figures.find(str(petr), "etablissements_employeurs_ess")
    published = (
        f"{figures.say(row)} employeurs publiés ({row['source_imprimee'] or row['annee']})"
        if row and row["valeur"]
        else f"un nombre d’établissements employeurs {figures.NOT_GIVEN}"
    )
    return (
        f"L’annuaire n’est pas un recensement : {count(known, 'acteur')} de l’ESS "
        f"{'connu' if known < 2 else 'connus'} ({site.territories.name(petr)}), pour {published}. "
        "Une commune sans point n’est pas une commune sans acteur : l’annuaire ne les connaît pas tous, "
        "et certains ne le sont qu’à l’échelle de l’intercommunalité ou du PETR."
    )
