"""PostgreSQL servers that repeat what one of them writes; each can be killed."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg

from tests import on_postgres
from tests.browsing import WAIT

DATABASE = on_postgres.DATABASE


class Server:
    """A server on a port of its own, whose files lie in its folder."""

    def __init__(self, folder, port, programs, account):
        self.folder, self.port, self.programs = folder, port, programs
        self.as_account = {**account, "extra_groups": []} if account else {}
        self.cluster, self.process = folder / "cluster", None
        folder.mkdir()
        if account:
            os.chown(folder, *account.values())

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"postgres://postgres@{self.address}/{DATABASE}"

    def create(self):
        on_postgres.create_cluster(self.programs, self.folder, self.as_account)

    def follow(self, primary, name):
        """Begins as a copy of what another server has, and as its replica."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        subprocess.run(
            [
                *(self.programs / "pg_basebackup", "--pgdata", self.cluster),
                *("--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
                f"--dbname={source} application_name={name}",
            ],
            cwd=self.folder,
            env=on_postgres.environment(),
            check=True,
            capture_output=True,
            **self.as_account,
        )

    def start(self):
        log = self.folder / "log"
        with log.open("a") as output:
            self.process = subprocess.Popen(
                [
                    *(self.programs / "postgres", "-D", self.cluster, "-k", ""),
                    *("--listen_addresses=127.0.0.1", f"--port={self.port}"),
                    *("--wal_level=replica", "--hot_standby_feedback=on"),
                ],
                cwd=self.folder,
                env=on_postgres.environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self.as_account,
            )
        on_postgres.wait_until_ready(self.process, self.cluster, log)

    def kill(self):
        """Ends all its processes as a power cut would."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for number in (self.process.pid, *map(int, children.read_text().split())):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            on_postgres.stop(self.process)

    def ask(self, statement, database="postgres"):
        """The first value that a statement answers."""
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            answer = connection.execute(statement)
            return answer.fetchone()[0] if answer.description else None

    def wait_for(self, statement, database="postgres"):
        """Until a statement answers with yes."""
        until(lambda: self.ask(statement, database))


def until(is_so, patience=WAIT):
    """Waits for something that will soon be so."""
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "It did not come to pass."
        time.sleep(0.1)


@contextmanager
def servers(ports):
    """So many servers that have not begun yet; all are gone afterwards."""
    programs = on_postgres.program_folders()[0]
    account = on_postgres.server_account()
    home = Path(tempfile.mkdtemp(prefix="replicas-", dir=on_postgres.parent_folder()))
    home.chmod(0o755)
    try:
        with ExitStack() as running:
            made = [Server(home / str(port), port, programs, account) for port in ports]
            for each in made:
                running.callback(each.stop)
            yield made
    finally:
        shutil.rmtree(home, ignore_errors=True)
