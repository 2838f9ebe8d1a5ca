"""What all addresses of the service have in common."""

from functools import partial

from django.utils.translation import gettext as _

from ...api.problems import parameter_error
from ...api.views import ApiView
from .kinds import reconciled_kinds
from .queries import MAX_TEXT

NAME = "reconcile"  # below the address of the API, and in the documentation
FARTHEST = 500  # suggestions that may be passed over


def _too_long(text):
    if len(text) > MAX_TEXT:
        return _("It is longer than %d characters.") % MAX_TEXT


def _no_type(text):
    if text not in reconciled_kinds():
        return _("It can be one of %s.") % ", ".join(reconciled_kinds())


def _no_number(text, least):
    number = int(text[:9]) if text.isascii() and text.isdecimal() else -1
    if not least <= number <= FARTHEST:
        bounds = {"least": least, "most": FARTHEST}
        return _("Write a whole number from %(least)d to %(most)d.") % bounds


# What is wrong with a parameter, if anything is.
CHECKED = {
    "prefix": _too_long,
    "type": _no_type,
    "cursor": partial(_no_number, least=0),
    "limit": partial(_no_number, least=1),
}


class ServiceView(ApiView):
    """An address of the service: asked by pages of any site, and never with a secret.

    There is no JSONP: it has a page run what another site sends as its own program, and
    the protocol wants it no more now that every browser knows CORS.
    """

    permission_classes = []  # all of it only reads, by whatever method
    only_reads = True

    def perform_content_negotiation(self, request, force=False):
        """Browsers ask for HTML, and clients of the protocol for anything."""
        return super().perform_content_negotiation(request, force=True)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class LenientView(ServiceView):
    """An address whose clients send parameters that the protocol does not name.

    These are passed over. Of the others, each is as strictly read as anywhere.
    """

    known: tuple[str, ...] = ()
    empty_allowed = ("prefix",)

    @classmethod
    def collection(cls):
        return NAME

    def parameters(self):
        return set(self.known)

    def faults(self, given):
        own = given.copy()
        for name in given.keys() - self.parameters():
            del own[name]
        yield from super().faults(own)
        for name in CHECKED.keys() & own.keys():
            if message := CHECKED[name](own[name]):
                yield parameter_error(name, message)

    @property
    def asked(self):
        """The query parameters."""
        return self.request.query_params

    @property
    def kinds(self):
        """The kinds that are asked for: one, or all of them."""
        kinds, only = reconciled_kinds(), self.asked.get("type")
        return [kinds[only]] if only else list(kinds.values())
