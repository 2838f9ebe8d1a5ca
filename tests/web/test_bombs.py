"""What costs little to send and much to read is refused within a second and 64 MiB.

Each is read in a process of its own, of which the time of the processor counts, with
that of the readers it starts, and the memory beyond what it began with.
"""

import os
import resource
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.bombs import BOMBS, patterns, texts_for, try_all
from tests.depth import in_depth

pytestmark = [
    pytest.mark.django_db(transaction=True),
    in_depth("The quick run refuses such things as well, and measures nothing."),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="It reads /proc."),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="No database has a part in it."
    ),
]

SECONDS, MIB = 1.0, 64
FORK = get_context("fork")
# A program that a reader is run by: it says how much memory that took. What is asked of
# the process that started both would begin with its own.
RUN_BY = """#!{python} -S
import os, resource, subprocess, sys
ended = subprocess.run(["{python}", *sys.argv[1:]]).returncode
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open("{file}", "w").write(str(most))
os.kill(os.getpid(), -ended) if ended < 0 else sys.exit(ended)
"""


def memory(name):
    """What /proc says of this process, in MiB."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


@pytest.fixture
def cost_of(tmp_path, monkeypatch):
    """Tells what something answers, the seconds of the processor, and the MiB."""
    program, file = tmp_path / "read", tmp_path / "most"
    program.write_text(RUN_BY.format(python=sys.executable, file=file))
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    Client().get("/admin/login/")  # what only the first request of a process takes

    def cost(read):
        answers = FORK.SimpleQueue()
        process = FORK.Process(target=measure, args=(read, file, answers))
        process.start()
        process.join(20 * SECONDS)
        if process.exitcode is None:
            process.kill()
            return False, 20 * SECONDS, 0
        assert process.exitcode == 0
        return answers.get()

    return cost


def measure(read, file, answers):
    """Reads, and puts what that cost where it is waited for; ends this process."""
    Path("/proc/self/clear_refs").write_text("5")  # from here on the most is counted
    before, began = memory("VmRSS"), time.process_time()
    answer = read()
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() - began + readers.ru_utime + readers.ru_stime
    of_readers = int(file.read_text()) / 1024 if file.exists() else 0
    answers.put((answer, seconds, max(memory("VmHWM") - before, of_readers)))
    os._exit(0)


@pytest.mark.proves("bombs")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_second_and_64_mib(figure, cost_of, name):
    is_refused, seconds, mib = cost_of(BOMBS[name]())
    print(f"{name}: {seconds:.2f} s, {mib:.0f} MiB")
    figure(1, not is_refused or seconds > SECONDS or mib > MIB)
    assert is_refused
    assert seconds < SECONDS
    assert mib < MIB


@pytest.mark.proves("texts that are to keep a regular expression busy")
def test_no_text_keeps_a_regular_expression_busy(figure, cost_of):
    known, slow, tried = list(patterns()), {}, 0
    assert len(known) > 50
    for name, pattern, ways in known:
        _done, seconds, _mib = cost_of(try_all(pattern, ways))
        tried += len(ways) * len(texts_for(pattern))
        if seconds > SECONDS:
            slow[name] = seconds
    figure(tried, len(slow))
    assert slow == {}
