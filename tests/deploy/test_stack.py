"""The site answers its questions as it is deployed, with the files in ``deploy``."""

from contextlib import ExitStack

import pytest

from tests.databases import LOADED
from tests.deployed import free_port, needs_its_programs, pooled, site_on
from tests.depth import in_depth
from tests.project.test_questions import QUESTIONS, read_as, said

pytestmark = [
    pytest.mark.database,
    in_depth("It starts five programs."),
    needs_its_programs,
]


@pytest.fixture(scope="module", params=["unix", "tcp"])
def deployed(request, tmp_path_factory, django_db_setup, django_db_blocker, templates):
    folder = tmp_path_factory.mktemp("deployed")
    listen = "" if request.param == "unix" else f"127.0.0.1:{free_port()}"
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(LOADED, folder) as url,
        ExitStack() as stack,
    ):
        url = pooled(url, folder, stack)
        with site_on(url, folder, listen, POOLER="1") as site:
            yield site


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_each_question_is_answered(asked, deployed):
    answer, text = deployed.get(asked["address"])
    assert answer.status == 200
    found = read_as(answer.headers["Content-Type"], text).casefold()
    for name in said(asked["answer"]):
        assert name.casefold() in found


def test_styles_and_scripts_are_served_with_their_hashes(deployed):
    _answer, page = deployed.get("/")
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer, _text = deployed.get(address)
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_large_list_goes_out_whole(deployed):
    answer, text = deployed.get("/api/v1/citations/?format=csv")
    assert answer.status == 200
    assert len(text.splitlines()) > 1000


def test_the_name_of_a_request_comes_from_the_proxy(deployed):
    answer, _text = deployed.get("/api/v1/places/")
    assert len(answer.headers["X-Request-ID"]) == 32
