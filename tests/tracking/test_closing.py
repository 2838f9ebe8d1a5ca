"""The end of a change costs as many queries for many records as for ten."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from provenance.models import Dispute
from provenance.tracking import changes
from tests.closing import SCENARIOS
from tests.depth import cases
from timeline.disputes import derive_all

pytestmark = pytest.mark.django_db

A_BATCH_MORE = 6  # queries, where ten records fit into one batch and more do not


def disputes():
    """What is in dispute, of every kind of record."""
    return [
        list(
            model.objects.order_by("record", "field", "kind").values_list(
                *("record", "field", "kind", "state", "public_state", "against")
            )
        )
        for model in Dispute.__subclasses__()
    ]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_closing_costs_no_query_for_each_record(scenario, monkeypatch):
    close = changes.close

    def queries(number):
        found = []

        def counted(change):
            with CaptureQueriesContext(connection) as captured:
                close(change)
            found.append(len(captured))

        with transaction.atomic():
            act = scenario(number)
            with monkeypatch.context() as patch:
                patch.setattr(changes, "close", counted)
                act()
            left = disputes()
            derive_all()
            assert disputes() == left
            transaction.set_rollback(True)
        return found[-1]

    few = queries(10)
    assert few - 2 <= queries(cases(30, 200)) <= few + A_BATCH_MORE
