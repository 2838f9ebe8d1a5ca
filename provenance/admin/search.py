"""The search of the admin's lists, and of the fields that offer related records."""

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..search.vocabulary import readings_of


class Searched:
    """A list of records that is searched by words, as the API and the pages are."""

    search_fields = ("search_text",)  # what get_search_results() looks into
    search_help_text = _("Any word of any name, with or without accents.")

    def found_by_words(self, queryset, words, by_index=False):
        """Those in which all of the words are."""
        return queryset.found_by(words, by_index)

    def get_search_results(self, request, queryset, search_term):
        try:
            words = readings_of(search_term, [queryset])
            found = self.found_by_words(queryset, words)
            if not request.GET.get(ORDER_VAR):  # nobody wants another order
                found = found.nearest_first(words)
            # Along its order a list finds the first at once, and all of them slowly.
            if search_term:
                alike = self.found_by_words(queryset, words, by_index=True)
                request.found_by_index = alike
            return found, False
        except ValidationError as error:
            if request.resolver_match.url_name != "autocomplete":
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            return queryset.none(), False
