"""A row of the directory in French words: the names of its columns, its codes, what changes in it."""

import re
from collections.abc import Iterable

from esscarto.editing import Cell, actors_schema
from esscarto.schema import LIST_SEPARATOR, Field
from esscarto.site import Site
from esscarto.ui import chooser
from esscarto.vocabulary import BY_COLUMN


def fields() -> dict[str, Field]:
    """Return the columns of the published schema, in their order."""
    return {field.name: field for field in actors_schema().fields}


def title(column: str) -> str:
    """Name a column for a reader; one that the schema does not have goes by its own name."""
    known = fields().get(column)
    return re.sub(r" \(.*\)$", "", known.title).replace("'", "’") if known else column


def say(site: Site, column: str, value: str) -> str:
    """Say a value in words, an empty one too."""
    if not value:
        return "(vide)"
    if column in ("territoire", "territoire_imprime"):
        named = chooser.wider_territories(site).get(value)
        return f"{named} ({value})" if named else value
    if column == "source":
        return site.say_source(value)
    known = fields().get(column)
    parts = known.values(value) if known and known.is_list else [value]
    return ", ".join(BY_COLUMN.get(column, {}).get(part, part) for part in parts)


def lines(site: Site, cells: Iterable[Cell]) -> list[dict[str, str]]:
    """Return what changes, a line a column: ``titre``, ``avant``, ``apres``."""
    return [
        {
            "titre": title(cell.column),
            "avant": say(site, cell.column, cell.before),
            "apres": say(site, cell.column, cell.after),
        }
        for cell in cells
    ]


def as_lines(value: str) -> str:
    """Write a free list one value a line, as a form shows it."""
    return "\n".join(part.strip() for part in value.split(LIST_SEPARATOR))


def as_list(text: str) -> str:
    """Read a list written one value a line."""
    return LIST_SEPARATOR.join(part.strip() for part in text.splitlines() if part.strip())
