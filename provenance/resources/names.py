"""The tables of the names of records."""

from ..models import Name
from .kinds import resource_of
from .table import TableResource


@resource_of.register(Name)
class NameResource(TableResource):
    """What records of one kind go or went by."""

    KEY = ("text", "kind", "language")

    @classmethod
    def members_for(cls, kind):
        named = kind._meta.get_field(kind.owner).related_model.plural().lower()
        key = (kind.owner, *cls.KEY)
        meta = {
            "model": kind,
            "fields": (*key, "start", "end"),
            "import_id_fields": key,
        }
        return {"__doc__": f"The names of {named}.", "Meta": type("Meta", (), meta)}
