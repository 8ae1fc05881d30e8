"""How every command is run: what it says, and how it ends."""

import sys
import time
from typing import Any

import typer
from typer.core import TyperGroup

from jobs.commands.context import INTERRUPTED
from jobs.logs import log, speak_json, speaking, speaks_json

EXIT_CODES = (
    "Exit codes: 0 done; 1 something was not done, or something is wrong (the message says what); "
    "2 the command was not understood; 130 stopped with Ctrl+C (watch, which nothing else ends: 0)."
)


class Commands(TyperGroup):
    """The commands of ``rapport``. What goes wrong is said on standard error, with what to do where that is known."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command. Ends the program with its exit code."""
        is_program = options.get("standalone_mode", True)
        began = time.monotonic()
        with speaking():
            if speaks_json():
                speak_json()
            code = self._run(*arguments, **options | {"standalone_mode": False})
            seconds = round(time.monotonic() - began, 3)
            log.info("Ended", extra={"event": "end", "exit_code": code, "seconds": seconds})
        if is_program:
            sys.exit(code)
        return code

    def _run(self, *arguments: Any, **options: Any) -> int:
        try:
            ended = super().main(*arguments, **options)
        except typer.TyperException as error:
            show = getattr(error, "show", None)
            if show is None or speaks_json():
                log.error(error.format_message())
            else:
                show()  # with the usage
            return int(error.exit_code)
        except typer.Abort:
            log.error("Stopped.")
            return 1
        except Exception as error:
            from jobs.failures import explain, is_interrupted  # it knows every engine; only a failure asks it

            words = explain(error)
            if words is None and not speaks_json():
                raise
            log.error(words or str(error), exc_info=error if words is None else None)
            return INTERRUPTED if is_interrupted(error) else 1
        return ended if isinstance(ended, int) else 0
