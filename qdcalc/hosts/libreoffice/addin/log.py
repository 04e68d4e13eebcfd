"""Where the add-in tells what went wrong: qdcalc.log in the user folder of LibreOffice's profile.

A component that fails to load gives Err:504 in every cell and no word; a person who can find this file knows why.
"""

from __future__ import annotations

import datetime
import os
import tempfile
import traceback

NAME = "qdcalc.log"
LONGEST = 200_000
"""Beyond this the file is begun anew."""


def folder() -> str:
    """The user folder of the profile, or the system's for temporary files where LibreOffice does not say."""
    try:
        import uno

        manager = uno.getComponentContext().getServiceManager()
        paths = manager.createInstance("com.sun.star.util.PathSubstitution")
        return str(uno.fileUrlToSystemPath(paths.getSubstituteVariableValue("$(user)")))
    except Exception:  # whatever fails here, the reason of the first failure must still be told
        return tempfile.gettempdir()


def write(what: str) -> None:
    """Adds a note, with the traceback of the exception at hand. Never raises."""
    try:
        path = os.path.join(folder(), NAME)
        long = os.path.exists(path) and os.path.getsize(path) > LONGEST
        with open(path, "w" if long else "a", encoding="utf-8") as stream:
            stream.write(f"{datetime.datetime.now():%Y-%m-%d %H:%M:%S} {what}\n{traceback.format_exc()}\n")
    except OSError:
        pass  # a full disk: nothing more can be done
