"""What is said while a command or a job works, on standard error: words, or a JSON object a line (``--log-json``).

Python's own ``logging`` carries it: ``log.info("...")`` is said as it stands. An object has ``time`` (UTC), ``level``,
``event``, ``message`` and, where they are known, ``command``, ``job``, ``step``, ``done``, ``total``, ``unit``,
``seconds`` (since the step, or the whole, began), ``exit_code``, ``error`` and ``traceback``.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jobs.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console

AS_JSON = "RAPPORT_LOG_JSON"
_NO = ("", "0", "false", "no", "off")
log = logging.getLogger("rapport")
_EVERY_SECONDS = 1.0
_MEASURED = ("job", "step", "done", "total", "unit", "seconds", "exit_code")
#: What the lines that follow are of: the command, the job.
_about: dict[str, Any] = {}


@cache
def console() -> "Console":
    """The terminal that messages and bars are drawn on."""
    from rich.console import Console  # most commands, and all that the shell asks, draw nothing

    return Console(stderr=True, highlight=False)


class JsonLines(logging.Formatter):
    """A record as a JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        moment = datetime.fromtimestamp(record.created, UTC)
        known = {name: getattr(record, name) for name in _MEASURED if getattr(record, name, None) is not None}
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "message"),
            **_about,
            **known,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "traceback": self.formatException(record.exc_info)}
        return json.dumps(line, ensure_ascii=False, default=str)


class _ToStandardError(logging.Handler):
    """Words, beside a bar that may be drawn there, or lines of JSON."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json
        self.setFormatter(JsonLines())
        self.words = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Say it. Without JSON, how far the work is stands in the bar; where none can be drawn, each step is said."""
        with suppress(OSError):  # nobody listens, or the log's disk is full: the work goes on
            if self.as_json:
                print(self.format(record), file=sys.stderr, flush=True)
            elif is_said(record):
                console().print(self.words.format(record), markup=False, soft_wrap=True)


def is_said(record: logging.LogRecord) -> bool:
    """Whether a record is said in words, too."""
    event = getattr(record, "event", "message")
    return event == "message" or (event == "step" and not sys.stderr.isatty())


def _asks_for_json() -> bool:
    return os.environ.get(AS_JSON, "").strip().lower() not in _NO


@contextmanager
def speaking(*, as_json: bool | None = None, **about: Any) -> Iterator[None]:
    """Say on standard error what is logged meanwhile, as JSON where ``RAPPORT_LOG_JSON`` says 1, unless ``as_json``
    says otherwise. ``about``: what it is of."""
    handler = _ToStandardError(as_json=_asks_for_json() if as_json is None else as_json)
    root, level = logging.getLogger(), log.level
    root.addHandler(handler)
    log.setLevel(logging.INFO)
    _about.clear()
    _about.update(about)
    try:
        yield
    finally:
        _about.clear()
        log.setLevel(level)
        root.removeHandler(handler)
        logging.captureWarnings(False)


def speak_json() -> None:
    """From here on, say it as lines of JSON, warnings of libraries too."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _ToStandardError):
            handler.as_json = True
    logging.captureWarnings(True)


def speaks_json() -> bool:
    """Whether lines of JSON are said."""
    return any(isinstance(handler, _ToStandardError) and handler.as_json for handler in logging.getLogger().handlers)


def now_about(**about: Any) -> None:
    """What the lines that follow are of."""
    _about.update(about)


class LoggedProgress:
    """Logs each step and, once a second at most, how far it is; passes it on to another reporter."""

    def __init__(self, also: Progress) -> None:
        self._also = also
        self._step = ""
        self._total: int | None = None
        self._unit = ""
        self._began = self._told = 0.0

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """A new step begins."""
        self._step, self._total, self._unit = name, total, unit
        self._began = self._told = time.monotonic()
        log.info(name, extra={"event": "step", "step": name, "total": total, "unit": unit})
        self._also.step(name, total, unit)

    def at(self, done: int) -> None:
        """So much is done."""
        now = time.monotonic()
        if now - self._told >= _EVERY_SECONDS:
            self._told = now
            measured = {"step": self._step, "done": done, "total": self._total, "unit": self._unit}
            told = {"event": "progress", "seconds": round(now - self._began, 3)} | measured
            log.info("%s: %s of %s %s", self._step, done, self._total or "?", self._unit, extra=told)
        self._also.at(done)
