"""Lists of what has a place, as GeoJSON (RFC 7946), a page at a time.

Of each record stands what the list shows. What has no position, or one that is not
public, has no geometry. ``links`` lead to the next page, as in OGC API - Features.
"""

from rest_framework.response import Response

from ..evidence.visibility import public_at
from .formats import FORMATS, GEOJSON_TYPE
from .json_queries import Fragments

GEOJSON = "geojson"
POSITION = ("longitude", "latitude")  # in this order
FEATURES = {
    "type": "object",
    "description": FORMATS[GEOJSON].about,
    "required": ["type", "features", "links"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": {"type": "object"}},
        "links": {"type": "array", "items": {"type": "object"}},
    },
}


class OnTheMap:
    """A list of records that is also given as GeoJSON, if they have a place."""

    def formats(self):
        names = super().formats()
        return names if self.model.place_path is None else [*names, GEOJSON]

    def is_on_the_map(self):
        """Whether GeoJSON is asked for, and is there."""
        return self.asked_format() == GEOJSON and GEOJSON in self.formats()

    def asked_fields(self):
        """They are told apart by their slugs, which are always among the fields."""
        names = super().asked_fields()
        return ["slug", *names] if names and self.is_on_the_map() else names

    def list(self, request, *args, **kwargs):
        if not self.is_on_the_map():
            return super().list(request, *args, **kwargs)
        rows = self.paginator.paginate(
            list(self.stretches()), request, self.order_name()
        )
        shown, positions = self.shown_of(rows), self.positions_of(rows)
        shown = shown.objects() if isinstance(shown, Fragments) else shown
        features = [feature(each, positions.get(each["slug"])) for each in shown]
        links = [
            {"rel": rel, "type": GEOJSON_TYPE, "href": address}
            for rel, address in self.paginator.addresses().items()
            if address
        ]
        collection = {"type": "FeatureCollection", "links": links, "features": features}
        return Response(collection, content_type=GEOJSON_TYPE)

    def positions_of(self, rows):
        """The longitude and the latitude of each that has them, by its slug."""
        path, model = self.model.place_path, self.model
        found = model.objects.filter(pk__in=[row.pk for row in rows])
        if path and not self.everything():
            place = model._meta.get_field(path).related_model
            found = found.filter(**public_at(path, place))
        columns = [f"{path}__{name}" if path else name for name in POSITION]
        return {
            slug: [float(degrees) for degrees in position]
            for slug, *position in found.values_list("slug", *columns)
            if None not in position
        }


def feature(shown, position):
    """A record as a feature: what is shown of it, at its position if it has one."""
    geometry = {"type": "Point", "coordinates": position} if position else None
    return {
        "type": "Feature",
        "id": shown["slug"],
        "geometry": geometry,
        "properties": shown,
    }
