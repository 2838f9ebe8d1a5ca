"""The record as Popolo has it: persons, organizations, posts, memberships and areas.

The specification is at http://www.popoloproject.com/. Ids are slugs, each once in its
class. Popolo knows dates as exact as a year, a month or a day: of a vaguer one it gets
what all its days have in common, and beside it stands what is recorded, in EDTF, under
the same name with ``_edtf`` behind it.
"""

from itertools import chain

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from provenance.exchange.files import FileView, as_json
from provenance.exchange.prefixes import is_more, prefix_of
from provenance.exchange.reading import every_public_record, sources_of

from ..models import Agency, Appointment, Official, Place, Post

LIFE = {"founding_date": "founded", "dissolution_date": "dissolved"}
TERM = {"start_date": "start", "end_date": "end"}


class PopoloFile(FileView):
    """Officials, agencies, posts, appointments and places as one Popolo document."""

    name = "popolo"
    file_name = "bordersec.popolo.json"
    media_type = "application/json"

    @extend_schema(
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
        description=_(
            "All published officials, agencies, posts, appointments and places as one "
            "document in Popolo, with their sources. Its dates are years, months or "
            "days; where the record is vaguer, its own text is in a member with _edtf "
            "behind the name. Nominees are left out: they held no post."
        ),
    )
    def get(self, request):
        return self.sent()

    def pieces(self):
        yield b"{"
        for number, (name, (rows, shown)) in enumerate(self.classes().items()):
            yield f'{"," if number else ""}"{name}":['.encode()
            objects = (as_json(shown(one)) for one in every_public_record(rows))
            for first in objects:
                yield from chain([first], (b"," + other for other in objects))
            yield b"]"
        yield b"}\n"

    def classes(self):
        """The records of each class of Popolo, and how one of them is shown."""
        held = Appointment.objects.exclude(kind=Appointment.Kind.NOMINEE)
        return {
            "persons": (Official.objects.all(), self.person_of),
            "organizations": (Agency.objects.all(), self.organization_of),
            "posts": (Post.objects.all(), self.post_of),
            "memberships": (held, self.membership_of),
            "areas": (Place.objects.all(), self.area_of),
        }

    def person_of(self, official):
        """An official."""
        return {
            **self.about(official),
            "name": official.name,
            "family_name": official.family_name or None,
            "honorific_prefix": official.honorific or None,
            "other_names": [other_name(row) for row in official.names.all()],
            "identifiers": [
                {"scheme": row.scheme, "identifier": row.value}
                for row in official.identifiers.all()
            ],
        }

    def organization_of(self, agency):
        """An agency."""
        return {
            **self.about(agency),
            "name": agency.name,
            "classification": agency.kind,
            "parent_id": slug_of(agency.parent),
            "area_id": slug_of(agency.country),
            "other_names": [other_name(row) for row in agency.names.all()],
            **dates_of(agency, LIFE),
        }

    def post_of(self, post):
        """A post."""
        return {
            **self.about(post),
            "label": post.title,
            "organization_id": post.agency.slug,
            **dates_of(post, TERM),
        }

    def membership_of(self, appointment):
        """An appointment."""
        post = appointment.post
        return {
            **self.about(appointment),
            "label": f"{post.title} ({appointment.kind})",
            "role": post.title,
            "person_id": appointment.official.slug,
            "organization_id": post.agency.slug,
            "post_id": post.slug,
            **dates_of(appointment, TERM),
        }

    def area_of(self, place):
        """A place."""
        return {
            **self.about(place),
            "name": place.name,
            "identifier": place.iso_code or None,
            "classification": place.kind,
            "parent_id": slug_of(place.parent),
            "geometry": place.geometry,
        }

    def about(self, record):
        """What every object has: its id, where it is described, and its sources."""
        return {
            "id": record.slug,
            "links": [{"url": self.page_of(record), "note": "bordersec"}],
            "created_at": record.created_at,
            "updated_at": record.updated_at,
            "sources": [
                {"url": self.address_of(source), "note": source.title}
                for source in sources_of(record)
            ],
        }


def other_name(row):
    """One of the names that something goes by."""
    return {"name": row.text, "note": row.kind, **dates_of(row, TERM)}


def dates_of(record, columns):
    """The dates of a record: each member, and the column that it is made of."""
    shown = {}
    for member, column in columns.items():
        when = getattr(record, column)
        shown[member] = prefix_of(when) or None
        if is_more(when):
            shown[f"{member}_edtf"] = str(when)
    return shown


def slug_of(record):
    """The id of a record; None if there is none."""
    return record.slug if record else None
