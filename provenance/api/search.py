"""Search over records of every kind at once."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..folding import fold
from ..kinds import record_types
from ..models import terms_of
from ..paging import Keyset, Stretch
from .exports import WholeList
from .fields import reference
from .filters import ByWord, ByWords, StrictFilter
from .views import CollectionView

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
        allow_null=True, help_text=_("The name of it in which the words were found.")
    )


class SearchFilter(StrictFilter):
    """What search can be asked for."""

    q = ByWords(_("Words to find, at most 8, accents or not."), required=True)
    type = ByWord(list(record_types()), _("Records of this kind only."), method="kept")


def matched(record, terms):
    """The name in which the words were found: all of them, or else one of them."""
    names = [str(record)]
    for rows in record.searched_rows:
        names += [str(row) for row in getattr(record, rows).all()]
    lines = [record._meta.get_field(name) for name in record.searched]
    names += [getattr(record, line.name) for line in lines if line.max_length]
    folded = [(name, fold(name)) for name in names]
    for enough in (all, any):
        for name, text in folded:
            if enough(term in text for term in terms):
                return name
    return None


class SearchView(WholeList, CollectionView):
    """Search: the records of every kind that all words are found in."""

    serializer_class = HitSerializer
    filterset_class = SearchFilter
    csv_members = ("type", "slug", "name", "title", "matched")

    @classmethod
    def collection(cls):
        return "search"

    def get_queryset(self):
        return next(iter(record_types().values())).objects.none()

    def stretches(self):
        asked = self.filters.form.cleaned_data
        for name, model in record_types().items():
            if not asked["type"] or asked["type"] == name:
                yield Stretch(name, self.found(model, asked["q"]), BY_SLUG)

    def shown_of(self, records):
        root = self.get_serializer_context()["root"]
        terms = terms_of(self.filters.form.cleaned_data["q"])
        return [
            {
                "type": record.record_type,
                **reference(record, root),
                "matched": matched(record, terms),
            }
            for record in records
        ]

    def found(self, model, text):
        records = model.objects.published()
        records = records.named(text) if fold(text) else records.none()
        rows = [Prefetch(name) for name in model.searched_rows]
        joined = {path.split("__")[0] for path in model.public_through}
        records = records.select_related(*joined) if joined else records
        return records.prefetch_related(*rows)
