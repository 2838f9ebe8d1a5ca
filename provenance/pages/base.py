"""What every public page is: read by anybody, of one moment, and the same for all."""

from contextlib import ExitStack

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ..api.views import MAX_QUERY, NO_TEXT
from ..tracking.time_travel import as_known_at, moment_of
from ..values.dates import PartialDate
from ..values.readings import readings_of
from .addresses import asked

# What the site does, where a page does not say what it is about.
ABOUT = gettext_lazy(
    "Each value names its sources, disputes are shown, and the full history is kept."
)
DATES = {"from", "to", "as_of"}  # parameters that are partial dates on every page
# What forms call parameters.
LABELS = {
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "as_of": gettext_lazy("At a date"),
    "general_knowledge": gettext_lazy("Dates"),
}
NOW = "now"  # as known_at: leads to the address of what is known at this moment


class Misasked(Exception):
    """An address whose parameters cannot be answered; says what of them is wrong."""

    def __init__(self, messages):
        super().__init__(*messages)
        self.messages = messages

    @classmethod
    def in_parameters(cls, faults):
        """The names of parameters, each with what is wrong with it."""
        return cls([f"{LABELS.get(name, name)}: {said}" for name, said in faults])


class Moved(Exception):
    """What is asked for has another address now."""

    def __init__(self, address, for_good=True):
        super().__init__(address)
        self.address, self.for_good = address, for_good


def rendered(response):
    """An answer with its body as it is now.

    No TemplateResponse any more: of such a one, ``conditional_page`` awaits that it is
    rendered after it has been handed on, and never answers 304.
    """
    if hasattr(response, "render"):
        body = response.render().content
        response = HttpResponse(
            body, response.headers["Content-Type"], response.status_code
        )
    return response


class Page(TemplateView):
    """One public page.

    Parameters that it does not know are left alone, since links are passed around with
    all sorts of them; a known one that makes no sense is refused.
    """

    http_method_names = ["get", "head", "options"]
    parameters: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}  # of parameters that may be only one of few
    repeatable: frozenset[str] = frozenset()  # parameters that may be given again
    stylesheets: tuple[str, ...] = ()  # what it needs beside those of all pages
    title = ""
    asked: dict[str, str | tuple[str, ...]] = {}
    follows_from_record = True  # it is the same while the public record is

    def dispatch(self, request, *args, **kwargs):
        """Answers with the page, rendered while what it reads is as of the moment."""
        with ExitStack() as reading:
            try:
                self.asked = self.read_parameters()
                self.read_dates()
                self.enter_moment(reading)
                response = rendered(super().dispatch(request, *args, **kwargs))
            except Moved as moved:
                response = redirect(moved.address, permanent=moved.for_good)
            except Misasked as error:
                reading.close()
                response = self.refused(
                    400, _("This address cannot be answered"), error.messages
                )
            except Http404:  # while debugging too, where Django tells of its routes
                reading.close()
                nothing = _(
                    "There is no such record or address, or it is not published."
                )
                response = self.refused(404, _("Page not found"), [nothing])
        patch_cache_control(response, no_cache=True)  # ask, and be told 304
        return response

    def read_parameters(self):
        """The parameters that were given and are known here, but for empty ones."""
        if len(self.request.META.get("QUERY_STRING", "")) > MAX_QUERY:
            raise Misasked([_("The address is longer than is accepted.")])
        known = ("known_at", *self.parameters)
        given, faults = {}, []
        for name in known:
            several = [text.strip() for text in self.request.GET.getlist(name)]
            value = several[0] if several else ""
            words = self.words.get(name)
            if len(several) > 1 and name in self.repeatable:
                value = tuple(filter(None, several))
            elif len(several) > 1:
                faults.append((name, _("It is given twice.")))
            if NO_TEXT.intersection("".join(several)):
                faults.append((name, _("It is no text in UTF-8, or has a NUL in it.")))
            elif value and words and value not in words:
                told = {"text": value[:80], "words": ", ".join(words)}
                message = _(
                    "“%(text)s” is not a valid choice; choose one of: %(words)s."
                )
                faults.append((name, message % told))
            elif value:
                given[name] = value
        if faults:
            raise Misasked.in_parameters(faults)
        return given

    def read_dates(self):
        """Leads from dates in words, as “August 2009”, to the same in their own form;
        what can be read in two ways is left to be refused.
        """
        read = {}
        for name in DATES & self.asked.keys():
            try:
                PartialDate(self.asked[name])
            except ValidationError:
                meant = readings_of("date", self.asked[name])
                read |= {name: meant[0]} if len(meant) == 1 else {}
        if read:
            raise Moved(self.address(**read), for_good=False)

    def enter_moment(self, reading):
        """Has everything read as it was at the moment that ``known_at`` names."""
        self.known_at, self.moment = self.asked.get("known_at", ""), None
        if self.known_at == NOW:
            now = f"{timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}"
            raise Moved(self.address(known_at=now), for_good=False)
        if self.known_at:
            try:
                self.moment = moment_of(self.known_at)
            except ValidationError as error:
                raise Misasked(error.messages) from None
            reading.enter_context(as_known_at(self.moment))

    def day(self):
        """The day of which it tells: today, or that of its moment."""
        return PartialDate(f"{self.moment or timezone.now():%Y-%m-%d}")

    def refused(self, status, title, messages):
        """The page that says what is wrong with its address."""
        self.known_at, self.template_name = "", "pages/refused.html"
        context = {"title": title, "messages": messages, "page": self}
        return rendered(self.render_to_response(context, status=status))

    def get_context_data(self, **context):
        shown = {
            "title": self.title,
            "description": str(ABOUT),
            "canonical": self.canonical,
            "shared_picture": reverse("pages:picture"),
            **context,
        }
        return super().get_context_data(page=self, known_at=self.known_at, **shown)

    @property
    def canonical(self):
        """The address by which others know the page: of now, from its beginning."""
        address = self.address(known_at="", cursor="")
        return self.request.build_absolute_uri(address)

    def above(self):
        """The pages that lead to this one, from the first: names and addresses."""
        return [(_("Timeline"), self.home)]

    @property
    def now(self):
        """The address of the page as it is now."""
        return self.address(known_at="")

    @property
    def permalink(self):
        """The address that goes on saying what the page says now."""
        return self.address(known_at=self.known_at or NOW)

    @property
    def home(self):
        return reverse("pages:home")

    @property
    def search_address(self):
        return reverse("pages:search")

    def pairs_asked(self):
        """The name and the value of each parameter, as a form sends them again."""
        for name, value in self.asked.items():
            for text in [value] if isinstance(value, str) else value:
                yield name, text

    def address(self, **changes):
        """This page with what was asked, but for these parameters."""
        return asked(self.request.path, **{**self.asked, **changes})
