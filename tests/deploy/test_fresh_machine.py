"""The page on operations brings the site up on a machine that was just set up.

Its blocks are run as they stand there, as root of a fresh Debian whose systemd runs in
a container of its own, on this machine's network.
"""

import os
import re
import shutil
import ssl
import subprocess
import time
from contextlib import suppress
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests import PROJECT
from tests.depth import in_depth

NEEDED = ["debootstrap", "systemd-nspawn", "nsenter"]
pytestmark = [
    in_depth("It sets up a Debian, in minutes."),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, NEEDED)),
        reason="Root, on Debian and Ubuntu: apt install debootstrap systemd-container",
    ),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="It has a database server of its own."
    ),
]

PAGE = (PROJECT / "docs" / "operations.md").read_text()
NAME = "record.example.org"
MIRROR = "http://deb.debian.org/debian"
STARTING = 60  # seconds
READY = "curl --fail --silent --retry 9 --retry-all-errors"
# What the page leaves to its reader, and what is not to be had without a name in the
# Internet's directory.
OURS = {
    "ADDRESS-OF-THE-PROJECT": "/srv/project.git",
    'certbot certonly --webroot -w /var/www/html -d "$NAME" --deploy-hook '
    "'systemctl reload nginx'": """
        test "$(curl --silent --output /dev/null --write-out '%{http_code}' \
            http://localhost/.well-known/acme-challenge/none)" = 404
        mkdir -p "/etc/letsencrypt/live/$NAME" && cd "/etc/letsencrypt/live/$NAME"
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$NAME" \
            -addext "subjectAltName=DNS:$NAME,IP:127.0.0.1" \
            -keyout privkey.pem -out fullchain.pem
        cp fullchain.pem /usr/local/share/ca-certificates/site.crt
        update-ca-certificates
        cd /opt/bordersec""",
}


def blocks(heading):
    """All that the page has typed beneath a heading, as one script."""
    _before, _heading, after = PAGE.partition(f"\n{heading}\n")
    section = re.split(r"\n#+ ", after, maxsplit=1)[0]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    assert script, heading
    for theirs, ours in OURS.items():
        script = script.replace(theirs, ours)
    return script


class Machine:
    """A Debian of its own, with systemd, in a folder."""

    def __init__(self, folder):
        self.folder, self.root = folder, folder / "machine"

    def set_up(self):
        """Lays down what every Debian has, and how this machine reaches the network."""
        told = ("--variant=minbase", "--include=ca-certificates,systemd-sysv,dbus")
        subprocess.run(
            ["debootstrap", *told, "bookworm", self.root, MIRROR],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        own = self.root / "usr" / "local" / "share" / "ca-certificates"
        for file in Path("/usr/local/share/ca-certificates").glob("*.crt"):
            shutil.copy(file, own)
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", self.root / "etc/ssl/certs")
        hosts = self.root / "etc" / "hosts"
        hosts.write_text(f"127.0.0.1 localhost {NAME}\n")
        (self.root / "etc/apt/apt.conf.d/yes").write_text('APT::Get::Assume-Yes "1";\n')
        self.project = self.folder / "project.git"
        subprocess.run(
            ["git", "clone", "--quiet", "--bare", PROJECT, self.project], check=True
        )

    def start(self):
        self.program = subprocess.Popen(
            [
                *("systemd-nspawn", "--boot", "--console=pipe", "--register=no"),
                *("--keep-unit", "--resolv-conf=copy-host", "--quiet"),
                *(f"--directory={self.root}", "--machine=bordersec"),
                f"--bind-ro={self.project}:/srv/project.git",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + STARTING
        while "running" not in self._state():
            assert time.monotonic() < until, self._state()
            time.sleep(0.5)

    def _state(self):
        children = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children")
        with suppress(OSError, ValueError):
            (self.first,) = children.read_text().split()
            return self.run("systemctl is-system-running || true")
        return "nothing yet"

    def run(self, script):
        """What a script of root says that ends well; it fails if it does not."""
        done = subprocess.run(
            [
                *("nsenter", f"--target={self.first}"),
                *("--mount", "--uts", "--ipc", "--pid"),
                *("env", "--ignore-environment", "HOME=/root", "TERM=dumb"),
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND=noninteractive",
                "PIP_CERT=/etc/ssl/certs/ca-certificates.crt",
                *("bash", "-e", "-u", "-o", "pipefail", "-c", f"cd /\n{script}"),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def stop(self):
        self.program.terminate()
        self.program.wait(timeout=STARTING)
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    machine = Machine(tmp_path_factory.mktemp("machine"))
    machine.set_up()
    machine.start()
    yield machine
    machine.stop()


@pytest.fixture(scope="module")
def installed(machine):
    """The machine with the site, and what was said while it was installed."""
    machine.said = machine.run(blocks("## Install"))
    return machine


class Browser:
    """Somebody who reaches the site by its name."""

    def __init__(self, machine):
        chain = machine.root / "etc/letsencrypt/live" / NAME / "fullchain.pem"
        self.context = ssl.create_default_context(cafile=chain)
        self.cookies = {}

    def ask(self, method, address, sent=None):
        """The status and the text of an answer."""
        asking = HTTPSConnection("127.0.0.1", context=self.context, timeout=60)
        headers = {"Host": NAME, "Referer": f"https://{NAME}{address}"}
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if sent:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        asking.request(method, address, sent and urlencode(sent), headers)
        answer = asking.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode()
        asking.close()
        return answer.status, text


def test_the_machine_has_nothing_but_what_each_debian_has(machine):
    assert machine.run("command -v git python3 nginx psql || true") == ""


def test_what_was_installed_answers_by_its_name(installed):
    browser = Browser(installed)
    status, page = browser.ask("GET", "/officials/")
    assert (status, "Sheinbaum" in page) == (200, True)
    assert "UTF8" in installed.run("cd /; runuser -u postgres -- psql -lqt")


def test_the_first_admin_signs_in_with_the_password_that_was_printed(installed):
    password = re.search("with this password: (.+)", installed.said)[1]
    browser = Browser(installed)
    _status, page = browser.ask("GET", "/admin/login/")
    token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', page)[1]
    sent = {"username": "admin", "password": password, "csrfmiddlewaretoken": token}
    assert browser.ask("POST", "/admin/login/?next=/admin/", sent)[0] == 302
    assert browser.ask("GET", "/admin/")[0] == 200


def test_systemd_finds_nothing_amiss(installed):
    units = "/etc/systemd/system/bordersec*"
    assert installed.run(f"systemd-analyze verify {units} 2>&1") == ""
    assert installed.run("systemctl --failed --plain --no-legend") == ""
    log = installed.run("journalctl --unit 'bordersec*' --output cat")
    assert "error" not in log.casefold()


def test_the_nightly_backup_is_made(installed):
    installed.run("systemctl start bordersec-backup")
    assert ".tar.gz" in installed.run("ls /var/backups/bordersec")


def test_an_upgrade_leaves_the_record_as_it_was(installed):
    one = ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit-tree")
    project = ["git", "--git-dir", installed.project]
    made = subprocess.check_output(
        [*project, *one, "HEAD^{tree}", "-p", "HEAD", "-m", "Later"], text=True
    ).strip()
    subprocess.run([*project, "update-ref", "HEAD", made], check=True)
    installed.run(blocks("## Upgrade"))
    assert made in installed.run("git -C /opt/bordersec rev-parse HEAD")


def test_a_backup_is_restored(installed):
    archive = installed.run(blocks("## Backup")).splitlines()[0]
    installed.run("bordersec rename agency sedena defensa")
    assert Browser(installed).ask("GET", "/agencies/defensa/")[0] == 200
    installed.run(
        blocks("## Restore").replace(
            "/var/backups/bordersec/bordersec-20261130T030000Z.tar.gz", archive
        )
    )
    installed.run(
        f"{READY} --unix-socket /run/bordersec/site.sock http://localhost/readyz"
    )
    browser = Browser(installed)
    assert browser.ask("GET", "/agencies/sedena/")[0] == 200
    assert browser.ask("GET", "/agencies/defensa/")[0] == 404


def test_all_goes_on_by_way_of_pgbouncer(installed):
    installed.run(f"cd /opt/bordersec\n{blocks('### PgBouncer')}")
    installed.run("systemctl start bordersec-backup")
    assert Browser(installed).ask("GET", "/officials/")[0] == 200
    pooled = (
        "cd /; runuser -u bordersec -- psql -p 6432 -At "
        "-c 'SHOW jit' -c 'SHOW random_page_cost' bordersec"
    )
    assert installed.run(pooled) == "off\n1.1\n"


def test_caddy_takes_the_place_of_nginx(installed):
    installed.run(
        f"""apt install caddy
        sed 's/record.example.org/{NAME}/' /opt/bordersec/deploy/Caddyfile > /root/own
        caddy validate --adapter caddyfile --config /root/own
        systemctl stop nginx
        (echo '{{\nlocal_certs\n}}'; cat /root/own) > /etc/caddy/Caddyfile
        usermod -aG bordersec caddy && systemctl restart caddy"""
    )
    assert '"ok"' in installed.run(f"{READY} --insecure https://{NAME}/readyz")


def test_the_compose_file_is_one(installed):
    # Debian's program is older than the name of a project in the file.
    said = installed.run(
        """apt install --no-install-recommends docker-compose
        cd /opt/bordersec/deploy
        sed --in-place /^name:/d compose.yaml
        SECRET_KEY=x ALLOWED_HOSTS=x POSTGRES_PASSWORD=x docker-compose config --quiet
        git checkout compose.yaml"""
    )
    assert "invalid" not in said
