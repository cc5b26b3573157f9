"""Signals that end long work after its present step."""

import os
import signal
import threading
import typing


class StopSignal:
    """Notes Ctrl-C and SIGTERM while it is entered, so that a step can end.

    A second signal does what it always did.

    Attributes:
        number: Of the signal that came, 0 before.
    """

    def __init__(self):
        self.number = 0
        self._handlers = {}

    def __enter__(self):
        # Elsewhere Python refuses handlers; then a signal ends the process as usual.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._handlers[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()

    def _note(self, number, frame):
        del frame
        self.number = number
        self.__exit__()
        # Not `print`, which may be in the middle of a line of its own just now.
        os.write(2, b"\nStopping after this step; once more stops at once.\n")

    def leave(self) -> typing.NoReturn:
        """Raises what the signal stands for, as `leave` does."""
        leave(self.number)


def leave(number: int) -> typing.NoReturn:
    """Ends the work as a signal asks, once all is saved.

    Args:
        number: Of the signal.

    Raises:
        SystemExit: With code 143, after SIGTERM.
        KeyboardInterrupt: After any other.
    """
    if number == signal.SIGTERM:
        raise SystemExit(128 + number)
    raise KeyboardInterrupt
