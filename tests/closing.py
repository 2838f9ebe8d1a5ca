"""Changes of many records at once: each is made ready, and made by what is returned."""

from django.contrib.auth import get_user_model

from entities.models import Agency, Appointment, Official, Post
from provenance.models import Source
from provenance.tracking.bulk import insert_many, update_many
from provenance.tracking.changes import changing
from tests import make
from timeline.models import Deployment, Event, Meeting, Metric, Observation


def made(model, number, **values):
    """So many published records; a value that is a function is given their numbers."""
    rows = [
        {"slug": f"{model.type_name()}-x{place}", "status": "published"}
        | {
            name: value(place) if callable(value) else value
            for name, value in values.items()
        }
        for place in range(number)
    ]
    with changing("other") as change:
        keys = insert_many(model, rows, change)
    found = model._base_manager.in_bulk(keys)
    return [found[key] for key in keys]


def cited(records, source=None, field="", stated=""):
    """Each of the records cited once more."""
    source = source or make.a_source()
    model = type(records[0]).citation_model()
    rows = [
        {"record_id": r.pk, "source_id": source.pk, "field": field, "stated": stated}
        for r in records
    ]
    with changing("other") as change:
        insert_many(model, rows, change)


def changed(records, path="form", user=None, **values):
    """The records with other values."""
    model = type(records[0])
    rows = list(model._base_manager.in_bulk([record.pk for record in records]).values())
    with changing(path, user=user) as change:
        for row in rows:
            for name, value in values.items():
                setattr(row, name, value)
        update_many(model, rows, values, change)


def a_user(name="curator"):
    return get_user_model().objects.get_or_create(username=name)[0]


def citations_of_records(number):
    agencies, source = made(Agency, number, name="A", kind="ministry"), make.a_source()
    return lambda: cited(agencies, source)


def citations_of_meetings(number):
    meetings, source = made(Meeting, number, title="A"), make.a_source()
    return lambda: cited(meetings, source, "start", "2009")


def contradicting_citations(number):
    source = make.a_source()
    agencies = made(Agency, number, name="A", kind="ministry", founded="2009")
    return lambda: cited(agencies, source, "founded", "2025")


def citations_that_name_records(number):
    source, official = make.a_source(), make.an_official(slug="ana")
    make.an_official(slug="eva")
    meetings = made(Meeting, number, title="A", requested_by_id=official.pk)
    rows = [
        {"event_id": meeting.pk, "official_id": official.pk, "role": "host"}
        for meeting in meetings
    ]
    with changing("other") as change:
        insert_many(Event._meta.get_field("participations").related_model, rows, change)

    def act():
        with changing("other"):
            cited(meetings, source, "requested_by", "eva")
            cited(meetings, source, "participations", "eva")

    return act


def citations_taken_away(number):
    agencies = made(Agency, number, name="A", kind="ministry", founded="2009")
    cited(agencies)
    cited(agencies, make.a_source(), "founded", "2025")

    def act():
        with changing("form", user=a_user()):
            Agency.citation_model().objects.exclude(stated="").delete()

    return act


def published_records(number):
    agency, source = make.an_agency(), make.a_source()
    posts = made(Post, number, title="A", agency_id=agency.pk, status="draft")
    cited(posts, source)
    user = get_user_model().objects.create_superuser("reviewer")
    return lambda: changed(posts, user=user, status="published")


def new_published_records(number):
    source = make.a_source()

    def act():
        with changing("import"):
            cited(made(Agency, number, name="A", kind="ministry"), source)

    return act


def corrected_records(number):
    agencies = made(Agency, number, name="A", kind="ministry")
    cited(agencies, field="name")
    return lambda: changed(agencies, user=a_user(), name="B")


def deleted_drafts(number):
    agencies = made(Agency, number, name="A", kind="ministry", status="draft")
    cited(agencies)

    def act():
        with changing("form", user=a_user()):
            Agency.objects.filter(pk__in=[agency.pk for agency in agencies]).delete()

    return act


def observations(number):
    metric, source = make.a_metric(), make.a_source()
    make.a_citation(metric, source)

    def act():
        with changing("import"):
            for value in ("1", "2"):
                rows = made(
                    Observation,
                    number,
                    slug=f"o-{value}-{{}}".format,
                    value=value,
                    modality="actual",
                    metric_id=metric.pk,
                    population=str,
                )
                cited(rows, source, "value")

    return act


def observations_that_agree_again(number):
    observations(number)()
    rows = list(Observation.objects.filter(value="1"))
    return lambda: changed(rows, value="2")


def withdrawn_metrics(number):
    metrics = made(Metric, number, name="M", unit="persons", kind="level")
    for value in ("1", "2"):
        made(
            Observation,
            number,
            slug=f"o-{value}-{{}}".format,
            value=value,
            modality="actual",
            metric_id=lambda place: metrics[place].pk,
        )
    return lambda: changed(metrics, "undo", status="withdrawn")


def appointments(number):
    agency = make.an_agency()
    officials = made(Official, number, name="A")
    posts = made(Post, number, title="P", agency_id=agency.pk, seats=1)
    source = make.a_source()

    def act():
        with changing("other"):
            for start in ("2008-01-01", "2009-01-01"):
                rows = made(
                    Appointment,
                    number,
                    slug=f"a-{start[:4]}-{{}}".format,
                    post_id=lambda place: posts[place].pk,
                    official_id=lambda place: officials[place].pk,
                    kind="substantive",
                    start=start,
                    end="2020-01-01",
                )
                cited(rows, source)

    return act


def withdrawn_officials(number):
    appointments(number)()
    meetings = made(Meeting, number, title="A")
    cited(meetings, None, "requested_by", "official-x1")
    officials = list(Official.objects.filter(slug__contains="-x"))
    return lambda: changed(officials, "undo", status="withdrawn")


def withdrawn_sources(number):
    agencies = made(Agency, number, name="A", kind="ministry", founded="2009")
    sources = made(Source, number, title="S", kind="law")
    rows = [
        {
            "record_id": agency.pk,
            "source_id": source.pk,
            "field": "founded",
            "stated": "2025",
        }
        for agency, source in zip(agencies, sources, strict=True)
    ]
    with changing("other") as change:
        insert_many(Agency.citation_model(), rows, change)
    return lambda: changed(sources, "undo", status="withdrawn")


def deployments_in_dispute(number):
    deployments = made(Deployment, number, title="D", kind="exercise", personnel="5")
    cited(deployments, None, "personnel", "7")
    return lambda: changed(deployments, personnel="7")


SCENARIOS = {
    act.__name__: act
    for act in (
        citations_of_records,
        citations_of_meetings,
        contradicting_citations,
        citations_that_name_records,
        citations_taken_away,
        published_records,
        new_published_records,
        corrected_records,
        deleted_drafts,
        observations,
        observations_that_agree_again,
        withdrawn_metrics,
        appointments,
        withdrawn_officials,
        withdrawn_sources,
        deployments_in_dispute,
    )
}
