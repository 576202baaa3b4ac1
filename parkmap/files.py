"""Local files only in; whole files or nothing out."""

from __future__ import annotations

import difflib
import errno
import hashlib
import os
import platform
import re
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from parkmap import messages
from parkmap.errors import InputError, OutputError
from parkmap.escape import file_name, terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOT_LOCAL = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://|[/\\]vsi[a-z0-9_]+[/\\]|[A-Za-z0-9]{2,}:", re.IGNORECASE
)
_WORKSHOP = ".parkmap-"  # prefix of the folder a file is made in
_INPUT_FAULTS = {
    errno.ENOENT: "files.missing",
    errno.ENOTDIR: "files.missing",
    errno.ELOOP: "files.link_loop",
    errno.EACCES: "files.unreadable",
    errno.EPERM: "files.unreadable",
    errno.ENAMETOOLONG: "files.bad_name",
}
_OUTPUT_FAULTS = {
    errno.ENOENT: "files.no_folder",
    errno.ENOTDIR: "files.no_folder",
    errno.EACCES: "files.read_only",
    errno.EPERM: "files.read_only",
    errno.EROFS: "files.read_only",
    errno.ENOSPC: "files.disk_full",
    errno.EDQUOT: "files.disk_full",
    errno.EFBIG: "files.too_large",
    errno.ENAMETOOLONG: "files.bad_name",
    errno.EEXIST: "files.exists",
}


def local_file(path: str | os.PathLike[str], *, folder: bool = False) -> Path:
    """Make sure that an input is a file on this machine.

    Parameters
    ----------
    path
        What the user named.
    folder
        Accept a folder too (a file geodatabase is one).

    Returns
    -------
    Its absolute path.

    Raises
    ------
    InputError
        If it is an address, a database, a GDAL virtual path, missing or no regular file.

    Examples
    --------
    >>> local_file("http://127.0.0.1/parks.geojson")
    Traceback (most recent call last):
    parkmap.errors.InputError: ...
    """
    given = os.fspath(path)
    name = display_name(given)
    try:
        mode = os.stat(given).st_mode  # noqa: PTH116 (Path() would fold '//' before we judge)
    except (OSError, ValueError) as reason:
        if given == "-":
            raise InputError(**messages.fault("files.not_regular"), file=name) from reason
        if _NOT_LOCAL.match(given):
            raise InputError(**messages.fault("files.not_local"), file=name) from reason
        raise _unusable(given, reason) from reason
    if _is_virtual(given):
        raise InputError(**messages.fault("files.not_local"), file=name)
    if stat.S_ISDIR(mode) and not folder:
        raise InputError(**messages.fault("files.folder"), file=name)
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError(**messages.fault("files.not_regular"), file=name)
    if not os.access(given, os.R_OK):
        raise InputError(**messages.fault("files.unreadable"), file=name)
    return Path(given).absolute()


def display_name(path: str | os.PathLike[str]) -> str:
    """Return a file's name as it may be printed: without its folder, passwords or escapes.

    Parameters
    ----------
    path
        A path or what was given as one.

    Returns
    -------
    A short name.

    Examples
    --------
    >>> display_name("/home/me/parks.shp"), display_name("postgresql://me:secret@host/db")
    ('parks.shp', 'postgresql://...')
    """
    given = file_name(os.fspath(path))
    scheme, found, _ = given.partition("://")
    if found:
        return f"{terminal(scheme)[:30]}://..."
    return terminal(Path(given).name or given)[:60]


def input_hash(path: Path) -> str:
    """Hash a file's bytes.

    Parameters
    ----------
    path
        A local file, or a folder whose files are hashed in the order of their names.

    Returns
    -------
    SHA-256 in hexadecimal.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a").write_bytes(b"")
    ...     input_hash(Path(folder, "a"))[:8]
    'e3b0c442'
    """
    if path.is_dir():
        parts = [input_hash(file) for file in sorted(path.iterdir()) if file.is_file()]
        return hashlib.sha256("".join(parts).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def output_file(
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> Path:
    """Make sure that an output can be written, before any work is done for it.

    Parameters
    ----------
    path
        The file to make.
    overwrite
        Replace a file that is there.
    inputs
        Files that must never be replaced.

    Returns
    -------
    Its absolute path.

    Raises
    ------
    OutputError
        If the file is there already, is an input, or has no folder.

    Examples
    --------
    >>> output_file("a.txt").name
    'a.txt'
    """
    given = Path(path)
    if "\0" in str(given):
        raise OutputError(**messages.fault("files.bad_name"), file=display_name(given))
    try:
        target = given.resolve() if given.is_symlink() else given.absolute()
        if not target.parent.is_dir():
            raise OutputError(**messages.fault("files.no_folder"), file=display_name(target))
        local = [file for file in inputs if Path(file).exists()]  # a database is no file
        if any(target.exists() and target.samefile(file) for file in local):
            raise OutputError(**messages.fault("files.is_input"), file=display_name(target))
        if target.exists() and not target.is_file():
            raise OutputError(**messages.fault("files.target_not_file"), file=display_name(target))
        if target.exists() and not overwrite:
            raise OutputError(**messages.fault("files.exists"), file=display_name(target))
    except OSError as reason:
        raise output_error(given, reason) from reason
    except RuntimeError as reason:  # a link that leads back to itself
        raise OutputError(**messages.fault("files.bad_name"), file=display_name(given)) from reason
    return target


@contextmanager
def writing(
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> Iterator[Path]:
    """Write a file whole or not at all.

    The block writes to the path it is given, in a hidden folder beside the target. When it ends
    well, everything it left there is synced and renamed into place, the target last; when it
    fails, nothing is left.

    Parameters
    ----------
    path
        The file to make.
    overwrite
        Replace a file that is there.
    inputs
        Files that must never be replaced, whatever ``overwrite`` says.

    Yields
    ------
    The path to write to; it has the target's name.

    Raises
    ------
    OutputError
        If the file is there already, is an input, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with writing(Path(folder, "a.txt")) as draft:
    ...         _ = draft.write_text("whole")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    target = output_file(path, overwrite=overwrite, inputs=inputs)
    try:
        with workshop(target.parent) as folder:
            draft = folder / target.name
            yield draft
            made = sorted(folder.iterdir(), key=lambda file: file == draft)
            for file in made:
                _sync(file)
                if not overwrite and (target.parent / file.name).exists():
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            for file in made:
                _place(file, target.parent / file.name, overwrite=overwrite)
            _sync(target.parent)
    except OSError as reason:
        raise output_error(target, reason) from reason


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Make a hidden folder to write in, gone after the block; sweep those of killed runs.

    Parameters
    ----------
    folder
        Where the results will be.

    Yields
    ------
    The hidden folder.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with workshop(Path(folder)) as made:
    ...         made.name.startswith(".parkmap-")
    ...     list(Path(folder).iterdir())
    True
    []
    """
    ours = f"{_WORKSHOP}{hashlib.sha256(platform.node().encode()).hexdigest()[:8]}-"
    for left in folder.glob(f"{ours}*-*"):
        if not _is_running(left.name.removeprefix(ours).split("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=f"{ours}{os.getpid()}-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def write_bytes(
    path: str | os.PathLike[str],
    content: bytes,
    *,
    overwrite: bool = False,
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Write bytes to a file, whole or not at all.

    Parameters
    ----------
    path
        The file to make.
    content
        What it will hold.
    overwrite, inputs
        As for :func:`writing`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder, "a"), b"whole")
    ...     Path(folder, "a").read_bytes()
    b'whole'
    """
    with writing(path, overwrite=overwrite, inputs=inputs) as draft:
        draft.write_bytes(content)


def output_error(path: str | os.PathLike[str], reason: OSError) -> OutputError:
    """Say in one line why the system would not write.

    Parameters
    ----------
    path
        The file that was to be written.
    reason
        What the system said.

    Returns
    -------
    The error to raise.

    Examples
    --------
    >>> isinstance(output_error("a", OSError(errno.ENOSPC, "full")), OutputError)
    True
    """
    key = _OUTPUT_FAULTS.get(reason.errno or 0, "files.not_written")
    said = terminal(reason.strerror or str(reason))
    return OutputError(**messages.fault(key, reason=said), file=display_name(path))


def _is_virtual(given: str) -> bool:
    return bool(re.match(r"[/\\]vsi[a-z0-9_]+[/\\]", given, re.IGNORECASE)) or "://" in given


def _unusable(given: str, reason: OSError | ValueError) -> InputError:
    number = reason.errno if isinstance(reason, OSError) else errno.ENAMETOOLONG
    key = _INPUT_FAULTS.get(number or 0, "files.unreadable")
    near: list[str] = []
    if key == "files.missing":
        with suppress(OSError):
            beside = [file.name for file in Path(given).parent.iterdir()]
            near = difflib.get_close_matches(Path(given).name, beside, n=1, cutoff=0.75)
        key = "files.missing_near" if near else key
    proposal = terminal(near[0])[:60] if near else ""
    return InputError(**messages.fault(key, near=proposal), file=display_name(given))


def _is_running(process: str) -> bool:
    """Tell whether a process of this machine lives; where that cannot be told, it does."""
    if os.name != "posix" or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(draft: Path, target: Path, *, overwrite: bool) -> None:
    """Rename, or, where nothing may be replaced, link: two runs at once cannot both win."""
    if not overwrite:
        try:
            os.link(draft, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        else:
            return
    draft.replace(target)
