"""The record as FollowTheMoney has it: people, bodies, positions and who held them.

The ontology is at https://followthemoney.tech/explorer/schemata/. Dates are years,
months or days; what is recorded of a vaguer one is told in the description.
"""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from provenance.exchange.files import FileView, as_json
from provenance.exchange.prefixes import is_more, prefix_of
from provenance.exchange.reading import every_public_record, sources_of
from provenance.models import Name
from provenance.web.streaming import NDJSON_TYPE

from ..models import Agency, Appointment, Official, Post

# The property that each kind of name is a value of; the rest are aliases.
NAMES = {
    Name.Kind.ACRONYM: "abbreviation",
    Name.Kind.FORMER: "previousName",
    Name.Kind.MISSPELLING: "weakAlias",
}
NOT_PUBLIC_BODIES = {
    Agency.Kind.ACADEMIC,
    Agency.Kind.CIVIL_SOCIETY,
}
WIKIDATA = "wikidata"  # the scheme of identifiers that the ontology has a property for


class FollowTheMoneyFile(FileView):
    """Officials, agencies, posts and appointments as entities, one on each line."""

    name = "followthemoney"
    file_name = "bordersec.ftm.json"
    media_type = NDJSON_TYPE

    @extend_schema(
        responses={(200, NDJSON_TYPE): OpenApiTypes.STR},
        description=_(
            "All published officials, agencies, posts and appointments as entities of "
            "FollowTheMoney (Person, PublicBody or Organization, Position, Occupancy), "
            "each on a line, with the addresses of their sources. Its dates are years, "
            "months or days; what is vaguer is told in the description. Nominees are "
            "left out: they held no post."
        ),
    )
    def get(self, request):
        return self.sent()

    def pieces(self):
        held = Appointment.objects.exclude(kind=Appointment.Kind.NOMINEE)
        for rows, shown, joins in (
            (Agency.objects.all(), self.body_of, ()),
            (Official.objects.all(), self.person_of, ()),
            (Post.objects.all(), self.position_of, ("agency__country",)),
            (held, self.occupancy_of, ()),
        ):
            for record in every_public_record(rows, joins):
                yield as_json(shown(record)) + b"\n"

    def body_of(self, agency):
        """An agency."""
        is_public = agency.kind not in NOT_PUBLIC_BODIES
        return self.entity(
            "PublicBody" if is_public else "Organization",
            agency,
            **names_of(agency),
            classification=[agency.kind],
            country=country_code(agency),
            parent=[identifier_of(agency.parent)] if agency.parent else [],
            incorporationDate=[prefix_of(agency.founded)],
            dissolutionDate=[prefix_of(agency.dissolved)],
            notes=[agency.public_note],
        )

    def person_of(self, official):
        """An official."""
        others = [str(i) for i in official.identifiers.all() if i.scheme != WIKIDATA]
        return self.entity(
            "Person",
            official,
            **names_of(official),
            lastName=[official.family_name],
            title=[official.honorific],
            wikidataId=[
                i.value for i in official.identifiers.all() if i.scheme == WIKIDATA
            ],
            notes=[official.public_note, *others],
        )

    def position_of(self, post):
        """A post."""
        return self.entity(
            "Position",
            post,
            name=[post.title],
            organization=[identifier_of(post.agency)],
            country=country_code(post.agency),
            numberOfSeats=[str(post.seats or "")],
            inceptionDate=[prefix_of(post.start)],
            dissolutionDate=[prefix_of(post.end)],
            notes=[post.public_note],
        )

    def occupancy_of(self, appointment):
        """An appointment."""
        told = [appointment.kind, appointment.rank, appointment.end_reason]
        return self.entity(
            "Occupancy",
            appointment,
            holder=[identifier_of(appointment.official)],
            post=[identifier_of(appointment.post)],
            startDate=[prefix_of(appointment.start)],
            endDate=[prefix_of(appointment.end)],
            status=["current"] if appointment.end.is_ongoing else [],
            summary=["; ".join(filter(None, told))],
        )

    def entity(self, schema, record, **properties):
        """A record as an entity; properties without a value are left out."""
        start, end = getattr(record, "span", ("", ""))
        dates = {name: getattr(record, name) for name in (start, end) if name}
        vague = [f"{name}: {d} (EDTF)" for name, d in dates.items() if is_more(d)]
        properties |= {
            "description": vague,
            "modifiedAt": [record.updated_at.date().isoformat()],
            "publisher": ["bordersec"],
            "publisherUrl": [self.page_of(record)],
            "sourceUrl": [self.address_of(source) for source in sources_of(record)],
        }
        given = {name: list(filter(None, each)) for name, each in properties.items()}
        return {
            "id": identifier_of(record),
            "schema": schema,
            "properties": {name: each for name, each in given.items() if each},
        }


def identifier_of(record):
    """What an entity is known by among those of all data sets."""
    return f"bordersec-{record.record_type}-{record.slug}"


def names_of(record):
    """The names of a record, by the property that each is a value of."""
    names = {"name": [record.name]}
    for row in record.names.all():
        if row.text != record.name:
            names.setdefault(NAMES.get(row.kind, "alias"), []).append(row.text)
    return names


def country_code(agency):
    """The ISO code of the country of an agency, if it is public."""
    country = agency.country
    is_known = country is not None and country.is_public
    return [country.iso_code.lower()] if is_known else []
