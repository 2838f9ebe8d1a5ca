"""Checks that what two records tell of one thing is the same."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..evidence.retold import links
from ..values.contradiction import Standing
from ..values.stated_values import agreement_of, recorded_text
from .base import Level, Rule, standing


class ToldOtherwise(Rule):
    """Records that tell again what another one tells, and contradict it."""

    name = "told-otherwise"
    level = Level.WARNING
    meaning = gettext_lazy("records that contradict the one whose value they repeat")

    def broken(self):
        for link in links():
            rows = link.kind.objects.exclude(**{link.relation: None})
            joins = [link.relation]
            if link.kind._meta.get_field(link.field).is_relation:
                joins += [link.field, f"{link.relation}__{link.there}"]
            rows = rows.filter(standing("", link.relation)).select_related(*joins)
            for record in rows.order_by("pk").iterator():
                yield from self._in(record, link)

    def _in(self, record, link):
        named = getattr(record, link.relation)
        said = recorded_text(named, link.there)
        if agreement_of(record, link.field, said) != Standing.CONTRADICTS:
            return
        message = _(
            "It repeats “%(slug)s”, which says “%(said)s”; correct one of the two, or "
            "name no record that it repeats."
        )
        told = message % {"slug": named.slug, "said": said}
        yield record.record_type, record.slug, link.field, told
