"""What the tests of the data read: the shipped tables and, where they are at hand, the source documents."""

import csv
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from esscarto.french import fold
from esscarto.settings import SCHEMAS, SITE

DATA = SITE / "data"
Row = dict[str, str]

SCHEMA_OF = {
    "actors": "acteurs",
    "figures": "chiffres",
    "relations": "relations",
    "competences": "competences",
    "synonymes": "synonymes",
    "supports": "soutiens",
    "programmes": "programmes",
    "indicators": "indicateurs",
    "complementarites": "complementarites",
    "events": "evenements",
}

OUTSIDE = {
    "commune:44109": "Nantes",
    "commune:75056": "Paris",
    "departement:68": "Haut-Rhin",
    "epci:200069383": "Ouest Aveyron Communauté",
    "region:11": "Île-de-France",
    "region:44": "Grand Est",
    "region:75": "Nouvelle-Aquitaine",
    "region:76": "Occitanie",
    "region:84": "Auvergne-Rhône-Alpes",
}
"""Territories of examples that the layers do not draw: neither Hauts-de-France nor Centre-Val de Loire."""


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLES = {name: read_rows(DATA / f"{name}.csv") for name in SCHEMA_OF}
PRACTICES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "practices").glob("*.toml"))
}
TEXTS = {
    path.relative_to(DATA).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(DATA.rglob("*"))
    if path.suffix in {".csv", ".toml", ".md", ".json"}
}
"""Every text of data/, as its file holds it."""


def practice_schema() -> dict[str, dict[str, list[str]]]:
    """Read the tables of schemas/pratique.md: table ("" for the sheet) -> field -> presence and sense."""
    fields: dict[str, dict[str, list[str]]] = {"": {}}
    table = ""
    for line in (SCHEMAS / "pratique.md").read_text(encoding="utf-8").split("\n"):
        if heading := re.match(r"## Table `(\w+)`", line):
            table = heading[1]
            fields[table] = {}
        elif cells := re.match(r"\| `(\w+)` \| (.+) \|$", line):
            fields[table][cells[1]] = cells[2].split(" | ")[-2:]
    return fields


def strings(value: object) -> Iterator[str]:
    """Yield the texts inside a practice or one of its tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def parts(source: str) -> list[tuple[str, int, int]]:
    """Split ``000:89|001:3-5`` into (document, first line, last line)."""
    found = []
    for part in source.split("|"):
        document, _, lines = part.partition(":")
        first, _, last = lines.partition("-")
        found.append((document, int(first), int(last or first)))
    return found


def lines_of(source: str) -> set[tuple[str, int]]:
    return {(document, at) for document, first, last in parts(source) for at in range(first, last + 1)}


def cited_rows() -> Iterator[tuple[str, str]]:
    """Yield each citation of data/: what cites, and the lines it cites."""
    for name, rows in TABLES.items():
        for row in rows:
            if "source" in row:
                yield f"{name} {next(iter(row.values()))}", row["source"]
    for name, practice in PRACTICES.items():
        yield name, practice["source"]
        for table in ("impacts", "financements", "partenaires"):
            for row in practice.get(table, []):
                yield f"{name} {table}", row["source"]


MARKUP = re.compile(r"<[^>]+>|[*\\#]")

NUMBER_WORDS = {
    "un": 1, "une": 1, "seul": 1, "premier": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "dizaine": 10, "trentaine": 30, "quarantaine": 40, "cinquante": 50, "cinquantaine": 50,
    "moitie": 50,  # a share, in percent
}  # fmt: skip


def words(text: str) -> list[str]:
    return fold(MARKUP.sub("", text)).split()


def holds_words(text: str, name: str) -> bool:
    return bool(words(name)) and f" {' '.join(words(name))} " in f" {' '.join(words(text))} "


def numbers(text: str) -> set[float]:
    """Return the numbers a text prints, in digits or in French words; a fraction counts as a percentage."""
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", MARKUP.sub("", text))
    found = {float(digits.replace(",", ".")) for digits in re.findall(r"(?<![\w.,])\d+(?:[.,]\d+)?", plain)}
    found |= {NUMBER_WORDS[word] for word in words(text) if word in NUMBER_WORDS}
    for amount in re.findall(r"(\w+) millions", plain):
        found.add(1_000_000 * float(NUMBER_WORDS.get(amount, amount if amount.isdigit() else "nan")))
    for part, whole in re.findall(r"(\d+)(?:/| \w+ sur )(\d+)", plain):
        found.add(round(100 * int(part) / int(whole), 1))
    if "un an et demi" in plain:
        found.add(1.5)
    return found


_CAPITALISED = r"[A-ZÉÈÀÎÔ][\wÀ-ÿ'’-]+"
_NAME = rf"{_CAPITALISED}(?:\s{_CAPITALISED}){{1,2}}"
_PERSONS = (
    rf"(?:Contacts? ?:\W*|\| )({_NAME}),",
    rf"({_NAME}) : [a-z.]+@",
    rf"({_NAME}) ouvre ",
    rf"souligne ({_NAME})",
    rf"photographe ([A-Z]\. {_CAPITALISED})",
    rf"Inégalités, ({_NAME})",
    rf"concierge ({_CAPITALISED})",
)
_THANKED = rf"^(?:- .{{2,40}} ?[:,]\s+)?({_NAME})\s*,\s*(?:Pas-de-Calais|[A-Zd]\w+)"
_THANKS = slice(795, 862)
"""Lines of document 003 that thank persons, each before a comma and a function."""


@dataclass(frozen=True)
class Documents:
    """The source documents, line by line."""

    lines: dict[str, list[str]]

    @classmethod
    def read(cls, folder: Path) -> "Documents":
        paths = {path.name[:3]: path for path in folder.glob("[0-9][0-9][0-9]_*.txt")}
        missing = {row["document"] for row in read_rows(DATA / "documents.csv")} - set(paths)
        assert not missing, f"{folder} : il manque {', '.join(f'{number}_*.txt' for number in sorted(missing))}"
        return cls({number: path.read_text(encoding="utf-8").split("\n") for number, path in paths.items()})

    def cited(self, source: str) -> str:
        """Return the text of the cited lines."""
        return "\n".join("\n".join(self.lines[doc][first - 1 : last]) for doc, first, last in parts(source))

    @cached_property
    def persons(self) -> set[str]:
        """The persons the documents name: found there, so that no name is written here."""
        everywhere = "\n".join("\n".join(lines) for lines in self.lines.values())
        found = set(re.findall(_THANKED, "\n".join(self.lines["003"][_THANKS]), re.MULTILINE))
        return found.union(*(re.findall(pattern, everywhere) for pattern in _PERSONS))

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        """Every run of eight words."""
        found = set()
        for lines in self.lines.values():
            every = words("\n".join(lines))
            found |= {tuple(every[at : at + 8]) for at in range(len(every) - 7)}
        return found

    def copied(self, text: str, names: set[tuple[str, ...]]) -> list[str]:
        """Return the runs of eight words that a text shares with a document, unless a name makes half of one."""
        every = words(text)
        own = [True] * len(every)
        for at in range(len(every)):
            for length in range(2, 16):
                if tuple(every[at : at + length]) in names:
                    own[at : at + length] = [False] * len(own[at : at + length])
        return [
            " ".join(every[at : at + 8])
            for at in range(len(every) - 7)
            if tuple(every[at : at + 8]) in self.runs and sum(own[at : at + 8]) > 4
        ]


def documents_folder() -> Path | None:
    """Return the folder that ESSCARTO_SOURCES names, None when it is not set."""
    folder = os.environ.get("ESSCARTO_SOURCES")
    return Path(folder) if folder else None
