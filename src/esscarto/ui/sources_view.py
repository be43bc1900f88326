"""The page of the sources: every document and public reference, and what could not be settled."""

from collections import Counter

from esscarto.french import NBSP, count
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.ui import render


def draw(site: Site) -> None:
    """Draw the page."""
    render.show(
        "sources.html",
        documents=[_document(site, number) for number in site.documents],
        lieux=_public_references(site),
        millesimes=site.territories.vintages,
        problemes=[(table, str(problem)) for table, problems in site.problems.items() for problem in problems],
        constats=[(site.actors.frame.at[finding.actor, "nom"], finding.message) for finding in site.actors.findings],
    )


def _document(site: Site, number: str) -> dict[str, str]:
    row = site.documents[number]
    gave = {
        "organisation": _organisations(site, number),
        "chiffre": _citing(site.figures.frame["source"], number),
        "relation": _citing(site.network.frame["source"], number),
    }
    # Files of others are numbered from 100 on, and stay listed when nothing is left of them (see importing).
    undone = number.isdecimal() and int(number) >= 100 and not any(gave.values())
    said = ", ".join(count(total, word) for word, total in gave.items())
    return {**row, "apports": f"import défait{NBSP}: plus aucune fiche ne le cite" if undone else said}


def _organisations(site: Site, number: str) -> int:
    frame = site.actors.frame
    return frame.loc[[number in _documents(cell) for cell in frame["source"]], "organisation"].nunique()


def _citing(column: list[str], number: str) -> int:
    return sum(number in _documents(cell) for cell in column)


def _documents(cell: str) -> set[str]:
    return {part.partition(":")[0] for part in cell.split(LIST_SEPARATOR)}


def _public_references(site: Site) -> list[tuple[str, int]]:
    """Return the public references of places and how many actors rest on each."""
    cells = site.actors.frame["lieu_source"]
    return Counter(cell for cell in cells if cell).most_common()
