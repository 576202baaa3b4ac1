"""Fetch the vendored web assets again from npm and compare them with THIRD_PARTY.md.

    python scripts/refresh_assets.py            fetch, compare, copy
    python scripts/refresh_assets.py --check    compare what is here, fetch nothing

A file whose SHA-256 is not the recorded one is not copied.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "parkmap" / "assets"
PACKAGE = "leaflet@1.9.4"
ROW = re.compile(r"^\| `(leaflet/[^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def recorded() -> dict[str, str]:
    """File under assets/ -> SHA-256 as THIRD_PARTY.md has it."""
    return dict(ROW.findall((ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")))


def differing(folder: Path) -> list[str]:
    """Files of a folder laid out like assets/ that are not what was recorded."""
    return [
        name
        for name, digest in recorded().items()
        if not (folder / name).is_file()
        or hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]


def fetched(work: Path) -> Path:
    """Unpack the package and lay its files out like assets/."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed")
    packed = subprocess.run(  # noqa: S603  # a fixed command
        [npm, "pack", PACKAGE, "--silent"], cwd=work, check=True, capture_output=True, text=True
    )
    with tarfile.open(work / packed.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(work, filter="data")
    laid = work / "assets" / "leaflet"
    (laid / "images").mkdir(parents=True)
    shutil.copy(work / "package" / "LICENSE", laid / "LICENSE")
    for name in recorded():
        part = name.removeprefix("leaflet/")
        if part != "LICENSE":
            shutil.copy(work / "package" / "dist" / part, laid / part)
    return work / "assets"


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare what is here, fetch nothing")
    if parser.parse_args().check:
        wrong = differing(ASSETS)
        sys.exit(f"differ from THIRD_PARTY.md: {', '.join(wrong)}" if wrong else 0)
    with tempfile.TemporaryDirectory() as folder:
        fresh = fetched(Path(folder))
        wrong = differing(fresh)
        if wrong:
            sys.exit(f"npm's files differ from THIRD_PARTY.md, nothing copied: {', '.join(wrong)}")
        shutil.copytree(fresh, ASSETS, dirs_exist_ok=True)
    print(f"{PACKAGE}: {len(recorded())} files as recorded")


if __name__ == "__main__":
    main()
