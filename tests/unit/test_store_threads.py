"""One thread writes while others read: nobody waits for a broken answer."""

import threading
from datetime import timedelta

from store.ledger import Ledger
from store.series import Series
from tests.fakes.memory_stage import MINUTE, NOW, happened, owing, poll, tanks


def readers(stop, *asks):
    """Threads that ask until told to stop; what went wrong in them."""
    wrong = []

    def ask_on(ask):
        while not stop.is_set():
            try:
                ask()
            except AssertionError as e:
                wrong.append(e)
                return

    threads = [threading.Thread(target=ask_on, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    return threads, wrong


def test_readers_see_only_whole_commits(tmp_path):
    ledger, stop = Ledger.open(tmp_path / "ledger.duckdb"), threading.Event()

    def whole():
        assert len(list(ledger.events())) % 2 == 0
        assert len(ledger.open_debts()) % 3 == 0
        assert all(report.broken_at is None for report in ledger.verify())

    threads, wrong = readers(stop, whole, whole, whole)
    for n in range(60):
        debts = [owing(f"{n}-{i}") for i in range(3)]
        ledger.commit(events=[happened(n), happened(n)], debts=debts, now=NOW)
        if n % 20 == 19:
            ledger.checkpoint()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(list(ledger.events())) == 120
    ledger.close()


def test_questions_are_answered_while_readings_come_in(tmp_path):
    series, index, stop = Series.open(tmp_path / "series.duckdb"), tanks("a", "b"), threading.Event()

    def whole():
        newest = series.latest(index, now=NOW, within=timedelta(hours=1))
        assert len(set(newest.taken_at_us.tolist())) <= 1
        hour = series.window(index, ["a"], NOW - MINUTE, NOW + timedelta(hours=2))
        assert hour.level_mm.tolist() == list(range(len(hour.rows)))

    threads, wrong = readers(stop, whole, whole)
    for n in range(60):
        series.append([poll([0, 1], [n, -n], at=NOW + n * MINUTE)], index)
        if n % 20 == 19:
            series.checkpoint()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert series.verify().rows == 120
    series.close()


def test_commits_from_two_threads_still_make_one_chain(tmp_path):
    """The bot has one writer; a second by mistake must wait, not fork the chain."""
    ledger = Ledger.open(tmp_path / "ledger.duckdb")

    def write(name):
        for n in range(20):
            ledger.commit(events=[happened(n)], debts=[owing(f"{name}-{n}")], now=NOW)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("x", "y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (report,) = ledger.verify()
    assert (report.length, report.broken_at) == (40, None)
    assert len({o.seq for o in ledger.open_debts()}) == 40
    ledger.close()
