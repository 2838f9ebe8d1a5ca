"""A program that others wrote matches a column of names with the record of a site."""

import pytest

from tests.browsing import a_site
from tests.databases import LOADED
from tests.depth import in_depth

pytestmark = in_depth("It starts a site of its own, which takes seconds.")


@pytest.fixture(scope="module")
def service(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    """The address of the service of a running site."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(LOADED, folder) as url,
        a_site(url, FILES=str(folder / "files")) as address,
    ):
        yield f"{address}/api/v1/reconcile/"


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # which it still uses
def test_the_reconciler_package_matches_a_column(service):
    import pandas
    from reconciler import reconcile  # slow, and used here alone

    table = pandas.DataFrame(
        {
            "person": ["Guillot, Gregory M.", "Gregory M. Guillot", "Gregry Guillot"],
            "ministry": ["SEDENA", "Navy, Secretariat of the", "SEDENA"],
            "country": ["Mexico", "Mexico", "Mexico"],
        }
    )
    people = reconcile(
        table["person"], type_id="official", reconciliation_endpoint=service
    )
    assert set(people["id"]) == {"officials/gregory-guillot"}
    assert list(people["match"]) == [True, True, False]
    ministries = reconcile(
        table["ministry"].drop_duplicates(),
        type_id="agency",
        property_mapping={"country": table["country"].iloc[:2]},
        reconciliation_endpoint=service,
    )
    assert list(ministries["id"]) == ["agencies/sedena", "agencies/semar"]
    assert list(ministries["type_id"]) == ["agency", "agency"]
    assert all(ministries["match"])
