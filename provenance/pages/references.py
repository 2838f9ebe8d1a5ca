"""How a page is cited: as CSL-JSON and BibTeX, for programs that keep references.

A source is cited as the work that it is; any other record, and a dispute, as an entry
of this database, in the state of its last change.
"""

import re

from ..models import Source
from ..values.dates import PartialDate
from ..values.edtf import season_of

# The types of CSL 1.0.2, and the entry types of BibTeX.
TYPES = {
    Source.Kind.NEWS_ARTICLE: ("article-newspaper", "article"),
    Source.Kind.PRESS_RELEASE: ("article", "misc"),
    Source.Kind.FACT_SHEET: ("report", "techreport"),
    Source.Kind.SOCIAL_POST: ("post", "misc"),
    Source.Kind.EVENT_REPORT: ("report", "techreport"),
    Source.Kind.DATASET: ("dataset", "misc"),
    Source.Kind.WEB_PAGE: ("webpage", "misc"),
    Source.Kind.LAW: ("legislation", "misc"),
}
DATABASE = "bordersec"
SPECIAL = re.compile(r"[\\{}$&#%_^~]")
IN_BIBTEX = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


def csl_of(record, address):
    """A record as an item of CSL-JSON."""
    if not isinstance(record, Source):
        key = f"{record.record_type}-{record.slug}"
        return _entry_of(key, record, record.updated_at, address)
    item = {
        "id": record.slug,
        "type": TYPES[record.kind][0],
        "title": record.title,
        "URL": record.url or address,
    }
    if record.author:
        item["author"] = [{"literal": record.author}]
    if record.publisher:
        item["publisher"] = record.publisher
        if record.kind == Source.Kind.NEWS_ARTICLE:
            item["container-title"] = record.publisher
    if record.language:
        item["language"] = record.language
    if record.published:
        item["issued"] = issued(record.published)
    if record.archived_url:
        item["archive_location"] = record.archived_url
    if record.accessed_on:
        day = record.accessed_on
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    return item


def csl_of_dispute(dispute, address):
    """A dispute as an item of CSL-JSON."""
    day = max(dispute.opened_at, dispute.record.updated_at)
    return _entry_of(f"dispute-{dispute.key}", dispute, day, address)


def _entry_of(key, what, day, address):
    return {
        "id": key,
        "type": "entry",
        "title": str(what),
        "container-title": DATABASE,
        "URL": address,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
    }


def issued(when):
    """A partial date in CSL-JSON: no more exact than it is; in words, if need be."""
    if named := season_of(when.rstrip("?~%")):
        parts = {"date-parts": [[int(named[0])]], "season": int(named[1]) - 20}
        return parts | ({"circa": True} if when.mark else {})
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}[?~%]?", when):
        numbers = [int(part) for part in when.rstrip("?~%").split("-")]
        return {"date-parts": [numbers], **({"circa": True} if when.mark else {})}
    return {"literal": when.readable}


def bibtex_of(item, kind="misc"):
    """An item of CSL-JSON as an entry of BibTeX."""
    when = item.get("issued", {})
    parts = when.get("date-parts", [[]])[0]
    whole = "journal" if kind == "article" else "howpublished"
    house = "institution" if kind == "techreport" else "publisher"
    fields = {
        "title": item["title"],
        "author": item.get("author", [{}])[0].get("literal", ""),
        whole: item.get("container-title", ""),
        house: item.get("publisher", ""),
        "year": str(parts[0]) if parts else "",
        "month": str(parts[1]) if len(parts) > 1 else "",
        "note": when.get("literal", ""),
        "language": item.get("language", ""),
        "url": item["URL"],
    }
    lines = [
        f"  {name} = {{{value if name == 'url' else escaped(value)}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}", ""])


def escaped(text):
    """A text with what BibTeX would take for itself made plain."""
    return SPECIAL.sub(lambda sign: IN_BIBTEX.get(sign[0], f"\\{sign[0]}"), text)


def citing_of(address):
    """Where programs fetch how the page of this address is cited: labels, addresses."""
    return [("CSL-JSON", f"{address}cite.json"), ("BibTeX", f"{address}cite.bib")]


def reference_of(item, title):
    """An item in one line, for people, under the title that they know it by."""
    author = item.get("author", [{}])[0].get("literal", "")
    when = item.get("issued", {})
    parts = when.get("date-parts", [[]])[0]
    date = "-".join(f"{part:02}" for part in parts)
    date = PartialDate(date).readable if date else when.get("literal", "")
    names = [author, f"“{title}”"]
    kept = (item.get("container-title"), item.get("publisher"))
    names += list(dict.fromkeys(name for name in kept if name and name != author))
    return ", ".join([*filter(None, [*names, date]), item["URL"]]) + "."
