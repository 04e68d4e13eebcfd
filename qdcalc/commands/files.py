"""Writing a file so that it is either the old one or the new one, at whatever moment."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft beside the target, which takes its place when all went well and leaves nothing behind otherwise."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".qdcalc-", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)  # mkstemp's own is for one person alone
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
