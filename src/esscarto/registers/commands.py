"""The commands `esscarto geocode` and `esscarto import …`: read, propose, report. The directory is not written to."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from esscarto.errors import DataError
from esscarto.french import NBSP, count, enumerate_words, number
from esscarto.registers import proposal_file
from esscarto.registers.proposing import KINDS
from esscarto.registers.remembering import keep_reading
from esscarto.registers.rows import Reading
from esscarto.storage.geocode_cache import FILE, GeocodeCache
from esscarto.storage.geocoding import Geocoding, apply, geocode, geocoder
from esscarto.storage.loading import read_territories
from esscarto.storage.register_files import our_names, read_lines, write_table
from esscarto.storage.store import FileStore
from esscarto.territories import Territories, Territory

Say = Callable[[str], None]

LISTS = ("ess-france", "data-inclusion", "siae")

_ADDRESS_TITLES: dict[str, tuple[str, ...]] = {
    "adresse": ("adresse", "address", "voie"),
    "code_postal": ("code_postal", "code postal", "cp", "post_code"),
    "commune": ("commune", "ville", "city", "libelle commune", "lib_com", "commune_insee"),
    "code_insee": ("code_insee", "code insee", "insee", "insee_com", "code commune", "citycode"),
    "longitude": ("longitude", "lon"),
    "latitude": ("latitude", "lat"),
}


# ---- geocode


def geocode_file(
    path: Path,
    data: Path,
    say: Say,
    *,
    out: Path | None = None,
    cache: Path | None = None,
    online: bool = True,
    url: str | None = None,
    again: bool = False,
) -> int:
    """Geocode the addresses of a file and write them beside it; return 0, or 1 when the search was interrupted.

    Parameters
    ----------
    path : pathlib.Path
        CSV, XLSX or JSON with an address, and a postal code with a commune or an Insee code.
    data : pathlib.Path
        The data folder.
    say : callable
        Told each line to show.
    out : pathlib.Path, optional
        Where to write; by default ``<name>-geocode.csv`` beside the file.
    cache : pathlib.Path, optional
        Where answers are kept; by default ``geocodage.csv`` in the data folder.
    online : bool
        Whether the network may be asked; without it, the cache alone answers.
    url : str, optional
        Another geocoder.
    again : bool
        Whether to look for rows that have a point already.

    Raises
    ------
    DataError
        When a file cannot be read or written.
    """
    territories = read_territories(data / "geo")
    rows = read_addresses(path)
    if again:
        rows = rows.assign(longitude="", latitude="")
    kept = GeocodeCache(cache or data / FILE)
    if online:
        with geocoder(url) as service:
            done = geocode(rows, territories, kept, service, _every_tenth(say))
    else:
        done = geocode(rows, territories, kept)
    target = out or path.with_name(f"{path.stem}-geocode.csv")
    written = apply(rows, done)
    write_table(target, list(written.columns), written.to_numpy(dtype=object).tolist())
    say(summary(done))
    say(f"Écrit dans {target.name}. Réponses gardées dans {kept.path.name}{NBSP}: {count(len(kept), 'adresse')}.")
    if done.interrupted:
        say(f"Interrompu{NBSP}: {done.interrupted} Relancez la commande{NBSP}: elle reprend où elle s’est arrêtée.")
    return 1 if done.interrupted else 0


def read_addresses(path: Path) -> pd.DataFrame:
    """Read the rows of a file with all its columns, as text; those that are known are under the names of the directory.

    Raises
    ------
    DataError
        When there is no column of addresses.
    """
    lines = [cells for _, cells in read_lines(path)]
    titles = list(dict.fromkeys(title for cells in lines for title in cells))
    names = our_names(titles, _ADDRESS_TITLES)
    if "adresse" not in names.values():
        there = enumerate_words([f"« {title} »" for title in titles[:12]]) or "aucune"
        raise DataError("il manque une colonne « adresse »", path.name, f"Colonnes trouvées : {there}.")
    table = [[cells.get(title, "") for title in titles] for cells in lines]
    rows = pd.DataFrame(table, columns=[names.get(title, title) for title in titles], dtype=str)
    for name in ("code_postal", "commune", "code_insee", "longitude", "latitude"):
        if name not in rows:
            rows[name] = ""
    # A spreadsheet takes the first zeros away, and writes the decimals with a comma.
    for name in ("code_postal", "code_insee"):
        rows[name] = rows[name].where(rows[name] == "", rows[name].str.zfill(5))
    for name in ("longitude", "latitude"):
        rows[name] = rows[name].str.replace(",", ".")
    return rows


def summary(done: Geocoding) -> str:
    """Say in a sentence what became of the rows."""
    words = {
        "adresse": "à l’adresse",
        "rue": "à la rue",
        "a_revoir": "à revoir",
        "commune": "au point de la commune",
        "non_cherche": "pas encore cherchées",
        "sans_objet": "sans adresse à chercher",
    }
    parts = [f"{number(done.count(decision))} {said}" for decision, said in words.items() if done.count(decision)]
    return f"{count(len(done.frame), 'ligne')}{NBSP}: {enumerate_words(parts)}."


# ---- import


def import_sirene(
    data: Path,
    say: Say,
    *,
    petr: str = "",
    epci: Sequence[str] = (),
    communes: Sequence[str] = (),
    out: Path | None = None,
    url: str | None = None,
) -> int:
    """Ask the public search of companies for the ESS of a territory, and report what it would change.

    Raises
    ------
    DataError
        When the territory is unknown, or the service cannot be used.
    """
    from esscarto.registers.sirene import perimeter, read_sirene, search_service

    territories = read_territories(data / "geo")
    place = perimeter(territories, petr=petr, epci=epci, communes=communes)
    with search_service(url) as service:
        reading = read_sirene(service, territories, place, date.today().isoformat(), _every_tenth(say))
    return _report(reading, data, say, out)


def import_list(
    which: str, path: Path, data: Path, say: Say, *, day: str = "", petr: Sequence[str] = (), out: Path | None = None
) -> int:
    """Read one of :data:`LISTS` from a file, and report what it would change.

    Parameters
    ----------
    day : str
        Date of the list (``2026-11-22``), "" when it is not known.
    petr : sequence of str
        PETR whose communes are kept; by default all those of the data folder.

    Raises
    ------
    DataError
        When the file is not this list.
    """
    check_day(day)
    territories = read_territories(data / "geo")
    return _report(read_list(which, path, territories, communes_of(territories, petr), day), data, say, out)


def read_list(which: str, path: Path, territories: Territories, communes: frozenset[str], day: str) -> Reading:
    """Read one of :data:`LISTS` from a file.

    Raises
    ------
    DataError
        When the file is not this list.
    """
    from esscarto.registers.data_inclusion import read_data_inclusion
    from esscarto.registers.ess_france import read_ess_france
    from esscarto.registers.siae import read_siae

    read = {"ess-france": read_ess_france, "data-inclusion": read_data_inclusion, "siae": read_siae}[which]
    return read(path, territories, communes, day)


def import_stock(
    companies: Path,
    establishments: Path,
    data: Path,
    say: Say,
    *,
    day: str = "",
    petr: Sequence[str] = (),
    ess_france: Path | None = None,
    out: Path | None = None,
) -> int:
    """Read the stock files of Sirene, and report what they would change.

    Parameters
    ----------
    ess_france : pathlib.Path, optional
        The national list of the ESS, whose companies are added to those that Sirene says are of the ESS.

    Raises
    ------
    DataError
        When duckdb is not installed, or the files are not those of the stock.
    """
    from esscarto.registers.ess_france import read_ess_france
    from esscarto.registers.stock import read_sirene_stock

    check_day(day)
    territories = read_territories(data / "geo")
    communes = communes_of(territories, petr)
    listed = read_ess_france(ess_france, territories, communes).rows["siren"] if ess_france else ()
    reading = read_sirene_stock(companies, establishments, territories, communes, day, set(listed))
    return _report(reading, data, say, out)


def communes_of(territories: Territories, petr: Sequence[str] = ()) -> frozenset[str]:
    """Return the communes of some PETR, of all by default.

    Raises
    ------
    DataError
        When one of them is unknown.
    """
    chosen = [Territory("petr", code) for code in petr or territories.layers["petr"].index]
    for each in chosen:
        territories.row(each)
    return frozenset(str(code) for each in chosen for code in territories.communes_of(each))


def _report(reading: Reading, data: Path, say: Say, out: Path | None) -> int:
    """Compare a reading with the directory and the last one, write what there is to decide, keep the reading."""
    store = FileStore(data)
    directory = store.read("actors").rows
    with store.transaction() as under_way:
        proposals = keep_reading(under_way, reading).proposals(directory)
        target = out or Path(f"propositions-{reading.register.key.replace('_', '-')}.csv")
        write_table(target, proposal_file.COLUMNS, proposal_file.lines_of(proposals, directory))
    say(str(reading))
    for kind, words in KINDS.items():
        of_kind = [each for each in proposals if each.kind == kind]
        fresh = sum(not each.already_seen for each in of_kind)
        say(f"{count(len(of_kind), 'établissement')} {words}, dont {fresh} depuis la dernière fois.")
    say(f"Rien n’est encore changé dans l’annuaire{NBSP}: les propositions sont dans {target.name}.")
    return 0


def check_day(day: str) -> None:
    """Refuse what is not a date (``2026-11-22``), nothing excepted.

    Raises
    ------
    DataError
        When it is not one.
    """
    try:
        if day:
            date.fromisoformat(day)
    except ValueError as error:
        raise DataError(f"« {day} » n’est pas une date", remedy="Écrivez par exemple 2026-11-22.") from error


def _every_tenth(say: Say) -> Callable[[int, int], None]:
    """Return a progress that says each tenth of the way once."""
    told: set[int] = set()

    def progress(done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth not in told:
            told.add(tenth)
            say(f"{number(done)} sur {number(total)}")

    return progress
