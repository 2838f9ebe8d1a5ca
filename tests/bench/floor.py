"""The floor of a page of meetings: WSGI, sqlite3 and orjson, with no library between.

It writes the same JSON as the list of the API does of the record that is measured, in
which all is published, and is told where to begin: ``?after=DAY,KEY``. It checks
nothing, hides nothing and compares nothing that is stated.
"""

import os
import sqlite3
import threading
from collections import defaultdict
from urllib.parse import parse_qs

from orjson import dumps

PAGE = 100
# A column with a text behind it is no date any more, of which one would be made.
EVENTS = """
SELECT e.id, e.slug, e.title, e.summary, e.start, e.start_earliest || '',
  e.start_latest || '', e."end", e.end_earliest || '', e.end_latest || '', p.slug,
  p.name, m.format, o.slug, o.name, e.public_note, e.version, e.created_at || '',
  e.updated_at || '', e.title_es, e.summary_es, e.public_note_es
FROM timeline_event e CROSS JOIN timeline_meeting m ON m.event_ptr_id = e.id
LEFT JOIN entities_place p ON p.id = e.place_id
LEFT JOIN entities_official o ON o.id = m.requested_by_id
WHERE e.status = 'published' AND e.type = 'meeting' AND e.start_earliest >= ?
  AND NOT (e.start_earliest = ? AND e.id <= ?)
ORDER BY e.start_earliest, e.id LIMIT ?"""
PARTIES = """
SELECT x.event_id, x.id, x.role, o.slug, o.name, a.slug, a.name
FROM timeline_participation x
LEFT JOIN entities_official o ON o.id = x.official_id
LEFT JOIN entities_agency a ON a.id = x.agency_id
WHERE x.event_id IN ({keys}) ORDER BY x.event_id, x.role, x.id"""
OFFICES = """
SELECT c.participation_id, i.slug, h.name, t.title FROM timeline_capacity c
JOIN entities_appointment i ON i.id = c.appointment_id
JOIN entities_official h ON h.id = i.official_id
JOIN entities_post t ON t.id = i.post_id
WHERE c.event_id IN ({keys}) ORDER BY i.slug"""
UNDATED = {
    name + edge: None if edge else ""
    for name in ("date", "effective")
    for edge in ("", "_earliest", "_latest")
}
THEMES = """
SELECT x.event_id, t.slug, t.name FROM timeline_eventtheme x
JOIN timeline_theme t ON t.id = x.theme_id
WHERE x.event_id IN ({keys}) ORDER BY t.slug"""
CITATIONS = """
SELECT x.record_id, x.id, s.slug, s.title, x.field, x.locator, x.stated, x.as_of,
  x.assessment, x.note, x.note_es
FROM timeline_eventcitation x JOIN provenance_source s ON s.id = x.source_id
WHERE x.record_id IN ({keys}) ORDER BY x.field, s.slug, x.locator, x.id"""
DISPUTES = """
SELECT record_id, field, public_state FROM timeline_eventdispute
WHERE record_id IN ({keys}) AND public_state <> '' ORDER BY field"""
LINKS = """
SELECT x.event_id, x.kind, t.slug, t.title FROM timeline_eventlink x
JOIN timeline_event t ON t.id = x.target_id WHERE x.event_id IN ({keys})"""

_of_thread = threading.local()


def database():
    """The connection of this thread, set up as the product sets up its own."""
    if not hasattr(_of_thread, "connection"):
        path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
        _of_thread.connection = sqlite3.connect(path)
        for pragma in ("mmap_size = 134217728", "cache_size = -32000"):
            _of_thread.connection.execute(f"PRAGMA {pragma}")
    return _of_thread.connection


def application(environ, start_response):
    """Answers any address with the page behind the meeting that it names."""
    asked = parse_qs(environ["QUERY_STRING"])
    day, key = asked.get("after", ["0001-01-01,0"])[0].split(",")
    root = f"http://{environ['HTTP_HOST']}/api/v1/"
    body = page(root, day, int(key))
    length = ("Content-Length", str(len(body)))
    start_response("200 OK", [("Content-Type", "application/json"), length])
    return [body]


def unsaid(citations, **dates):
    """The names of the dates that none of the sources says, if any are cited."""
    said = {(c["field"], c["stated"]) for c in citations}
    return [
        name
        for name, text in dates.items()
        if said and text and said.isdisjoint({(name, ""), (name, text)})
    ]


def page(root, day, key):
    """One page in bytes."""
    read = database().execute
    rows = read(EVENTS, (day, day, key, PAGE + 1)).fetchall()
    keys = ",".join(str(row[0]) for row in rows[:PAGE])

    def reference(collection, slug, label, name="name"):
        if slug is None:
            return None
        return {"slug": slug, name: label, "url": f"{root}{collection}/{slug}/"}

    parties, themes, citations, links, offices, disputes = (
        defaultdict(list) for _each in range(6)
    )
    for party, slug, name, title in read(OFFICES.format(keys=keys)):
        office = reference("appointments", slug, f"{name}, {title}", "title")
        offices[party].append(office)
    for event, party, role, *of in read(PARTIES.format(keys=keys)):
        parties[event].append(
            {
                "role": role,
                "official": reference("officials", of[0], of[1]),
                "agency": reference("agencies", of[2], of[3]),
                **UNDATED,
                "appointments": offices[party],
            }
        )
    for event, slug, name in read(THEMES.format(keys=keys)):
        themes[event].append(reference("themes", slug, name))
    for event, kind, slug, name in read(LINKS.format(keys=keys)):
        link = {"kind": kind, "event": reference("timeline", slug, name, "title")}
        links[event].append(link)
    for event, number, slug, name, *rest in read(CITATIONS.format(keys=keys)):
        citations[event].append(
            {
                "key": f"meeting-{number}",
                "source": reference("sources", slug, name, "title"),
                "field": rest[0],
                "locator": rest[1],
                "stated": rest[2],
                "as_of": rest[3],
                "as_of_earliest": None,
                "as_of_latest": None,
                "agreement": "contradicts" if rest[2] else "agrees",
                "assessment": rest[4],
                "note": rest[5],
                "note_es": rest[6],
            }
        )
    for event, field, state in read(DISPUTES.format(keys=keys)):
        disputes[event].append((field, state))
    results = [
        {
            "slug": row[1],
            "self": f"{root}meetings/{row[1]}/",
            "title": row[2],
            "title_es": row[19],
            "summary": row[3],
            "summary_es": row[20],
            "start": row[4],
            "start_earliest": row[5],
            "start_latest": row[6],
            "end": row[7],
            "end_earliest": row[8],
            "end_latest": row[9],
            "place": reference("places", row[10], row[11]),
            "themes": themes[row[0]],
            "format": row[12],
            "requested_by": reference("officials", row[13], row[14]),
            "participations": parties[row[0]],
            "links": links[row[0]],
            "linked_from": [],
            "public_note": row[15],
            "public_note_es": row[21],
            "version": row[16],
            "created_at": f"{row[17].replace(' ', 'T')}Z",
            "updated_at": f"{row[18].replace(' ', 'T')}Z",
            "citations": citations[row[0]],
            "disputed": list(dict.fromkeys(field for field, _ in disputes[row[0]])),
            "in_dispute": min((state for _, state in disputes[row[0]]), default=None),
            "general_knowledge": unsaid(citations[row[0]], start=row[4], end=row[7]),
        }
        for row in rows[:PAGE]
    ]
    following = None
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        following = f"{root}meetings/?after={last[5]},{last[0]}"
    return dumps({"next": following, "previous": None, "results": results})
