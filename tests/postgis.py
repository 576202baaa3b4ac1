"""A PostgreSQL with PostGIS of our own, for one test run."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "Geheim-7x"  # noqa: S105 (of a server that lives as long as the test)


def server_programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    extension = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    if found and extension:
        return found[-1].parent
    if os.environ.get("CI"):
        pytest.fail("no PostgreSQL with PostGIS on this machine")
    pytest.skip("needs postgresql and postgis (apt-get install postgresql postgresql-15-postgis-3)")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running_server():
    """Yield host, port and database of a server that is gone afterwards."""
    programs = server_programs()
    folder = Path(tempfile.mkdtemp(prefix="parkmap-pg-"))
    folder.chmod(0o755)
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    port, data = free_port(), folder / "data"
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)

    def call(*command):
        subprocess.run(
            [*as_user, *map(str, command)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip

    call(
        programs / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256",
        f"--pwfile={secret}", "-E", "UTF8", "--no-sync", "--locale=C",
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    call(programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    try:
        yield f"127.0.0.1:{port}"
    finally:
        call(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
