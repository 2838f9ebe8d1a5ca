"""Merges of records of the curated record: whatever either said is still said."""

import pytest
from django.apps import apps

from entities.models import Agency, Official, Place
from provenance.merging import merge
from provenance.models import Citation
from provenance.tracking.tracked import Tracked
from provenance.values.stated_values import recorded_text
from timeline.models import Agreement, Meeting

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.database]


def tracked():
    return [
        model
        for app in ("provenance", "entities", "timeline")
        for model in apps.get_app_config(app).get_models()
        if issubclass(model, Tracked) and hasattr(model, "history")
    ]


@pytest.mark.parametrize(
    ("model", "winner", "loser"),
    [
        (Agency, "sedena", "semar"),
        (Official, "ricardo-trevilla", "raymundo-morales"),
        (Place, "nogales", "tucson"),
        (
            Meeting,
            "guillot-trevilla-call-2025-02",
            "guillot-trevilla-call-2025-04-16",
        ),
        (Agreement, "gsomia-sedena", "gsomia-semar-2008"),
    ],
)
def test_a_merge_in_the_record_loses_nothing_that_either_said(model, winner, loser):
    winner, loser = (model.objects.get(slug=slug) for slug in (winner, loser))
    before = {
        row.pk: (row.source_id, row.quotation, row.stated or row.recorded)
        for record in (winner, loser)
        for row in record.citations.all()
    }
    values = [recorded_text(loser, name) for name in model.columns]
    count = {each: each._base_manager.count() for each in tracked()}

    done = merge(winner, loser, "a trial")

    winner = model.objects.get(pk=winner.pk)
    fallen = {fall.gone.pk for fall in done.falls if isinstance(fall.gone, Citation)}
    after = {row.pk: row for row in winner.citations.all()}
    assert before.keys() - fallen
    for key, (source, quotation, said) in before.items():
        if key in fallen:
            continue
        row = after[key]
        assert (row.source_id, row.quotation) == (source, quotation)
        if row.field and row.field not in model.lists:
            assert said in (row.stated, row.recorded, winner.slug)
    kept = " ".join(
        [
            winner.private_note,
            *(recorded_text(winner, name) for name in model.citable),
            *(row.stated for row in after.values()),
        ]
    )
    assert all(value in kept for value in values)
    for each, number in count.items():
        gone = each.history.filter(history_type="-") if number else ()
        assert each._base_manager.count() >= number - len(gone)
