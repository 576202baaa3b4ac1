"""Local files in, whole files out."""

import errno
import os
from pathlib import Path

import pytest

from parkmap import files, messages
from parkmap.errors import InputError, OutputError


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


def write_half(path, failure):
    with files.writing(path, overwrite=True) as draft:
        draft.write_text("half")
        raise failure


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.geojson",
        "https://example.invalid/a",
        "/vsicurl/http://127.0.0.1:1/a.geojson",
        "/vsizip/a.zip/a.shp",
        "PG:dbname=parks",
        "WFS:http://127.0.0.1:1",
        "file:///etc/hostname",
    ],
)
def test_only_local_files_are_opened(address):
    with pytest.raises(InputError, match="not a local file"):
        files.local_file(address)


def test_a_password_is_never_printed():
    with pytest.raises(InputError) as caught:
        files.local_file("postgresql://me:secret@host/db")
    assert "secret" not in str(caught.value)


def test_a_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "parks.geojson").touch()
    with pytest.raises(
        InputError, match=r"park\.geojson: no such file; did you mean parks\.geojson"
    ):
        files.local_file(tmp_path / "park.geojson")


@pytest.mark.parametrize(
    "name", ["a#b.csv", "a!b%20.csv", "-dash.csv", "园区 表.csv", "PG:a.csv", "a\x1b.csv"]
)
def test_odd_names_are_files(tmp_path, name):
    (tmp_path / name).touch()
    assert files.local_file(tmp_path / name) == tmp_path / name


def test_folders_loops_and_devices_are_refused(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    for path, said in [
        (tmp_path, "folder"),
        (tmp_path / "loop", "leads back"),
        ("/dev/null", "device"),
    ]:
        with pytest.raises(InputError, match=said):
            files.local_file(path)
    assert files.local_file(tmp_path, folder=True) == tmp_path


@pytest.mark.parametrize("name", ["a\0b", "a" * 300])
def test_impossible_names_are_refused(name):
    with pytest.raises(InputError, match="cannot be used"):
        files.local_file(name)


def test_a_file_is_written_whole(tmp_path):
    with files.writing(tmp_path / "a.txt") as draft:
        draft.write_text("half")
        assert not (tmp_path / "a.txt").exists()
        draft.write_text("whole")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "whole")]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_nothing(tmp_path, failure):
    with pytest.raises(failure):
        write_half(tmp_path / "a.txt", failure)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_old_file(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(OutputError, match="disk is full"):
        write_half(tmp_path / "a.txt", OSError(errno.ENOSPC, "No space left on device"))
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_an_existing_file_is_refused_without_overwrite(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(OutputError, match="--overwrite"):
        files.write_bytes(tmp_path / "a.txt", b"new")
    files.write_bytes(tmp_path / "a.txt", b"new", overwrite=True)
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_two_runs_at_once_cannot_both_win(tmp_path):
    late = files.writing(tmp_path / "a.txt")
    late.__enter__().write_text("late")
    files.write_bytes(tmp_path / "a.txt", b"first")
    with pytest.raises(OutputError, match="there already"):
        late.__exit__(None, None, None)
    assert (tmp_path / "a.txt").read_text() == "first"


def test_an_input_is_never_replaced(tmp_path):
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "link").symlink_to("a.txt")
    for target in ("a.txt", "link"):
        with pytest.raises(OutputError, match="one of the inputs"):
            files.write_bytes(tmp_path / target, b"", overwrite=True, inputs=[tmp_path / "a.txt"])
    assert (tmp_path / "a.txt").read_text() == "mine"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    files.write_bytes(tmp_path / "link", b"new", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_places_that_cannot_be_written_are_said_in_one_line(tmp_path):
    for target, said in [
        (tmp_path / "no" / "a.txt", "folder to write to does not exist"),
        (tmp_path, "a folder or a device"),
        (Path("/dev/full"), "a folder or a device"),
        (tmp_path / ("a" * 300), "cannot be used"),
        (tmp_path / "a\0b", "cannot be used"),
    ]:
        with pytest.raises(OutputError, match=said) as caught:
            files.write_bytes(target, b"", overwrite=True)
        assert len(str(caught.value).splitlines()) == 1
        assert len(str(caught.value)) <= 200


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EROFS, "may not be written"),
        (errno.EFBIG, "larger than"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_the_system_is_quoted(number, said):
    assert said in str(files.output_error("a", OSError(number, os.strerror(number))))


def test_a_file_has_the_mode_the_user_asked_for(tmp_path):
    files.write_bytes(tmp_path / "ours", b"")
    (tmp_path / "theirs").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode


def test_side_files_come_along(tmp_path):
    with files.writing(tmp_path / "a.shp") as draft:
        draft.write_text("shp")
        draft.with_suffix(".dbf").write_text("dbf")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.dbf", "a.shp"]


def test_a_folder_is_hashed_by_its_files(tmp_path):
    (tmp_path / "a").write_text("1")
    first = files.input_hash(tmp_path)
    (tmp_path / "a").write_text("2")
    assert files.input_hash(tmp_path) != first
