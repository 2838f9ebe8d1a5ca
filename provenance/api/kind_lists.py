"""Lists of what there is of every kind of record, each in a table of its own."""

from django.http import Http404
from django.utils.functional import cached_property

from ..db.few import named_in
from ..models import Record
from ..registry.kinds import cited_types
from .exports import WholeList
from .filters import OF_STATUS, StatusFilter
from .parameters import ByWord
from .views import CollectionView


class ByKindView(CollectionView):
    """What goes through the kinds of record, one after the other.

    Who may change what is listed of a kind sees what is not public of that kind.
    """

    @classmethod
    def kinds(cls):
        """The kinds of record that it goes through, by name."""
        return cited_types()

    @staticmethod
    def listed_of(kind):
        """The table that is listed of a kind of record."""
        raise NotImplementedError

    @cached_property
    def whole_kinds(self):
        """The names of the kinds of which whoever asks sees what is not public, too."""
        return frozenset(
            name
            for name, kind in self.kinds().items()
            if self.permits("change", self.listed_of(kind))
        )

    def everything(self):
        if self.documents or self.action != "list":
            return super().everything()
        return bool(self.whole_kinds)

    def serializer_for(self, everything):
        """The serializer of rows for who sees all of them, or what is public."""
        context = {**self.get_serializer_context(), "everything": everything}
        return self.get_serializer_class()(context=context)


class KindListView(WholeList, ByKindView):
    """A list of what there is of every kind of record."""

    def get_queryset(self):
        return self.model.objects.none()

    @property
    def model(self):
        """The table that the address is about; any, if it is about all of them."""
        return self.listed_of(next(iter(self.kinds().values())))


class AboutRecordsView(KindListView):
    """What is about records, each known by the kind of the record and a number."""

    lookup_url_kwarg = "key"
    lookup_value_regex = "[a-z]+-[0-9]{1,18}"

    def asked_type(self):
        """The kind of record and the number that the key in the address is made of."""
        name, _dash, number = self.kwargs["key"].partition("-")
        model = self.kinds().get(name)
        if model is None:
            raise Http404
        return model, int(number)

    @property
    def model(self):
        if "key" in self.kwargs:
            return self.listed_of(self.asked_type()[0])
        return super().model


class AboutRecordsFilter(StatusFilter):
    """What can be asked of what is about records: the status is that of the record."""

    status = ByWord(Record.Status, OF_STATUS, by="of_status")

    def of_one_kind(self, rows, everything):
        """The rows asked for that are about one kind: of everything, or in public."""
        self.everything = everything
        return self.filter_queryset(rows)

    def of_status(self, queryset, statuses, excluded):
        about = queryset.model._meta.get_field("record").related_model
        records = about.objects.filter(status__in=statuses)
        return named_in(queryset, records, "pk", excluded, named="record")
