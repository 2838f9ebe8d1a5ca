"""Which address a request comes from, where proxies stand between.

Each proxy appends the address that it was asked from to X-Forwarded-For; what stands
before the entries of our own proxies is whatever the client wrote there
(https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For).
"""

import ipaddress

from django.conf import settings

UNKNOWN = "::"  # the address that stands for none (RFC 4291, 2.5.2)
HOUSEHOLD = 64  # bits of an IPv6 address


class ClientAddress:
    """Lets REMOTE_ADDR be the address of the client, for all that read it.

    ``TRUSTED_PROXIES`` says how many proxies of ours a request passes. Where nothing
    trustworthy says who asks, as over a unix socket without a proxy, it is empty.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.META["REMOTE_ADDR"] = client_address(request.META)
        return self.get_response(request)


def client_address(meta):
    """The address of who asks, as the last proxy of ours that knows it has written.

    Of a request that has passed fewer proxies than it should, the first there is: our
    own have written it as well.
    """
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    hops = [hop for hop in forwarded.split(",") if hop] if forwarded else []
    hops.append(meta.get("REMOTE_ADDR", ""))
    return _address(hops[-min(settings.TRUSTED_PROXIES + 1, len(hops))])


def _address(text):
    """An address alone, as some proxies write a port behind it; empty if it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def household_of(text):
    """The address of one who asks: of IPv6 that of a network, for each has many."""
    if not text:
        return UNKNOWN
    address = ipaddress.ip_address(text)
    if address.version == 6:
        address = ipaddress.ip_network((address, HOUSEHOLD), strict=False)[0]
    return str(address)
