"""What a project said in everyday French is about: its words, turned into themes, types and roles.

The words stand in ``data/synonymes.csv``. Accents, capitals, plurals, conjugated forms, articles and elisions do not
matter; a word that is not known is compared with those that are, letter by letter.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from esscarto.french import fold
from esscarto.settings import SITE
from esscarto.storage.loading import read_synonyms

MOST_LETTERS = 500
"""Letters of a text that are read."""
CLOSE = 0.8
"""Similarity (optimal string alignment) from which a word is taken for another one, written badly."""
SHORTEST = 6
"""Letters below which a word is never taken for another one."""

_TOKEN = re.compile(r"[^\W_]+")
_SAY_NOTHING = frozenset(
    fold(
        """a à au aux avec ce ces cet cette chez comme d dans de des dès du elle en entre est et être eu fait faire il
        ils je j l la le les leur lui ma mais me mes moi mon n ne nos notre nous on ont ou où par pas plus pour qu que
        qui quoi s sa sans se ses si son sont sur ta te tes toi ton tout tous toute toutes très tu un une vos votre vous
        y ai as avoir afin ainsi alors aussi autre autres autour beaucoup besoin bien bonjour bon cela ca c cherche
        chercher cherchons comment compte créer crée créons création démarrer depuis développer donner encore envie
        envisage faudrait genre gens gros idée ici installer installe jusque là lancer lance lieu lieux local locale
        locaux mettre mieux monter monte montons nouveau nouvelle organiser ouvrir ouvre ouvrons ouverture parce petit
        petite petits peu peut pouvoir pourrait près proche projet projets proposer propose quand quel quelle quelque
        quelques rien rural rurale ruraux reprendre souhaite souhaiterais souhaitons sais savoir secteur serait sous
        territoire trouver tourner trop truc vers veux veut vouloir voudrais voudrait voulons village villages ville
        villes vie zone association associatif associative collectif collective solidaire solidaires coopératif
        coopérative social sociale ess économie structure structures entreprise entreprises service services personne
        personnes place mois ans année km coin campagne coopérative
        bourg soir matin samedi dimanche aller aimerais aimerions m contre lutter lutte chose produits atelier
        ateliers longue durée machin machins bidule bidules trucs"""
    ).split()
)
"""Words that say nothing by themselves of what a project is about; inside an expression they count."""


@dataclass(frozen=True)
class Understanding:
    """What was understood of a text.

    Parameters
    ----------
    themes, types : tuple of str
        Codes of ``vocabulary.THEMES`` and ``vocabulary.TYPES``, in the order of the text.
    matched : tuple of (str, str)
        Words of the text, as they are written, and a code that they mean.
    unknown : tuple of str
        Words of the text that mean nothing here, as they are written.
    roles : tuple of str
        Codes of ``vocabulary.ROLES``: what is sought, when the text says so.
    """

    themes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """The words and what they mean.

    Parameters
    ----------
    meanings : dict
        Expression, as the stems of its words -> (list, code) pairs.
    words : dict of str to str
        Folded word of an expression -> its stem: what a misspelled word is compared with.
    """

    meanings: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]
    words: Mapping[str, str]
    exact: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Word -> its own meanings, which come before those of its stem: « livrer » is not « livre »."""
    longest: int = 1

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> "Lexicon":
        """Return the lexicon of the rows of ``schemas/synonymes.schema.json``."""
        meanings: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
        words: dict[str, str] = {}
        exact: dict[str, tuple[tuple[str, str], ...]] = {}
        for row in rows:
            expression = [_singular(word) for word in fold(row["mot"]).split()]
            stems, meaning = tuple(map(_stem, expression)), (row["liste"], row["code"])
            meanings[stems] = (*meanings.get(stems, ()), meaning)
            words |= dict(zip(expression, stems, strict=True))
            if len(expression) == 1:
                exact[expression[0]] = (*exact.get(expression[0], ()), meaning)
        return cls(meanings, words, exact, max(map(len, meanings), default=1))

    def understand(self, text: str) -> Understanding:
        """Say what a text is about: the longest expressions first, from left to right."""
        spans = [found.span() for found in _TOKEN.finditer(text[:MOST_LETTERS])]
        folded = [fold(text[start:end]) for start, end in spans]
        stems = [self._stem_of(word) for word in folded]
        found: dict[tuple[str, str], None] = {}
        matched: dict[tuple[str, str], None] = {}
        unknown: dict[str, None] = {}
        at = 0
        while at < len(stems):
            size, meanings = self._read(folded[at : at + self.longest], stems[at : at + self.longest])
            said = text[spans[at][0] : spans[at + max(size, 1) - 1][1]]
            for meaning in meanings:
                found[meaning] = None
                matched[said, meaning[1]] = None
            if not size and folded[at] and folded[at] not in _SAY_NOTHING and not folded[at].isdigit():
                unknown[said] = None
            at += size or 1
        lists = {name: tuple(code for kind, code in found if kind == name) for name in ("themes", "types", "roles")}
        return Understanding(**lists, matched=tuple(matched), unknown=tuple(unknown))

    def _read(self, words: list[str], stems: list[str]) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Return the words that the longest expression at the head of these takes, 0 by default, and its meanings."""
        for size in range(len(stems), 1, -1):
            if meanings := self.meanings.get(tuple(stems[:size])):
                return size, meanings
        if meanings := self.exact.get(_singular(words[0])):
            return 1, meanings
        meanings = () if words[0] in _SAY_NOTHING else self.meanings.get((stems[0],), ())
        return len(meanings[:1]), meanings

    def _stem_of(self, word: str) -> str:
        """Return the stem of a word, or of the one that it is close to when it is not known."""
        stem = _stem(_singular(word))
        if stem in self._stems or word in _SAY_NOTHING or len(word) < SHORTEST:
            return stem
        # Who misspells a word seldom misses its first letter: « course » is not « bourse ».
        near = [known for known in self.words if known[0] == word[0] and len(known) >= SHORTEST]
        close = process.extractOne(word, near, scorer=OSA.normalized_similarity, score_cutoff=CLOSE)
        return self.words[close[0]] if close else stem

    @functools.cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(self.words.values())


def understand(text: str) -> Understanding:
    """Say what a project is about, with the words of ``data/synonymes.csv``.

    Those that come with the program, as the schemas do: they are not facts of a territory.

    Raises
    ------
    DataError
        When the table of the words cannot be read.
    """
    return _shipped().understand(text)


@functools.cache
def _shipped() -> Lexicon:
    return Lexicon.of(read_synonyms(SITE / "data").rows.to_dict("records"))


def _singular(word: str) -> str:
    """Drop the mark of the plural, which the stemmer keeps in some words: « vélos », « hôpitaux »."""
    if word.endswith("aux") and not word.endswith("eaux") and len(word) > 5:
        return word[:-2] + "l"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


@functools.lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """Return the stem of a folded word (Porter, « French stemming algorithm », Snowball)."""
    return str(snowballstemmer.stemmer("french").stemWord(word))
