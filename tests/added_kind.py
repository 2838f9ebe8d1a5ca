"""Asks a project to which the kind ``visits`` was added what it does with it."""

import json

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse


def names_in_the_database():
    """The names of all tables, indexes and triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master")
        return [name for (name,) in cursor.fetchall() if "visit" in name]


def main():
    """Prints the answers as JSON."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import Group, User

    from entities.models import Official, Place
    from timeline.dataset.dictionary import data_dictionary
    from timeline.records import CITED, RECORDS, SPANS, TABLES

    Visit = apps.get_model("timeline", "Visit")
    public = {"status": "published", "slug": "a"}
    visit = Visit.objects.create(
        title="To Nogales",
        purpose="inspection",
        official=Official.objects.create(name="Ana", **public),
        place=Place.objects.create(name="Nogales", kind="city", **public),
        start="2025-03",
        **public,
    )
    reader, curator = Client(), Client()
    curator.force_login(User.objects.create_superuser("admin"))
    schema = reader.get("/api/v1/schema/").json()
    listed = schema["paths"]["/api/v1/visits/"]["get"]
    asked = "/api/v1/visits/?purpose=inspection&place=a&as_of=2025-03&format=csv"
    in_admin = reverse("admin:timeline_visit_changelist")
    answers = {
        "api": reader.get("/api/v1/visits/").json()["results"][0]["title"],
        "about": listed["description"],
        "parameters": [each["name"] for each in listed["parameters"]],
        "csv": b"".join(reader.get(asked)).decode(),
        "list": "To Nogales" in reader.get("/visits/").content.decode(),
        "page": '"@type": "Event"' in reader.get("/visits/a/").content.decode(),
        "found": "To Nogales" in reader.get("/search/?q=nogales").content.decode(),
        "sitemap": "/visits/a/" in reader.get("/sitemap-visits.xml").content.decode(),
        "admin": "To Nogales" in curator.get(in_admin).content.decode(),
        "dictionary": "## visits.csv\n\nVisits. Known by `slug`." in data_dictionary(),
        "record": [
            Visit in RECORDS,
            Visit in CITED,
            (Visit, "start", "end") in SPANS,
            "visits" in TABLES,
        ],
        "history": visit.history.count(),
        "roles": {
            group.name: sorted(
                group.permissions.filter(
                    content_type__model__startswith="visit"
                ).values_list("codename", flat=True)
            )
            for group in Group.objects.all()
        },
        "database": names_in_the_database(),
    }
    print(json.dumps(answers))


if __name__ == "__main__":
    django.setup()
    main()
