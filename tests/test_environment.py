"""Killed, crowded out, without a home or in another language: a whole result, or one line."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from builders import park_layer, square

from parkmap import files, io
from parkmap.cli import app

ROOT = Path(__file__).parents[1]


@pytest.fixture
def layer(tmp_path):
    shapes = {f"园{i}": square(x=900 * i) for i in range(6)}
    path = tmp_path / "园区.gpkg"
    io.write_parks(park_layer(shapes, sectors=[("偏光片",)] * 6), path)
    return path


def environment(**more):
    kept = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "MPLCONFIGDIR": tempfile.gettempdir(),
    }
    return {
        **kept,
        "HOME": os.environ.get("HOME", tempfile.gettempdir()),
        "PYTHONWARNINGS": "ignore",
        **more,
    }


def started(*words, **more):
    command = [sys.executable, "-m", "parkmap", *map(str, words)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**more)
    )


def run(*words, **more):
    with started(*words, **more) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.mark.parametrize(
    "more",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX"},
        {"PYTHONIOENCODING": "gbk", "LC_ALL": "zh_CN.GBK"},
        {"PYTHONIOENCODING": "ascii"},
        {"HOME": "/nonexistent", "MPLCONFIGDIR": "/nonexistent"},
    ],
    ids=["C", "POSIX", "GBK", "ascii", "no home"],
)
def test_another_locale_or_no_home_makes_no_difference_to_the_file(layer, tmp_path, more):
    made = tmp_path / "结果.csv"
    code, _, err = run("overlaps", layer, "-o", made, **more)
    assert code in (0, 1), err
    assert made.read_bytes().startswith(b"\xef\xbb\xbfleft,right,")
    assert "园0" in made.read_text("utf-8-sig")


def test_a_closed_pipe_is_no_fault(layer):
    with started("overlaps", layer, "-f", "csv") as process:
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode in (0, 1)
    assert err == b""


@pytest.mark.skipif(os.name != "posix", reason="a shell that can close a stream")
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&-"])
def test_a_stream_that_a_shell_closed_is_no_fault(layer, closed):
    call = ["sh", "-c", f'"$0" -m parkmap check "$1" -f csv {closed}', sys.executable, str(layer)]
    done = subprocess.run(call, capture_output=True, env=environment(), timeout=120, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", b"")


def test_an_internal_error_that_cannot_be_recorded_is_one_line_too(monkeypatch, tmp_path, capsys):
    def break_down(*_, **__):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(app, "refuse_bad_epoch", break_down)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    with pytest.raises(SystemExit) as left:
        app.main(arguments=["--lang", "en", "doctor"])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.startswith(
        "parkmap: an error (RuntimeError: no such thing), and the temporary folder"
    )
    assert said.count("\n") == 1


def test_a_home_that_cannot_be_written_is_not_spoken_of(layer, tmp_path):
    blocked = tmp_path / "no-folder"
    blocked.write_text("a file in its place")
    code, _, err = run("check", layer, "-q", "-f", "csv", MPLCONFIGDIR=str(blocked))
    assert (code, err) == (0, b"")


def test_two_runs_at_once_make_one_whole_file(layer, tmp_path):
    made = tmp_path / "a.json"
    runs = [started("conflicts", layer, "-o", made, "--exit-zero") for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in runs]
    assert sorted(process.returncode for process in runs) == [0, 2]
    (refusal,) = [text for process, text in zip(runs, said, strict=True) if process.returncode == 2]
    assert len(refusal.splitlines()) == 1
    assert made.read_bytes().rstrip().endswith(b"}")


@pytest.mark.skipif(os.name != "posix", reason="a folder that can go while it is used")
def test_a_folder_that_is_gone_is_said(layer, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f"{sys.executable} -m parkmap check {layer}"
    command = f"cd {gone} && rmdir {gone} && {program}"
    ran = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        env=environment(PARKMAP_LANG="en"),
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("parkmap: the current folder was deleted")


@pytest.fixture
def as_nobody(tmp_path):
    """Words before a command that run it as somebody who may not write everywhere."""
    if os.geteuid() != 0:
        return []
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o005)
    reaches = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    seen = subprocess.run(
        [*reaches, sys.executable, "-c", "import geopandas"],
        capture_output=True,
        env=environment(),
        check=False,
    )
    if seen.returncode:  # the interpreter lies in root's own folder
        pytest.skip("nobody may not start this Python")
    return reaches


def test_a_read_only_folder_is_said(layer, tmp_path, as_nobody):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    layer.chmod(0o644)
    words = ["conflicts", str(layer), "-o", str(folder / "a.json")]
    done = subprocess.run(
        [*as_nobody, sys.executable, "-m", "parkmap", *words],
        capture_output=True,
        env=environment(HOME="/nonexistent"),
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert "a.json" in line
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("fmt", ["csv", "json", "table"])
def test_a_stream_that_is_full_is_said_in_one_line(layer, fmt):
    command = f"exec {sys.executable} -m parkmap conflicts {layer} -f {fmt} > /dev/full"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env=environment(), check=False, cwd=ROOT
    )
    assert done.returncode == 2
    assert len(done.stderr.decode().strip().splitlines()) <= 2
    assert b"Traceback" not in done.stderr


def test_a_file_cannot_be_made_in_a_device(layer):
    code, _, err = run("conflicts", layer, "-o", "/dev/full/a.json")
    assert code == 2
    assert len(err.splitlines()) == 1


def test_a_file_size_limit_is_said_and_leaves_nothing(layer, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    command = f"ulimit -f 1; exec {sys.executable} -m parkmap conflicts {layer} -o {folder}/a.json"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, env=environment(), check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert list(folder.iterdir()) == []


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path):
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom parkmap import files\n"
        f"with files.writing(Path({str(tmp_path / 'a.txt')!r})) as draft:\n"
        "    draft.write_text('half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".parkmap-")
    files.write_bytes(tmp_path / "b.txt", b"whole")
    assert [file.name for file in tmp_path.iterdir()] == ["b.txt"]


def test_the_folder_of_a_run_that_lives_is_not_swept(tmp_path):
    with files.writing(tmp_path / "a.txt") as draft:
        draft.write_text("whole")
        files.write_bytes(tmp_path / "b.txt", b"whole")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_a_stranger_s_folder_is_not_swept(tmp_path):
    for name in (".parkmap-00000000-99999999-x", ".parkmap-old", ".parkmap"):
        (tmp_path / name).mkdir()
    files.write_bytes(tmp_path / "b.txt", b"whole")
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("PARKMAP_KILLS", "50"))))
def test_a_run_killed_at_any_moment_leaves_no_part_of_a_file(layer, tmp_path, seed):
    before, folder = layer.read_bytes(), tmp_path / "out"
    process = started("report", layer, "-o", folder, "-q")
    time.sleep(random.Random(seed).uniform(0.2, 8))  # noqa: S311 (moments, no secrets)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert layer.read_bytes() == before
    made = (
        [file for file in folder.iterdir() if not file.name.startswith(".")]
        if folder.exists()
        else []
    )
    for file in made:
        assert file.stat().st_size > 100
        if file.suffix in (".json", ".geojson"):
            assert file.read_bytes().rstrip().endswith(b"}")
        if file.suffix == ".html":
            assert file.read_bytes().rstrip().endswith(b"</html>")
    if seed % 10:
        return
    assert run("report", layer, "-o", folder, "-q", "--overwrite")[0] in (0, 1)
    assert not [file for file in folder.iterdir() if file.name.startswith(".")]
