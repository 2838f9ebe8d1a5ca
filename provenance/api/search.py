"""Search over records of every kind at once."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..db.keyset import Keyset, Stretch
from ..registry.kinds import record_types
from ..search.nearness import Nearness
from ..search.records import Search
from .fields import reference
from .filters import StatusFilter
from .kind_lists import KindListView
from .parameters import ByWord, ByWords

BY_SLUG = Keyset(("slug",))


class HitSerializer(serializers.Serializer):
    """One record that was found."""

    type = serializers.CharField(help_text=_("What kind of record it is."))
    slug = serializers.CharField(help_text=_("Its name in addresses."))
    name = serializers.CharField(
        required=False,
        help_text=_("What it is called; some kinds have a title instead."),
    )
    title = serializers.CharField(
        required=False,
        help_text=_("What it is called; some kinds have a name instead."),
    )
    url = serializers.URLField(help_text=_("Where all of it is."))
    matched = serializers.CharField(
        help_text=_("The text of it in which most of the words were found, shortened.")
    )
    matched_in = serializers.CharField(
        allow_null=True,
        help_text=_(
            "The field with that text, as title, names or public_note; null for what "
            "it is called after other records."
        ),
    )
    status = serializers.CharField(
        required=False,
        help_text=_("Where it stands on its way to the public; for curators."),
    )


class SearchFilter(StatusFilter):
    """What search can be asked for."""

    q = ByWords(
        _("Words or their beginnings, at most 8, accents or not."),
        method="kept",
        required=True,
    )
    type = ByWord(list(record_types()), _("Records of this kind only."), by="kept")


class SearchView(KindListView):
    """Search: the records of every kind that all words are found in.

    What is called just so comes first, then what has all of them in one of its names.
    """

    serializer_class = HitSerializer
    filterset_class = SearchFilter
    csv_members = ("type", "slug", "name", "title", "matched", "matched_in")
    csv_for_curators = ("status",)
    follows_from_record = False  # but from an index of words as well

    @classmethod
    def collection(cls):
        return "search"

    @classmethod
    def kinds(cls):
        return record_types()

    @staticmethod
    def listed_of(kind):
        return kind

    @cached_property
    def search(self):
        return Search(self.filters.form.cleaned_data["q"], self.whole_kinds)

    def stretches(self):
        found = {
            name: self.search.found(name)
            for name in self.kinds()
            if self.filters.lets_through("type", name)
        }
        for near in Nearness:
            for name, parts in found.items():
                rows = self.filters.filter_queryset(parts[near])
                yield Stretch(f"{name}-{near}", rows, BY_SLUG)

    def shown_of(self, records):
        root = self.get_serializer_context()["root"]
        return [self.shown(record, root) for record in records]

    def shown(self, record, root):
        match, name = self.search.matched(record), record.record_type
        return {
            "type": name,
            **reference(record, root),
            "matched": match.text,
            "matched_in": match.field or None,
            **({"status": record.status} if name in self.whole_kinds else {}),
        }
