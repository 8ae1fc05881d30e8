"""Plain child processes that are talked to through their pipes, in plain values: numbers, texts, lists, tuples, dicts.

They start in a twentieth of a second, because they load nothing but what they are asked to, and end by themselves when
their parent does. A child of ``multiprocessing`` would load the parent's own script once more. Both ends are the same
Python, so ``marshal`` is the format: reading it can build nothing but plain values.
"""

import marshal
import os
import subprocess
import sys
from contextlib import suppress
from typing import Any, BinaryIO, cast

_LENGTH_BYTES = 8


class Child:
    """A process that runs some code of ours and is sent messages. Raises ``OSError`` where it cannot be started."""

    def __init__(self, code: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._to, self._of = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def send(self, message: Any) -> None:
        """Send plain values. Raises ``OSError`` once the process has ended."""
        write_message(self._to, message)

    def receive(self) -> Any:
        """The next plain values that it says, once it does; None once it has ended."""
        return read_message(self._of)

    def close(self) -> None:
        """End it, and whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._of.close()
        with suppress(OSError):  # what was sent last was never read
            self._to.close()


def write_message(stream: BinaryIO, message: Any) -> None:
    """Write plain values behind their length."""
    content = marshal.dumps(message)
    stream.write(len(content).to_bytes(_LENGTH_BYTES))
    stream.write(content)
    stream.flush()


def read_message(stream: BinaryIO) -> Any:
    """The next plain values; None where the stream has ended."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    expected = int.from_bytes(length)
    content = stream.read(expected)
    return marshal.loads(content) if len(content) == expected else None
