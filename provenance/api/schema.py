"""What the OpenAPI description says beyond what the code shows by itself."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiParameter

from .fields import label_name
from .formats import EXCEL, FORMATS, format_of
from .geojson import FEATURES, GEOJSON

CONVENTIONS = _(
    """

**Values.** Dates and quantities are texts, as exactly as the source gives them:
`2009-03`, `2025-02~`, `[2025-02-01..2025-02-10]`, `[..2009-10]`, `..` for an end that
has not come; `15000`, `~10000`, `>30000`, `10000..15000`. Beside each stand the first
and the last day, or the smallest and the largest number, that it can mean, as JSON
dates and numbers; one that says nothing is null.

**Records** are known by their slug. Another record is read as a small object whose
`url` leads to it, and written as its slug. `citations` says which source stands for
which field; `disputed` names the fields that some source, or another record,
contradicts, and `in_dispute` says whether a dispute is open or all are settled;
`support` counts the citations that agree, the sources that they are from, and how many
of these are independent: sources that repeat one another, or the same third, count as
one. Only what is published is shown.

**Lists** come in pages of at most 500: follow `next`, which is the header `Link` as
well, until it is null. `agency=a,b` asks for either of two, `official=a&official=b` for
both (of what a record has several of), `agency__n=a,b` for neither. With `as_of`,
`from` or `to` each record says in `holds` whether it held then: yes, likely (attested,
or resting on dates in `general_knowledge`, which no source states) or maybe. To a
token that may change such records lists show drafts as well; `status=published` leaves
them out. `format=csv`, `ndjson`, `xlsx` and, for records, `parquet` give the whole of a
list in one answer, however long; so does the media type of one of them alone in
`Accept`. Parameters that are unknown, empty or given twice without sense are refused,
and so is a query of more than 8 KiB. Scripts of other sites may read all that is public
(CORS), without credentials. Errors are problem details (RFC 9457) that name each place
and what would be right.

**Writing** needs a token, as `Authorization: Token …`, and its user's permission. The
body is JSON in UTF-8, at most 2 MiB; a request is carried out as a whole or not at all.
PUT takes every field, PATCH those that change. The rows of a record (names,
participations, provisions, links ...) are given as the whole list; rows that stay the
same are left alone. The header `X-Change-Reason` is kept with the change.

**Tables.** A CSV file is imported by `POST /api/v1/imports/?table=…` with the file
itself as the body, at most 20 MiB: what an export or the admin takes, read as strictly.
`dry_run=true` shows what would become of it. It is one change: all of it is written, or
nothing, and then every fault is named by line and column. Rows that are on record as
they stand in the file are left alone, so that the same request, sent again, writes
nothing. With `source` the file is what that source says: nothing is overwritten.

**Versions.** Every answer with one record or one citation has an `ETag` that begins
with its version, as in `"7-0123456789abcdef"`. PUT, PATCH and DELETE need that tag, or
the version alone (`"7"`), in the header `If-Match`: without it they are answered with
428, and if somebody has written another version since with 412, which tells what has
changed. So nobody writes over what they have not seen.
"""
)

PROBLEM = {
    "type": "object",
    "description": _("The error (RFC 9457)."),
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": _("The name of the status.")},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": _("What is wrong, in a sentence.")},
        "errors": {
            "type": "array",
            "description": _("All that is wrong, one by one."),
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": _("Where in the body (RFC 6901)."),
                    },
                    "parameter": {
                        "type": "string",
                        "description": _("Which query parameter."),
                    },
                    "line": {
                        "type": ["integer", "null"],
                        "description": _("Which line of a file; null for all of it."),
                    },
                    "column": {
                        "type": ["string", "null"],
                        "description": _("Which column of a file; null for the row."),
                    },
                    "value": {
                        "type": "string",
                        "description": _("What stands there, shortened."),
                    },
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "faults": {
            "type": "integer",
            "description": _("Of a file: how many errors there are, told or not."),
        },
    },
}
PAIR = {"type": "array", "minItems": 2, "maxItems": 2}
CHANGES = {
    "type": "array",
    "description": _("What was written since, from the first to the last version."),
    "items": {
        "type": "object",
        "required": ["version", "at", "by", "reason", "fields", "rows"],
        "properties": {
            "version": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "by": {
                "type": ["string", "null"],
                "description": _("The user who wrote it, if anybody was signed in."),
            },
            "reason": {"type": ["string", "null"], "description": _("Why.")},
            "fields": {
                "type": "object",
                "description": _("Of each field that changed: what was, and what is."),
                "additionalProperties": PAIR,
            },
            "rows": {
                "type": "object",
                "description": _(
                    "Of each list of rows that changed, and of the citations: rows as "
                    "they were and as they are; null before is new, null after is gone."
                ),
                "additionalProperties": {"type": "array", "items": PAIR},
            },
        },
    },
}
OVERTAKEN = {
    "description": _("It is no longer the version that the request names."),
    "allOf": [{"$ref": "#/components/schemas/Problem"}],
    "required": ["current_version", "changes"],
    "properties": {
        "current_version": {"type": "integer"},
        "changes": CHANGES,
    },
}
ANY, ONE = (400, 406, 414, 503), (404,)
BODY, WRITE = (413, 415), (401, 403, 409)
OVER = (412, 428)  # of what writes over what is there
MEANINGS = {
    400: _("The query or the body is not understood; it says what and where."),
    401: _("A valid token is required."),
    403: _("The user of the token may not do this; the errors say to which record."),
    404: _("There is no such record, or none that may be shown."),
    406: _("It cannot be had in a form that Accept names; it says in which."),
    409: _(
        "It is published, or referred to, or somebody else has just written it, or "
        "something is missing before it can be published: the errors say what."
    ),
    413: _("The body is larger than 2 MiB."),
    412: _("It has been written since; it says what was changed."),
    414: _("The query is longer than 8 KiB."),
    415: _("The body is not JSON in UTF-8."),
    428: _("If-Match is missing: it names the version that is changed."),
    503: _("The database is busy; repeat the request."),
}


KNOWN_AT = OpenApiParameter(
    "known_at",
    str,
    description=_(
        "A day, such as 2026-01-31 (up to its end, UTC), or a moment, such as "
        "2026-01-31T09:30:00Z: what this database said then, whatever was written "
        "since. What was public then is shown, even if it has been withdrawn, and what "
        "was a draft then is not. What was true on a date is asked with as_of."
    ),
)
REASON = OpenApiParameter(
    "X-Change-Reason",
    str,
    OpenApiParameter.HEADER,
    description=_("Why, for the history of the record."),
)

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=_('The ETag of the record as it was read, or its version: `"7"`.'),
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description=_("The version, and a digest of what is shown of it."),
)


SEEN = OpenApiParameter(
    "X-Consistency-Token",
    str,
    OpenApiParameter.HEADER,
    description=_("What a write was answered with: it is seen in what is read."),
)
WRITTEN = OpenApiParameter(
    "X-Consistency-Token",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description=_(
        "Where replicas are read: sent along with it, a read sees the write."
    ),
)


class Described(AutoSchema):
    """Adds the parameters that every list and record has, and the errors."""

    def get_tags(self):
        name = getattr(self.view, "collection", None)
        return [name()] if name else ["api"]

    def is_of_one(self):
        """Whether it is about one record or citation."""
        return "{" in self.path

    def only_reads(self):
        """Whether it changes nothing, by whatever method it is asked."""
        return self.method == "GET" or getattr(self.view, "only_reads", False)

    def get_auth(self):
        anybody = [{}] if self.only_reads() else []
        return [*anybody, *super().get_auth()]

    def get_override_parameters(self):
        if asked := getattr(self.view, "described_parameters", None):
            return [REASON, WRITTEN, *asked()]
        if self.method != "GET" and self.only_reads():
            return []
        if self.method != "GET":
            parameters = [REASON, ETAG, WRITTEN]
            return parameters if self.method == "POST" else [*parameters, IF_MATCH]
        parameters = [SEEN, *([ETAG] if self.is_of_one() else [])]
        if "known_at" in self.view.parameters():
            parameters.append(KNOWN_AT)
        if "format" in self.view.parameters():
            parameters += [format_of(self.view.formats()), EXCEL]
        orders = getattr(self.view, "orders", None)
        if orders is None:
            return parameters
        parameters += [
            OpenApiParameter(
                "fields",
                str,
                description=_("Only these fields of each record, joined by commas."),
            )
        ]
        if self._is_list_view():
            names = [sign + name for name in orders() for sign in ("", "-")]
            parameters.append(
                OpenApiParameter(
                    "ordering",
                    str,
                    enum=names,
                    description=_("What to order by; with - in front, backwards."),
                )
            )
        return parameters

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        if self.method == "GET" and "format" in self.view.parameters():
            for name in self.view.formats():
                form = FORMATS[name]
                described = {"type": "string", "description": form.about}
                schema = FEATURES if name == GEOJSON else described
                bodies["200"]["content"][form.media_type] = {"schema": schema}
        statuses = [*ANY]
        meanings = {**MEANINGS, **getattr(self.view, "meanings", {})}
        if self.is_of_one():
            statuses += ONE
        if self.method != "GET":
            statuses += BODY
        if not self.only_reads():
            statuses += WRITE
            statuses += OVER if self.is_of_one() else ()
        for status in sorted(statuses):
            name = "Overtaken" if status == 412 else "Problem"
            schema = {"$ref": f"#/components/schemas/{name}"}
            bodies[str(status)] = {
                "description": meanings[status],
                "content": {"application/problem+json": {"schema": schema}},
            }
        return bodies


def with_slash(endpoints):
    """Each address once: the one with a slash at its end."""
    return [endpoint for endpoint in endpoints if endpoint[0].endswith("/")]


def finish(result, generator, request, public):
    """Adds what a problem is, and takes back what is shown only on demand."""
    result["info"]["description"] += str(CONVENTIONS)
    schemas = result["components"]["schemas"]
    schemas |= {"Problem": PROBLEM, "Overtaken": OVERTAKEN}
    for schema in schemas.values():
        for name in {"holds", "support"}.intersection(schema.get("required", ())):
            schema["required"].remove(name)
    return result


class TokenScheme(OpenApiAuthenticationExtension):
    """The token that writing needs."""

    target_class = "provenance.api.authentication.Tokens"
    name = "token"

    def get_security_definition(self, auto_schema):
        return build_bearer_security_scheme_object("Authorization", "Token")


SLUG = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100}


def reference_schema(label):
    """What a record shows of another one."""
    return {
        "type": "object",
        "required": ["slug", label, "url"],
        "properties": {
            "slug": SLUG,
            label: {"type": "string"},
            "url": {"type": "string", "format": "uri"},
        },
    }


class RelatedSchema(OpenApiSerializerFieldExtension):
    """A relation: a slug in a request, a small object in an answer."""

    target_class = "provenance.api.fields.Related"

    def map_serializer_field(self, auto_schema, direction):
        if direction == "request":
            return dict(SLUG)
        return reference_schema(label_name(self.target.model))


class CitedRecordSchema(OpenApiSerializerFieldExtension):
    """What is cited: a slug in a request, a small object in an answer."""

    target_class = "provenance.api.citations.CitedRecord"

    def map_serializer_field(self, auto_schema, direction):
        if direction == "request":
            return dict(SLUG)
        schemas = [reference_schema(label) for label in ("name", "title")]
        return {"anyOf": schemas}
