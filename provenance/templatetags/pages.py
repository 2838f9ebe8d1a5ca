"""What the templates of the public pages are written with."""

from django import template
from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.urls import translate_url
from django.utils.html import format_html, json_script
from django.utils.text import Truncator
from django.utils.translation import get_language

from ..evidence.shown import recorded_of, shown_texts, stated_by
from ..pages import addresses
from ..pages.color_schemes import SCHEMES
from ..pages.facts import label_of
from ..pages.linked_data import trail_of
from ..values.dates import PartialDate
from ..values.locators import spoken_locator
from ..values.readings import name_of_language
from ..values.text import seen
from ..values.translations import RECORDED, Told, foreign
from ..values.translations import told as told_in
from ..web.time_axis import spoken

register = template.Library()


@register.simple_tag(takes_context=True)
def page_url(context, record):
    """The address of the page of a record, as of the moment that is shown."""
    return addresses.asked(
        addresses.page_of(record), known_at=context.get("known_at", "")
    )


@register.simple_tag(takes_context=True)
def dispute_url(context, dispute):
    """The address of the page of a dispute, as of the moment that is shown."""
    return addresses.asked(
        addresses.page_of_dispute(dispute), known_at=context.get("known_at", "")
    )


@register.simple_tag(takes_context=True)
def asked_url(context, address, **parameters):
    """An address with parameters, as of the moment that is shown."""
    return addresses.asked(address, **parameters, known_at=context.get("known_at", ""))


@register.inclusion_tag("pages/link.html", takes_context=True)
def link(context, record, text=""):
    """The way to the page of a record; nothing if the public may not see it."""
    if record is None or not record.is_public:
        return {"address": ""}
    label = Told(text) if text else record.told
    return {"address": page_url(context, record), "label": label}


def marked(said, language):
    """What is said, marked as of a language where that is not the page's."""
    return (
        format_html('<span lang="{}">{}</span>', language, said) if language else said
    )


@register.filter
def told(row, name=""):
    """A text of a row as the reader is told it, or else what a record is called."""
    return told_in(row, name) if name else row.told


@register.simple_tag(name="told")
def told_in_its_language(row, name=""):
    """The same as a text that says of which language it is, if not of the page's."""
    said = told(row, name)
    return marked(seen(said.text), said.language)


@register.filter
def language_name(code):
    """What the language of a code is called in that of the page."""
    return name_of_language(code) or code


@register.filter
def with_unit(number, unit):
    """A number, as readers write it, with its unit behind it."""
    return unit.behind(number)


@register.filter
def grouped(number):
    """A whole number as readers write it: by thousands."""
    return f"{number:,}"


@register.filter
def day(moment):
    """The day of a moment, as dates of the record are written."""
    return PartialDate(f"{moment:%Y-%m-%d}").readable


@register.simple_tag
def noted(row, name, words=0):
    """What the editors note in a column of a row, line by line, as the reader is told
    it; of long ones so many words, if it is said of how many.
    """
    said = told_in(row, name)
    text = Truncator(said.text).words(words) if words else said.text
    return marked(linebreaksbr(seen(text)), said.language)


@register.simple_tag
def located(locator):
    """Where in a source something stands, in the language of the page if it can be."""
    spoken = spoken_locator(locator) if foreign(RECORDED) else None
    return seen(spoken) if spoken else marked(seen(locator), foreign(RECORDED))


CITATIONS = 20  # of one standing of a field; the others are in the table


@register.filter
def first_ones(citations):
    """Those of one standing that a page shows."""
    return citations[:CITATIONS]


@register.simple_tag
def beyond_first(support):
    """How many citations of a field a page does not show."""
    standings = (support.supporting, support.consistent, support.contradicting)
    return sum(max(len(citations) - CITATIONS, 0) for citations in standings)


@register.simple_tag
def language():
    """The code of the language that the page is in."""
    return get_language() or "en"


@register.simple_tag(takes_context=True)
def same_in_each_language(context):
    """The language, its name and the address there, of each that the page is in."""
    here = context["request"].build_absolute_uri()
    return [
        (code, name, translate_url(here, code)) for code, name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def whole_address(context, address):
    """An address of this site as it is from elsewhere."""
    return context["request"].build_absolute_uri(address)


@register.simple_tag
def linked_data(data):
    """What a page is about, as JSON-LD; what would end the script is escaped in it."""
    return json_script(data).replace("application/json", "application/ld+json", 1)


@register.simple_tag
def color_schemes():
    """The color schemes that a reader chooses among: the word and what it is called."""
    return SCHEMES.items()


@register.inclusion_tag("pages/breadcrumbs.html", takes_context=True)
def breadcrumbs(context):
    """The way from the start of the site to a page, for readers and as JSON-LD."""
    page = context["page"]
    above = [(name, asked_url(context, at)) for name, at in page.above()]
    trail = [*above, (context["title"], "")] if above else []
    build = context["request"].build_absolute_uri
    return {"trail": trail, "data": trail_of(trail, build)}


@register.inclusion_tag("pages/when.html")
def when(item):
    """From when to when something lasted, as readers write it; marked if no source
    states it.
    """
    return {"words": spoken(item), "is_general": bool(item.general_knowledge)}


@register.inclusion_tag("pages/value.html", takes_context=True)
def said(context, citation):
    """What a source says of the field that it is cited for, as people read it."""
    (shown,) = shown_texts([stated_by(citation)])
    return {"shown": shown, "known_at": context.get("known_at", "")}


@register.inclusion_tag("pages/value.html", takes_context=True)
def recorded(context, citation):
    """What is recorded of the field of a citation, as people read it."""
    (shown,) = shown_texts([recorded_of(citation.record, citation.field)])
    return {"shown": shown, "known_at": context.get("known_at", "")}


@register.inclusion_tag("pages/dispute_state.html")
def dispute_state(dispute):
    """The mark of a dispute that is open, or of one that is settled."""
    label = dispute.get_public_state_display()
    return {"state": dispute.public_state, "label": label}


@register.filter
def field_label(name, record):
    """What readers call a field of a record."""
    return label_of(type(record.holder_of(name)), name)


@register.filter
def searched_label(name, record):
    """What readers call a field that is searched, which need not be citable."""
    return label_of(type(record), name)
