"""What only a second process, a kill or a full disk can show: the store's promises to the machine it runs on."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from domain.errors import StoreFull, StoreLocked
from store.ledger import Ledger
from store.series import Series
from tests.fakes.memory_stage import NOW, happened, owing, poll, tanks

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("STORE_KILLS", "10"))

WRITER = """
    import sys
    from store.ledger import Ledger
    from tests.fakes.memory_stage import NOW, happened, owing

    ledger = Ledger.open(sys.argv[1])
    ledger.recover(NOW)
    print("open", flush=True)
    n = ledger.head("bank_a")[0]
    while True:
        n += 1
        key = f"debt-{n}"
        ledger.commit(events=[happened(n)], debts=[owing(key)], seen=[("telegram", str(n))], now=NOW)
        print("committed", n, flush=True)
        if n % 3 == 0:
            ledger.lease([key], NOW)
            ledger.sent(key, f"ref-{n}", NOW)
            print("sent", n, flush=True)
        if n % 25 == 0:
            ledger.checkpoint()
"""

HOLDER = """
    import sys
    from store.ledger import Ledger

    ledger = Ledger.open(sys.argv[1])
    print("open", flush=True)
    sys.stdin.read()
"""

FILLER = """
    import resource, signal, sys
    from domain.errors import StoreFull
    from store.ledger import Ledger
    from tests.fakes.memory_stage import NOW, happened, owing

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    ledger = Ledger.open(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, resource.RLIM_INFINITY))
    done = 0
    try:
        while True:
            ledger.commit(events=[happened(done + i) for i in range(1, 51)], debts=[owing(f"debt-{done}")], now=NOW)
            done += 50
    except StoreFull as e:
        print(done, ledger.head("bank_a")[0], len(list(ledger.events())), "nothing was committed" in str(e))
"""


def started(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_file_held_by_another_process_is_named_with_its_holder_and_the_remedy(tmp_path):
    path = tmp_path / "ledger.duckdb"
    with started(HOLDER, path) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreLocked) as refused:
            Ledger.open(path)
        holder.stdin.close()
    assert str(path) in str(refused.value)
    assert f"PID {holder.pid}" in str(refused.value)
    assert "stop that process, or let it answer" in str(refused.value)
    Ledger.open(path).close()


def test_whatever_was_acknowledged_survives_a_kill_at_any_moment(tmp_path):
    path, chance = tmp_path / "ledger.duckdb", random.Random(7)
    committed, sent = 0, set()
    for _ in range(ROUNDS):
        said = killed_after(path, lines=chance.randrange(1, 40), more_s=chance.random() * 0.02)
        committed = max([committed, *(n for word, n in said if word == "committed")])
        sent |= {f"debt-{n}" for word, n in said if word == "sent"}
        events, debts = audited(path)
        assert events >= committed
        assert events == debts, "a debt without its event, or an event without its debt"
        assert sent_in(path) >= sent
    assert committed > ROUNDS
    assert sent


def killed_after(path, *, lines, more_s):
    """What a writer had acknowledged when it was killed, some lines and a moment after it began."""
    with started(WRITER, path) as writer:
        said = [writer.stdout.readline() for _ in range(lines)]
        try:
            writer.wait(more_s)
        except subprocess.TimeoutExpired:
            os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.readlines()
    assert writer.returncode == -signal.SIGKILL
    assert said[0] == "open\n"
    return [
        (word, int(n)) for word, _, n in (line.rstrip("\n").partition(" ") for line in said[1:] if line[-1] == "\n")
    ]


def audited(path):
    """Numbers of events and of debts, after proving the chain."""
    ledger = Ledger.open(path)
    reports, debts = ledger.verify(), sum(ledger.counts().values())
    assert [r.broken_at for r in reports] in ([], [None])
    assert [r.event.body["n"] for r in ledger.events()] == list(range(1, sum(r.length for r in reports) + 1))
    ledger.close()
    return sum(r.length for r in reports), debts


def sent_in(path):
    ledger = Ledger.open(path)
    found = {latency.key for latency in ledger.latencies(NOW)}
    ledger.close()
    return found


def test_a_file_that_may_grow_no_further_is_said_to_be_full_and_keeps_what_it_had(tmp_path):
    path = tmp_path / "ledger.duckdb"
    said, _ = started(FILLER, path).communicate(timeout=120)
    done, head, events, nothing_committed = said.split()
    assert (head, events, nothing_committed) == (done, done, "True")
    assert int(done) > 0
    assert audited(path) == (int(done), int(done) // 50)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 6 MB of its own."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small tmpfs; the test with RLIMIT_FSIZE covers the rest")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"this machine may not mount a tmpfs: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def until_full(work):
    """Do the work until the store is full; how often it was done, and what was said."""
    done = 0
    while True:
        try:
            work(done)
        except StoreFull as e:
            return done, str(e)
        done += 1


def fill(path):
    """Write a file until the disk is full."""
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return


def test_a_full_disk_loses_nothing_that_was_committed_and_takes_nothing_by_halves(small_disk):
    ledger = Ledger.open(small_disk / "ledger.duckdb")

    def commit(n):
        ledger.commit(events=[happened(50 * n + i) for i in range(1, 51)], debts=[owing(f"debt-{n}")], now=NOW)

    done, said = until_full(commit)
    assert "No space left on device" in said
    events = 50 * done
    assert (ledger.head("bank_a")[0], len(list(ledger.events())), len(ledger.open_debts())) == (events, events, done)
    ledger.close()
    assert audited(small_disk / "ledger.duckdb") == (events, done)


def test_a_ledger_goes_on_when_there_is_space_again(small_disk):
    filler = small_disk / "something else"
    ledger = Ledger.open(small_disk / "ledger.duckdb")
    ledger.commit(events=[happened(1)], now=NOW)
    fill(filler)
    with pytest.raises(StoreFull):
        ledger.commit(events=[happened(n) for n in range(2, 400)], now=NOW)
    filler.unlink()
    ledger.commit(events=[happened(2)], now=NOW)
    ledger.close()
    assert audited(small_disk / "ledger.duckdb")[0] == 2


def test_a_series_on_a_full_disk_keeps_its_batches(small_disk):
    series, index = Series.open(small_disk / "series.duckdb"), tanks("a")
    done, _ = until_full(lambda n: series.append([poll([0] * 20_000, [float(n)] * 20_000)], index))
    assert done > 0
    assert (series.verify().batches, series.verify().broken_at) == (done, None)
    series.close()


def test_a_checkpoint_without_space_loses_nothing(small_disk):
    ledger = Ledger.open(small_disk / "ledger.duckdb")
    events = 0
    while ledger.log_bytes() < 3_300_000:
        ledger.commit(events=[happened(events + i) for i in range(1, 201)], now=NOW)
        events += 200
    filler = small_disk / "something else"
    fill(filler)
    with pytest.raises(StoreFull):
        ledger.checkpoint()
    ledger.close()
    filler.unlink()
    assert audited(small_disk / "ledger.duckdb")[0] == events
