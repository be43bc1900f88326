"""A file on its way into the directory: what the person has settled, and what the check says of it."""

import datetime
from dataclasses import dataclass, field, replace
from itertools import count

import pandas as pd

from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.importing.dates import date_reader
from esscarto.importing.findings import Reading
from esscarto.importing.mapping import Mapping, propose
from esscarto.importing.reference import Reference, load_reference
from esscarto.importing.report import Decision, Report, check_table
from esscarto.importing.rows import Provenance
from esscarto.privacy import personal_data
from esscarto.publishing import Publication
from esscarto.settings import data_dir
from esscarto.site import Site
from esscarto.storage.reading_files import read_content
from esscarto.storage.table_shape import TextTable
from esscarto.territories import Territory

_numbers = count(1)


@dataclass
class Work:
    """One import under way, kept from a rerun to the next; it is checked again when something is settled.

    Parameters
    ----------
    content : bytes
        The file, to read another sheet of it.
    table : TextTable
        The file as it was read.
    site : Site
        The directory that it was compared with.
    reference : Reference
        The same, for the check.
    mapping, provenance, edits, decisions
        What the person settles: see :func:`esscarto.importing.report.check_table`.
    report : Report
        The last check.
    only_followed : bool
        Whether the lines that are not in a PETR are left out.
    publication : Publication, optional
        What was written, once it is.
    number : int
        Part of the keys of the widgets: another file is asked anew.
    """

    content: bytes
    table: TextTable
    site: Site
    reference: Reference
    mapping: Mapping
    provenance: Provenance
    report: Report
    edits: dict[tuple[int, str], str] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    only_followed: bool = False
    publication: Publication | None = None
    number: int = field(default_factory=lambda: next(_numbers))

    def check(self) -> None:
        """Check again, with what was settled since."""
        self.report = self._checked(self.decisions)
        if self.only_followed:
            rows = pd.concat([self.report.rows, self.report.completions])
            elsewhere = rows.index[~rows["code_insee"].isin(self._followed())]
            self.report = self._checked({**self.decisions, **dict.fromkeys(map(int, elsewhere), "ecarter")})

    def followed(self) -> int:
        """Return how many of the new rows are in a PETR of the layers."""
        return int(self.report.rows["code_insee"].isin(self._followed()).sum())

    def _followed(self) -> set[str]:
        layers = self.site.territories
        petrs = [Territory("petr", str(code)) for code in layers.layers["petr"].index]
        return {str(code) for petr in petrs for code in layers.communes_of(petr)}

    def _checked(self, decisions: dict[int, Decision]) -> Report:
        return check_table(
            self.table,
            self.reference,
            self.mapping,
            edits=self.edits,
            decisions=decisions,
            provenance=self.provenance,
        )

    def follow(self, site: Site) -> None:
        """Check again when the directory has changed; once published, nothing more is compared."""
        if site is self.site or self.publication:
            return
        self.site, self.reference = site, load_reference(data_dir(), site.territories)
        self.provenance = replace(self.provenance, document=self.reference.next_document())
        self.check()

    def report_name(self) -> str:
        """Return the name of the workbook of the report."""
        stem = fold(self.table.name.rpartition(".")[0] or self.table.name).replace(" ", "-")
        return f"rapport-{stem[:60] or 'import'}-{datetime.date.today().isoformat()}.xlsx"


def start(content: bytes, name: str, site: Site, sheet: str = "") -> Work:
    """Read a file, propose its columns, check it.

    Raises
    ------
    DataError
        When the file is refused whole, or has no column for the names.
    """
    # Read first: a file that is refused costs nothing more.
    table = read_content(content, name, sheet)
    mapping = propose(table)
    reference = load_reference(data_dir(), site.territories)
    provenance = Provenance(reference.next_document(), table.name)
    report = check_table(table, reference, mapping, provenance=provenance)
    return Work(content, table, site, reference, mapping, provenance, report)


def remapped(mapping: Mapping, chosen: dict[str, str]) -> Mapping:
    """Return the mapping with other columns: column of the file -> column of the directory, "" for none.

    Raises
    ------
    DataError
        When one column of the directory would be read twice, or no column gives the names.
    """
    read_for = {column: target for target, column in mapping.columns.items()} | chosen
    wanted = [target for target in read_for.values() if target]
    if len(set(wanted)) < len(wanted):
        both = next(target for target in wanted if wanted.count(target) > 1)
        columns = " et ".join(f"« {column} »" for column, target in read_for.items() if target == both)
        raise DataError(f"{columns} sont lues pour la même chose", "", "Gardez-en une, et l’autre à part.")
    if "nom" not in wanted:
        raise DataError(
            "aucune colonne ne donne le nom des structures", "", "Choisissez celle qui est lue comme « Nom »."
        )
    for column in chosen:
        for target in [known for known, source in mapping.columns.items() if source == column]:
            mapping = mapping.changed(target, None)
    for column, target in chosen.items():
        if target:
            mapping = mapping.changed(target, column)
    return mapping


def sourced(provenance: Provenance, title: str, producer: str, date: str, licence: str) -> Provenance:
    """Return what the rows cite, as the person says it.

    Raises
    ------
    DataError
        When there is no title, when the date is none, or when a text holds what is a person's.
    """
    texts = {"Titre": title, "Producteur": producer, "Licence": licence}
    tidied = {name: " ".join(text.split()) for name, text in texts.items()}
    if not tidied["Titre"]:
        raise DataError("le titre est vide", "Source", "Écrivez celui du fichier, tel que son producteur le nomme.")
    for name, text in tidied.items():
        if private := personal_data(text):
            raise DataError(f"c’est {private}", name)
    read = date_reader()(date.strip()) if date.strip() else Reading("")
    if read.faults:
        raise DataError(read.faults[0].problem, "Date", "Écrivez par exemple 2026, novembre 2026 ou 22/11/2026.")
    said = tidied["Titre"], tidied["Producteur"], read.value, tidied["Licence"]
    return Provenance(provenance.document, *said)
