"""Addresses of other sites are looked at, and nothing of one's own network is."""

import http.server
import threading

import pytest
from django.core.management import CommandError, call_command

from provenance.management.commands import check_links
from provenance.web.links import Found, is_public, look
from tests import make


class Site(http.server.BaseHTTPRequestHandler):
    """Answers as its paths say."""

    def do_GET(self):
        status = int(self.path.strip("/").split("/")[0] or 200)
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", self.path.removeprefix(f"/{status}"))
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def site():
    """A site of this machine, and how it is looked at."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.server_address[1]

        def looked(path):
            ports = {"http": port}
            return look(f"http://127.0.0.1:{port}{path}", lambda _ip: True, ports)

        looked.home = f"http://127.0.0.1:{port}"
        yield looked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "is_fine"),
    [("/200", True), ("/403", True), ("/404", False), ("/410", False), ("/503", False)],
)
def test_what_is_gone_is_told_from_what_refuses_programs(site, path, is_fine):
    assert site(path).is_fine == is_fine


def test_a_path_with_accents_is_asked_for(site):
    assert site("/200/reunión?día=1").is_fine


def test_a_redirect_is_followed_and_told(site):
    assert site("/301/200") == Found(200, f"{site.home}/200")
    assert not site("/301/404").is_fine
    assert site("/301" * 7 + "/200").error == "more than 5 redirects"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104  nothing is bound
        *("::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "224.0.0.1", "100.64.0.1"),
        *("64:ff9b::7f00:1", "::7f00:1", "fec0::1"),
    ],
)
def test_an_address_of_ones_own_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1/", "an address of a private network"),
        ("http://localhost/", "an address of a private network"),
        ("http://[::1]/", "an address of a private network"),
        ("http://127.0.0.1:8000/", "port 8000 is not looked at"),
        ("ftp://127.0.0.1/", "no address of the web"),
        ("file:///etc/passwd", "no address of the web"),
        ("http:///x", "no address of the web"),
    ],
)
def test_nothing_of_ones_own_network_is_connected_to(url, error):
    assert look(url).error == error


def test_a_redirect_into_ones_own_network_is_not_followed(site, monkeypatch):
    asked = []

    def allowed(address):
        asked.append(address)
        return len(asked) == 1  # the first is taken for one of the internet

    port = int(site.home.rsplit(":", 1)[1])
    found = look(f"{site.home}/302//127.0.0.1:{port}/200", allowed, {"http": port})
    assert found.error == "an address of a private network"


@pytest.mark.django_db
class TestTheCommand:
    @pytest.fixture(autouse=True)
    def answers(self, monkeypatch):
        known = {
            "https://example.org/here": Found(200),
            "https://example.org/moved": Found(200, "https://example.org/there"),
            "https://example.org/gone": Found(404),
        }
        monkeypatch.setattr(check_links, "look", known.__getitem__)

    def test_says_what_is_broken_and_proposes_an_archive(self, capsys):
        make.a_source(slug="a", url="https://example.org/here")
        make.a_source(slug="b", url="https://example.org/moved")
        make.a_source(
            slug="c",
            url="https://example.org/gone",
            published="2025-03",
            status="draft",
        )
        with pytest.raises(CommandError, match="Not all addresses answer"):
            call_command("check_links")
        assert capsys.readouterr().out == (
            "b: leads to https://example.org/there\n"
            "c: 404 https://example.org/gone\n"
            "  archived_url? https://web.archive.org/web/20250301/"
            "https://example.org/gone\n"
            "3 looked at, 1 broken\n"
        )

    def test_looks_at_those_that_are_named(self, capsys):
        make.a_source(slug="a", url="https://example.org/here")
        make.a_source(slug="c", url="https://example.org/gone")
        call_command("check_links", "a")
        assert capsys.readouterr().out == "1 looked at, 0 broken\n"
