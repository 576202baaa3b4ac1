"""Killed at every step that touches a file or the store: the pair is consistent, nothing is lost."""

import os
import shutil
import signal
import sqlite3
import sys

import pytest
from test_ledger import DAY, PAIR, begun, delivery, face, finding, nothing, typed

from parkmap import ledger, messages

OTHERS = ("S丙园", "S丁园")
LATER = "2026-06-01"
#: Audited events that are steps of the file system.
STEPS = (
    "open",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.chmod",
    "os.truncate",
)


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


class Steps:
    """Counts steps and dies at one of them."""

    def __init__(self, last):
        self.count, self.last = 0, last

    def step(self):
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self):
        """In the child only: an audit hook stays for good."""
        steps, fsync, connect = self, os.fsync, sqlite3.connect

        class Connection(sqlite3.Connection):
            def execute(self, *words):
                if not words[0].startswith(("SELECT", "PRAGMA")):
                    steps.step()
                return super().execute(*words)

            def executemany(self, *words):
                steps.step()
                return super().executemany(*words)

            def executescript(self, *words):
                steps.step()
                return super().executescript(*words)

            def commit(self):
                steps.step()
                super().commit()
                steps.step()

            def close(self):
                steps.step()
                super().close()

        def synced(handle):
            steps.step()
            fsync(handle)
            steps.step()

        os.fsync = synced
        sqlite3.connect = lambda *a, **k: connect(*a, **{"factory": Connection, **k})
        sys.addaudithook(self.heard)

    def heard(self, event, given):
        writes = event != "open" or given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if event.startswith(STEPS) and writes:
            self.step()


def died_at(last, work):
    """Run work in a child that dies at a step; say whether it died."""
    child = os.fork()
    if child == 0:
        try:
            Steps(last).install()
            work()
            os._exit(0)
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def update(path):
    made = delivery(finding("c-1", PAIR, area=2e6), finding("c-2", OTHERS, area=2e6), date=DAY)

    def change(state):
        return ledger.take_in(state, made, date=LATER)

    return ledger.edit(path, change, date=LATER)


def rows(path):
    return ledger.read(path, date=LATER).state.rows


def facts(matters):
    kept = ("area_ha", "change", "person", "remark")
    return {name: {key: row.get(key) for key in kept} for name, row in matters.items()}


def swept(book):
    """Whatever a killed run left, the next writing takes away."""
    whole = {"台账.sqlite", "台账.xlsx"}
    if {file.name for file in book.parent.iterdir()} != whole:
        ledger.edit(book, noted, date=LATER)
    assert {file.name for file in book.parent.iterdir()} == whole


def noted(state):
    state.rows["matters"]["c-1"]["remark"] = "又改"


def test_an_update_killed_at_every_step(tmp_path):
    origin = tmp_path / "origin"
    origin.mkdir()
    path = begun(origin, finding("c-1", PAIR), finding("c-2", OTHERS))
    typed(path, {("c-1", "责任人"): "张三"})
    ledger.edit(path, nothing, date=DAY)
    typed(path, {("c-1", "备注"): "未收入", ("c-2", "责任人"): "李四"})  # not in the store yet
    before = facts(rows(path)["matters"])
    done = tmp_path / "done"
    shutil.copytree(origin, done)
    update(done / path.name)
    after = facts(rows(done / path.name)["matters"])
    assert {row["change"] for row in after.values()} == {"worsened"}
    assert [after[name]["person"] for name in ("c-1", "c-2")] == ["张三", "李四"]

    seen, last = [], 0
    while True:
        last += 1
        folder = tmp_path / f"at{last}"
        shutil.copytree(origin, folder)
        book = folder / path.name
        if not died_at(last, lambda book=book: update(book)):
            break
        found = rows(book)
        assert facts(found["matters"]) in (before, after), last
        seen.append(facts(found["matters"]) == after)
        kept = update(book)
        assert facts(kept.state.rows["matters"]) == after, last
        assert not kept.state.rows["differences"], last
        assert facts(face(book)) == after, last
        swept(book)
        shutil.rmtree(folder)
    assert seen == sorted(seen)  # once it is done it is done
    assert set(seen) == {False, True}
    assert len(seen) > 15


def test_a_beginning_killed_at_every_step(tmp_path):
    last = 0
    seen = set()
    while True:
        last += 1
        folder = tmp_path / f"at{last}"
        folder.mkdir()
        if not died_at(last, lambda folder=folder: begun(folder)):
            break
        book = folder / "台账.xlsx"
        there = (book.exists(), ledger.store_of(book).exists())
        seen.add(there)
        if there == (False, False):
            begun(folder)
        assert sorted(rows(book)["matters"]) == ["c-1", "c-2"], last
        swept(book)
        shutil.rmtree(folder)
    assert {(False, False), (True, True)} <= seen  # and the store alone in between
    assert last > 15
