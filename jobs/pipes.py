"""Plain child processes that are talked to through their pipes.

They start in a twentieth of a second, because they load nothing but what they are asked to, and end by themselves when
their parent does. A child of ``multiprocessing`` would load the parent's own script once more.
"""

import os
import subprocess
import sys
from contextlib import suppress
from typing import BinaryIO, cast

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

    def send(self, message: bytes) -> None:
        """Send a message. Raises ``OSError`` once the process has ended."""
        write_message(self._to, message)

    def receive(self) -> bytes | None:
        """The next message that it says, once it does; None once it has ended."""
        return read_message(self._of)

    def close(self) -> None:
        """End it, and whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._of.close()
        with suppress(OSError):  # what was sent last was never read
            self._to.close()


def write_message(stream: BinaryIO, message: bytes) -> None:
    """Write a message behind its length."""
    stream.write(len(message).to_bytes(_LENGTH_BYTES))
    stream.write(message)
    stream.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message; None where the stream has ended."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    expected = int.from_bytes(length)
    message = stream.read(expected)
    return message if len(message) == expected else None
