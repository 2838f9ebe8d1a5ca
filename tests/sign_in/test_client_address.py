"""The address of a client, however many proxies stand between."""

import pytest

from provenance.sign_in.client_address import client_address

PROXY, CLIENT, OTHER = "10.0.0.1", "203.0.113.9", "198.51.100.7"


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        # Nobody is trusted: only who asks the server itself is known.
        (0, CLIENT, "", CLIENT),
        (0, PROXY, OTHER, PROXY),
        (0, "", OTHER, ""),  # a unix socket
        # One proxy: what it has written, and nothing that stood there before.
        (1, PROXY, CLIENT, CLIENT),
        (1, PROXY, f"{OTHER}, {CLIENT}", CLIENT),
        (1, "", f"{OTHER}, {CLIENT}", CLIENT),
        (1, "", "", ""),
        (1, CLIENT, "", CLIENT),  # it asked past the proxy
        # Two.
        (2, PROXY, f"{CLIENT}, 10.0.0.2", CLIENT),
        (2, PROXY, f"{OTHER},{CLIENT},10.0.0.2", CLIENT),
        (2, PROXY, CLIENT, CLIENT),  # past the outer one
        # As proxies write addresses.
        (1, PROXY, f"{CLIENT}:51234", CLIENT),
        (1, PROXY, "[2001:db8::9]:443", "2001:db8::9"),
        (1, PROXY, "2001:DB8::9", "2001:db8::9"),
        (1, PROXY, "unknown", ""),
        (1, PROXY, "<script>", ""),
    ],
)
def test_is_what_the_last_trusted_proxy_says(
    settings, proxies, peer, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    meta = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta) == address


def test_is_told_to_all_who_read_it(settings, client, db):
    settings.TRUSTED_PROXIES = 1
    answer = client.get(
        "/admin/login/", REMOTE_ADDR=PROXY, headers={"x-forwarded-for": CLIENT}
    )
    assert answer.wsgi_request.META["REMOTE_ADDR"] == CLIENT
