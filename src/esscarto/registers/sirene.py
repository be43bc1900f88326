"""Sirene by the public search of companies: the establishments of the ESS of some EPCI and communes.

The service is asked for establishments, companies and labels only, never for the people who run them
(``minimal=true`` and a list of what to include), and nothing of a sole trader is kept.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from esscarto.errors import DataError
from esscarto.french import clean
from esscarto.registers import nomenclature
from esscarto.registers.keeping import is_named_after_nobody, street
from esscarto.registers.rows import SIRENE, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.http import Limits, Service
from esscarto.territories import Territories, Territory

URL = "https://recherche-entreprises.api.gouv.fr"
"""API Recherche d'entreprises (DINUM), free: 7 requests a second and an address."""
NAME = "L’API Recherche d’entreprises"
LIMITS = Limits(deadline_s=30.0, max_bytes=8 * 2**20, per_second=6.5)

PER_PAGE = 25
"""The most that a page may hold."""
MOST_RESULTS = 10_000
"""The service shows no result beyond this one."""
MOST_ESTABLISHMENTS = 100
"""The most establishments of a company that an answer may hold."""
NAF_2025_ALONE = "2027-01-01"
SHOWN = "siege,complements,matching_etablissements"
FILTERS = ("est_ess", "est_siae")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Perimeter:
    """Where to look: the parameter of the service, its codes, and the communes that they hold."""

    parameter: str
    codes: tuple[str, ...]
    communes: frozenset[str]


def search_service(url: str | None = None, limits: Limits = LIMITS) -> Service:
    """Return the service: ``url``, else ``ESSCARTO_SIRENE_URL``, else the public one."""
    return Service(NAME, url or os.environ.get("ESSCARTO_SIRENE_URL") or URL, limits)


def perimeter(
    territories: Territories, *, petr: str = "", epci: Sequence[str] = (), communes: Sequence[str] = ()
) -> Perimeter:
    """Return where to look: a PETR by its EPCI, some EPCI, or some communes.

    Raises
    ------
    DataError
        When a code is unknown, or none or several of the three are given.
    """
    if sum(map(bool, (petr, epci, communes))) != 1:
        raise DataError(
            "le territoire à interroger n’est pas clair", remedy="Donnez un PETR, des EPCI ou des communes."
        )
    if communes:
        known = [territories.current_commune(code) for code in communes]
        for code, current in zip(communes, known, strict=True):
            if current is None:
                raise DataError(f"la commune « {code} » n’est dans aucune couche", remedy="Donnez un code Insee.")
        return Perimeter("code_commune", tuple(communes), frozenset(code for code in known if code))
    if petr:
        territories.row(Territory("petr", petr))
        epci = list(territories.children(Territory("petr", petr), "epci"))
    inside: set[str] = set()
    for code in epci:
        territories.row(Territory("epci", code))
        inside |= set(territories.communes_of(Territory("epci", code)))
    return Perimeter("epci", tuple(epci), frozenset(inside))


def read_sirene(
    service: Service, territories: Territories, place: Perimeter, day: str, progress: Progress | None = None
) -> Reading:
    """Read the establishments in activity of the ESS, and the integration enterprises, of a perimeter.

    Parameters
    ----------
    service : Service
        The search of companies.
    territories : Territories
        Layers that name the communes.
    place : Perimeter
        Where to look.
    day : str
        Today (``2026-11-22``): what the service shows is of the day.
    progress : callable, optional
        Told how many companies were read, of how many.

    Raises
    ------
    ServiceError
        When the service cannot be used: nothing is returned, so that no company is taken for a closed one.
    """
    companies: dict[str, dict] = {}
    for wanted in FILTERS:
        for company in _companies(service, wanted, place.parameter, place.codes, progress):
            known = companies.setdefault(company["siren"], company)
            seen = {each.get("siret") for each in known["matching_etablissements"]}
            known["matching_etablissements"] += [
                each for each in company["matching_etablissements"] if each.get("siret") not in seen
            ]
    left_out: Counter[str] = Counter()
    names = CommuneNames(territories)
    rows = [row for company in companies.values() for row in _rows_of(company, names, place.communes, day, left_out)]
    return Reading(SIRENE, day, place.communes, frame(rows), left_out)


# ---- ask


def _companies(
    service: Service, wanted: str, parameter: str, codes: Sequence[str], progress: Progress | None
) -> Iterator[dict]:
    """Yield the companies of some territories, page after page; too many for one question, they are shared out."""
    page, pages, told = 1, 1, 0
    while page <= pages:
        answer = service.get_json(
            "/search",
            {
                wanted: True,
                parameter: ",".join(codes),
                "etat_administratif": "A",
                "minimal": True,
                "include": SHOWN,
                "limite_matching_etablissements": MOST_ESTABLISHMENTS,
                "page": page,
                "per_page": PER_PAGE,
            },
        )
        results, total, pages = _page(service, answer)
        if total >= MOST_RESULTS and len(codes) > 1:
            half = len(codes) // 2
            yield from _companies(service, wanted, parameter, codes[:half], progress)
            yield from _companies(service, wanted, parameter, codes[half:], progress)
            return
        if total >= MOST_RESULTS:
            raise DataError(
                f"« {codes[0]} » compte plus de {MOST_RESULTS} entreprises, plus que le service n’en montre",
                remedy="Interrogez ses communes, une à une.",
            )
        told += len(results)
        if progress:
            progress(told, total)
        yield from results
        page += 1


def _page(service: Service, answer: Any) -> tuple[list[dict], int, int]:
    """Check the form of an answer: what is not there would be taken for a company that has closed."""
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise service.unreadable("une liste d’entreprises était attendue")
    total, pages = answer.get("total_results"), answer.get("total_pages")
    if not isinstance(total, int) or not isinstance(pages, int) or pages > MOST_RESULTS // PER_PAGE:
        raise service.unreadable("le nombre de pages manque")
    results = []
    for company in answer["results"]:
        if not isinstance(company, dict) or not _is_digits(company.get("siren"), 9):
            raise service.unreadable("une entreprise sans numéro SIREN")
        establishments = company.get("matching_etablissements") or []
        if not isinstance(establishments, list) or not all(isinstance(each, dict) for each in establishments):
            raise service.unreadable("des établissements étaient attendus")
        results.append({**company, "matching_etablissements": list(establishments)})
    return results, total, pages


# ---- read


def _rows_of(
    company: dict, names: CommuneNames, inside: frozenset[str], day: str, left_out: Counter[str]
) -> Iterator[dict[str, str]]:
    category = _text(company, "nature_juridique")
    name = _text(company, "nom_raison_sociale") or _text(company, "nom_complet")
    labels = company.get("complements") or {}
    if category == nomenclature.NATURAL_PERSON or labels.get("est_entrepreneur_individuel"):
        left_out["entreprises individuelles, qui portent le nom d’une personne"] += 1
        return
    if _text(company, "statut_diffusion") not in ("", "O") or not is_named_after_nobody(name):
        left_out["entreprises dont le répertoire ne diffuse pas tout"] += 1
        return
    establishments = company["matching_etablissements"]
    if len(establishments) >= MOST_ESTABLISHMENTS:
        left_out[f"entreprise de plus de {MOST_ESTABLISHMENTS} établissements, dont la suite n’est pas lue"] += 1
    for place in establishments:
        code = names.current(_text(place, "commune"))
        if _text(place, "etat_administratif") not in ("", "A"):
            left_out["établissements fermés"] += 1
        elif code not in inside:
            left_out["établissements hors du territoire"] += 1
        elif not _is_digits(place.get("siret"), 14) or _text(place, "statut_diffusion_etablissement") not in ("", "O"):
            left_out["établissements que le répertoire ne diffuse pas"] += 1
        else:
            yield _row(company, place, labels, names, code, name, category, day)


def _row(
    company: dict, place: dict, labels: dict, names: CommuneNames, code: str, name: str, category: str, day: str
) -> dict[str, str]:
    siret = place["siret"]
    is_ess, is_siae = bool(labels.get("est_ess")), bool(labels.get("est_siae"))
    family = nomenclature.family(category)
    if not family and is_ess and category.startswith(nomenclature.COMMERCIAL):
        family = "societe_commerciale_ess"
    types = list(nomenclature.TYPES_OF_CATEGORY.get(category, ()))
    if is_siae:
        for word in _text(labels, "type_siae").split(","):
            types += nomenclature.types_printed(word)
        types.append("siae")
    signs = [_text(place, "nom_commercial"), *map(str, place.get("liste_enseignes") or ()), _text(company, "sigle")]
    aliases = dict.fromkeys(clean(sign).replace("|", " ") for sign in signs if is_named_after_nobody(sign))
    aliases.pop(clean(name), None)
    activity = _text(place, "activite_principale") or _text(company, "activite_principale")
    return make_row(
        SIRENE,
        names,
        key=siret,
        citation=siret,
        day=day,
        name=name,
        code_insee=code,
        category=category,
        naf=nomenclature.naf_code(activity),
        naf_nomenclature=_edition(place, day),
        headcount=_text(place, "tranche_effectif_salarie"),
        headcount_year=_text(place, "annee_tranche_effectif_salarie"),
        aliases="|".join(aliases),
        statut_ess="statut" if is_ess else "qualification" if is_siae else "non_imprime",
        famille=family,
        types="|".join(dict.fromkeys(types)),
        adresse=_street(place, company.get("siege") or {}),
        code_postal=_postal_code(_text(place, "code_postal")),
        siret=siret,
    )


def _edition(place: dict, day: str) -> str:
    """Say which NAF the activities are of: the service shows both until the end of 2026, then the new one alone."""
    both = "activite_principale_naf25" in place
    return nomenclature.NAF_REV_2 if both or day < NAF_2025_ALONE else nomenclature.NAF_2025


def _street(place: dict, siege: dict) -> str:
    """Return the street: from its parts, which are told apart for the seat only, else from the line of address."""
    if siege.get("siret") == place.get("siret") and _text(siege, "libelle_voie"):
        parts = ("numero_voie", "indice_repetition", "type_voie", "libelle_voie")
        return street(" ".join(filter(None, (_text(siege, part) for part in parts))))
    return street(_text(place, "adresse"), _text(place, "code_postal"))


def _text(record: dict, name: str) -> str:
    value = record.get(name)
    return clean(value) if isinstance(value, str) else ""


def _is_digits(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and value.isascii() and value.isdigit()


def _postal_code(text: str) -> str:
    return text if _is_digits(text, 5) else ""


def codes(texts: Iterable[str]) -> list[str]:
    """Return codes given one by one or parted by commas."""
    return [code.strip() for text in texts for code in text.split(",") if code.strip()]
