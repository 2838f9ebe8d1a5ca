"""A page of meetings as Datasette serves it: one statement that makes JSON of each.

The columns and rows that the list of the API shows, with no address, no bound made
null, nothing hidden and nothing compared. Datasette is one process; it has no workers.
"""

import json
import sys
from pathlib import Path

NAMED = {
    "official": ("entities_official", ("slug", "name")),
    "agency": ("entities_agency", ("slug", "name")),
}
OFFICES = """timeline_capacity c JOIN entities_appointment i ON i.id = c.appointment_id
    JOIN entities_official h ON h.id = i.official_id
    JOIN entities_post t ON t.id = i.post_id"""
TITLE = "h.name || ', ' || t.title"
DATES = tuple(
    name + edge
    for name in ("date", "effective")
    for edge in ("", "_earliest", "_latest")
)
OF_EVENT = (
    *("slug", "title", "summary", "start", "start_earliest", "start_latest", "end"),
    *("end_earliest", "end_latest", "public_note", "version"),
    *("created_at", "updated_at"),
)
OF_CITATION = ("id", "field", "locator", "stated", "as_of", "assessment", "note")


def an_object(**members):
    """The expression that makes an object of these expressions."""
    pairs = (f"'{name}', {expression}" for name, expression in members.items())
    return f"json_object({', '.join(pairs)})"


def all_of(tables, link, of="e", **members):
    """The expression that makes a list of the rows of an event, or of what it has."""
    each = an_object(**members)
    return f"(SELECT json_group_array({each}) FROM {tables} WHERE {link} = {of}.id)"


def statement():
    """The statement of the page behind the day ``:day`` and the key ``:key``."""
    named = {
        f"{name}_{column}": f"{name}.{column}"
        for name, (_table, columns) in NAMED.items()
        for column in columns
    }
    joined = " ".join(
        f"LEFT JOIN {table} {name} ON {name}.id = x.{name}_id"
        for name, (table, _columns) in NAMED.items()
    )
    meeting = an_object(
        **{name: f'e."{name}"' for name in OF_EVENT},
        format="m.format",
        place="p.slug",
        place_name="p.name",
        themes=all_of(
            "timeline_eventtheme x JOIN timeline_theme t ON t.id = x.theme_id",
            "x.event_id",
            slug="t.slug",
            name="t.name",
        ),
        participations=all_of(
            f"timeline_participation x {joined}",
            "x.event_id",
            role="x.role",
            **named,
            **{name: f"x.{name}" for name in DATES},
            appointments=all_of(
                OFFICES, "c.participation_id", "x", slug="i.slug", title=TITLE
            ),
        ),
        citations=all_of(
            "timeline_eventcitation x JOIN provenance_source s ON s.id = x.source_id",
            "x.record_id",
            **{name: f"x.{name}" for name in OF_CITATION},
            source="s.slug",
            title="s.title",
        ),
    )
    return f"""
        SELECT {meeting} AS meeting FROM timeline_event e
        CROSS JOIN timeline_meeting m ON m.event_ptr_id = e.id
        LEFT JOIN entities_place p ON p.id = e.place_id
        WHERE e.status = 'published' AND e.type = 'meeting'
          AND e.start_earliest >= :day
          AND NOT (e.start_earliest = :day AND e.id <= :key)
        ORDER BY e.start_earliest, e.id LIMIT 100"""


def command(path, port, folder):
    """What serves a database at a port, with the statement among its queries."""
    queries = {"meetings": {"sql": statement()}}
    told = Path(folder) / "datasette.json"
    told.write_text(json.dumps({"databases": {Path(path).stem: {"queries": queries}}}))
    settings = {"sql_time_limit_ms": "20000", "max_returned_rows": "1000"}
    return [
        *(sys.executable, "-m", "datasette", "serve", str(path)),
        *("-m", str(told), "-p", str(port)),
        *(part for pair in settings.items() for part in ("--setting", *pair)),
    ]
