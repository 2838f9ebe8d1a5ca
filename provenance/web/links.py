"""Looks whether addresses of other sites still answer, without being led astray.

Only public addresses of the internet are connected to, by HTTP and HTTPS, at their
usual ports: the name is looked up once, and what is connected to is what was looked up.
It is used by a command alone, never while the site answers.
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

SECONDS, REDIRECTS = 15, 5
PORTS = {"http": 80, "https": 443}
# IPv6 by which addresses of IPv4 are reached, and what was local once.
TRANSLATED = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "fec0::/10"))
)
SAFE = "%/:=&?~#+!$,;'@()*[]"
AGENT = "bordersec-link-check/1.0"
MOVED, GONE = (301, 302, 303, 307, 308), (404, 410)


@dataclass(frozen=True)
class Found:
    """What an address answers: its status, where it leads, or why it does not."""

    status: int = 0
    leads_to: str = ""
    error: str = ""

    @property
    def is_fine(self):
        """Whether somebody who goes there reads something, as far as one can tell."""
        # Some refuse programs, and show people what they ask for.
        return not self.error and self.status not in GONE and self.status < 500


class NotAllowed(ValueError):
    """An address that is not connected to."""


def is_public(address):
    """Whether an IP address is one of the internet, and of nobody's own network."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    if not mapped and any(found in network for network in TRANSLATED):
        return False
    return (mapped or found).is_global and not (mapped or found).is_multicast


def look(url, allowed=is_public, ports=PORTS):
    """What an address answers, followed to where it leads."""
    first = url
    try:
        for _turn in range(REDIRECTS + 1):
            status, location = _asked(url, allowed, ports)
            if status not in MOVED or not location:
                return Found(status, url if url != first else "")
            url = urljoin(url, location)
    except NotAllowed as error:
        return Found(error=str(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Found(error=f"{type(error).__name__}: {error}"[:200])
    return Found(error=f"more than {REDIRECTS} redirects")


def _asked(url, allowed, ports):
    """The status of one answer, and where it leads."""
    parts = urlsplit(url)
    if parts.scheme not in ports or not parts.hostname:
        raise NotAllowed("no address of the web")
    port = parts.port or ports[parts.scheme]
    if port != ports[parts.scheme]:
        raise NotAllowed(f"port {port} is not looked at")
    several = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    where = several[0][4][0]
    if not all(allowed(one[4][0]) for one in several):
        raise NotAllowed("an address of a private network")
    connection = _Connection(parts.hostname, port, where, parts.scheme == "https")
    try:
        path = quote(parts.path or "/", safe=SAFE)
        asked = f"{path}?{quote(parts.query, safe=SAFE)}" if parts.query else path
        headers = {"User-Agent": AGENT, "Accept": "*/*"}
        connection.request("GET", asked, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to the IP address that was looked at."""

    def __init__(self, host, port, where, is_secret):
        self.default_port = port  # which is not named to the other side
        super().__init__(host, port, timeout=SECONDS)
        self.where, self.is_secret = where, is_secret

    def connect(self):
        self.sock = socket.create_connection((self.where, self.port), self.timeout)
        if self.is_secret:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
