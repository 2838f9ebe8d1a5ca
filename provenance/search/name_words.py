"""The words by which a name is told from others, in whatever way it is written.

They are folded, in Latin letters, and without what names gain and lose: small words,
honorifics, the legal form of a company. Other scripts are written as anyascii writes
them (https://github.com/anyascii/anyascii).
"""

import re
from functools import lru_cache

from anyascii import anyascii

from ..values.folding import fold

remembered = lru_cache(100_000)  # a name is compared with many others

# Words that names gain and lose.
ENGLISH = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to"}
SPANISH = {"al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "para", "y"}
SMALL = ENGLISH | SPANISH
SPELLED_OUT = re.compile(r"\b(\w) (?=\w\b)")  # the u s of U.S.

# What stands before the name of a person, in English and Spanish.
HONORIFIC_WORDS = """
    mr mrs ms miss mx sir dame lord lady hon honorable honourable rev reverend dr dra
    drs prof profesor profesora professor phd doctor doctora sr sra srta senor senora
    senorita don dona lic licenciado licenciada ing ingeniero ingeniera mtro mtra
    maestro maestra arq cp gen gral general lt ltc ltg lieutenant teniente maj major
    mayor brig brigadier col cor coronel colonel cap capt capitan captain cmdr
    commander comandante adm alm admiral almirante vice vicealmirante contralmirante
    rear sgt sargento pres president presidente presidenta sen senator senador
    senadora rep diputado diputada amb ambassador embajador embajadora gov governor
    gobernador gobernadora secretary secretario secretaria minister ministro ministra
"""
HONORIFICS = frozenset(HONORIFIC_WORDS.split())
# What stands behind it: degrees tell nothing, a generation tells father from son.
DEGREE_WORDS = "phd md esq jd mba msc bsc usn usa usaf usmc ret"
DEGREES = frozenset(DEGREE_WORDS.split())
GENERATIONS = {"jr": "jr", "junior": "jr", "ii": "ii", "iii": "iii", "iv": "iv"}

# Legal forms, written out and for short, at an end of a name. Each is said of folded
# words without small ones; ISO 20275 lists such forms.
LEGAL_FORMS = {
    "aktiengesellschaft": "ag",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "kommanditgesellschaft": "kg",
    "sociedad anonima capital variable": "sa cv",
    "sociedad anonima cv": "sa cv",
    "sociedad anonima": "sa",
    "societe anonyme": "sa",
    "sociedade anonima": "sa",
    "sociedad responsabilidad limitada capital variable": "srl cv",
    "sociedad responsabilidad limitada": "srl",
    "sociedad civil": "sc",
    "asociacion civil": "ac",
    "societa per azioni": "spa",
    "besloten vennootschap": "bv",
    "naamloze vennootschap": "nv",
    "aktiebolag": "ab",
    "aktieselskab": "as",
    "limited liability company": "llc",
    "public limited company": "plc",
    "private limited": "ltd",
    "pvt ltd": "ltd",
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "obshchestvo ogranichennoy otvetstvennostyu": "ooo",
    "publichnoe aktsionernoe obshchestvo": "pao",
    "aktsionernoe obshchestvo": "ao",
}


def _any_of(forms, at_the_end, at_the_beginning):
    """An expression for any of these; a longer one that begins alike goes first."""
    either = "|".join(sorted(forms, key=len, reverse=True))
    return re.compile(f"{at_the_end % either}|{at_the_beginning % either}")


WRITTEN_OUT = _any_of(LEGAL_FORMS, r"(?<= )(?:%s)$", "^(?:%s)(?= )")
LEGAL_FORM = _any_of([*LEGAL_FORMS.values(), "se", "oy"], " (?:%s)$", "^(?:%s) ")

INSIDE_A_WORD = re.compile("['\u2019\u02b9\u02bc`]")
GLUED = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
TWO_INITIALS = re.compile(r"\b[A-Z]{2}\b")


@remembered
def romanised(name):
    """A name folded, in Latin letters."""
    folded = fold(name)
    if folded.isascii():
        return folded
    return fold(INSIDE_A_WORD.sub("", anyascii(str(name))))


@remembered
def glued(name):
    """All words of a name as one, for those that are written so."""
    return romanised(name).replace(" ", "")


@remembered
def words_of(name):
    """The words of a name of anything that tell it from others, in their order."""
    return _parts_of(name)[0]


@remembered
def legal_form_of(name):
    """What a company says of its own kind, for short; empty if it says nothing."""
    return _parts_of(name)[1]


@remembered
def _parts_of(name):
    text = SPELLED_OUT.sub(r"\1", romanised(name))
    words = [word for word in text.split() if word not in SMALL] or text.split()
    text = WRITTEN_OUT.sub(lambda form: LEGAL_FORMS[form[0]], " ".join(words))
    form = LEGAL_FORM.search(text)
    if form is None:
        return tuple(text.split()), ""
    return tuple(text.replace(form[0], "", 1).split()), form[0].strip()


@remembered
def words_of_person(name):
    """The words of a person's name; initials are words, each by itself."""
    words = romanised(_in_order(_taken_apart(str(name)))).split()
    words = [GENERATIONS.get(word, word) for word in words if word not in DEGREES]
    while len(words) > 2 and words[0] in HONORIFICS:
        words = words[1:]
    return tuple(word for word in words if word not in SMALL or len(word) == 1)


def generations_of(words):
    """What says which of those of one name a person is: the younger, the third."""
    return set(words) & set(GENERATIONS.values())


def _taken_apart(name):
    """A name whose words or initials are not glued: AnaNúñez, GM Guillot."""
    if name.isupper() or name.islower():
        return name
    return TWO_INITIALS.sub(_apart, GLUED.sub(" ", name))


def _apart(initials):
    return initials[0] if initials[0].lower() in SPANISH else " ".join(initials[0])


def _in_order(name):
    """A name with the family name first, before a comma, in the other order."""
    family, comma, given = name.partition(",")
    told = set(romanised(given).split()) - DEGREES - GENERATIONS.keys()
    return f"{given} {family}" if comma and told and "," not in given else name


@remembered
def initials_of(name):
    """What a name of three words or more may be called by its initials."""
    every = romanised(name).split()
    kept = [word for word in every if word not in SMALL]
    return {
        "".join(word[0] for word in words) for words in (every, kept) if len(words) > 2
    }
