"""Load what the pages need when the server starts, while nobody waits for it."""

import ast
import gc
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from ui.navigation import ENTRIES, ROOT

#: Packages that import modules of their own, which others import directly. Two threads that come to them from both
#: sides wait for each other, and Python lets one go on with half a module.
LOADED_FIRST = ("data_access.models", "jobs.derive")
#: So many new objects until the collector of cycles looks at them. Rows that a page reads are no cycles: at 700,
#: Python's choice, it walks through them again and again, for up to a tenth of the page's time.
NEW_OBJECTS = 50_000
log = logging.getLogger("rapport")


@asynccontextmanager
async def warming_up(_app: object) -> AsyncIterator[None]:
    """The server answers when ``LOADED_FIRST`` is loaded, as every page needs it. A visitor who comes before the
    rest is loaded waits for what their page needs."""
    for name in LOADED_FIRST:
        _load(name)
    Thread(target=load_pages, name="warm-up", daemon=True).start()
    yield


def load_pages() -> None:
    """Import what the scripts of all pages import."""
    for name in list_modules():
        _load(name)
    # What is loaded now stays: else the collector of cycles walks through all of it in the middle of a page, again and
    # again, for a fifth of a second.
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def _load(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception:  # whatever it fails with, the page that needs it says so
        log.exception("%s cannot be loaded", name)


def list_modules() -> list[str]:
    """The modules that the scripts of the pages import, those of the first page first."""
    found: dict[str, None] = {}
    for entry in ENTRIES:
        script = ast.parse((ROOT / "pages" / f"{entry.name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(script):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                found[node.module] = None
            elif isinstance(node, ast.Import):
                found |= dict.fromkeys(alias.name for alias in node.names)
    return list(found)
