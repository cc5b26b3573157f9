"""The one progress bar: for long work on a terminal, and in a log."""

import datetime
import logging as basic_logging
import sys
import time

from absl import logging
import rich.console
import rich.progress
import rich.table


class ProgressBar:
    """Shows how far some work is: a bar on a terminal, elsewhere a line at times.

    To be entered around the work. Where stderr is not a terminal, and in a notebook, no
    escape codes are written, only a line now and then, as `show_line` does.

    Args:
        description: What is counted, such as `"photos"`.
        total: Of the count.
        completed: Where it begins.
        line_seconds: Seconds between two lines; None: the caller writes lines of its
            own.
        is_shown: Whether anything is shown.

    Attributes:
        is_bar: Whether there is a bar to look at.
    """

    def __init__(
        self,
        description: str,
        total: int,
        *,
        completed: int = 0,
        line_seconds: float | None = 30.0,
        is_shown: bool = True,
    ):
        console = rich.console.Console(stderr=True)
        # In a notebook rich needs ipywidgets, and warns.
        is_terminal = console.is_terminal and not console.is_jupyter
        self.is_bar = is_shown and is_terminal and _is_wanted()
        self.description = description
        self.total = total
        self.line_seconds = line_seconds if is_shown else None
        self._first = completed
        self._start = self._last_line = time.monotonic()
        self._bar = rich.progress.Progress(
            *_make_columns(total),
            console=console,
            disable=not self.is_bar,
        )
        self._task = self._bar.add_task(
            description, total=total, completed=completed, text=""
        )

    def __enter__(self):
        self._bar.__enter__()
        self._start = self._last_line = time.monotonic()
        return self

    def __exit__(self, *details):
        self._bar.__exit__(*details)

    def update(self, completed: int, text: str = "") -> None:
        """Shows how much is done.

        Args:
            completed: Of `total`.
            text: More to tell, such as the loss.
        """
        if self.is_bar:
            self._bar.update(self._task, completed=completed, text=text)
        elif self.line_seconds is not None:
            now = time.monotonic()
            if now - self._last_line >= self.line_seconds:
                self._last_line = now
                self._log(completed, text, now)

    def _log(self, completed, text, now):
        done = completed - self._first
        seconds = (self.total - completed) * (now - self._start) / max(done, 1)
        left = datetime.timedelta(seconds=round(seconds))
        texts = [f"{self.description}: {completed} of {self.total}", text]
        show_line(", ".join([*filter(None, texts), f"{left} left"]))


def show_line(text: str) -> None:
    """Shows one line of progress, where a library is expected to show it.

    In the log, if it shows such lines, as the commands have set it up to do. Else, as
    in a notebook or a script that has set up nothing, on stderr. Nowhere, if warnings
    are switched off too, as `absl.logging.set_verbosity("error")` does.

    Args:
        text: The line.
    """
    if logging.get_absl_logger().isEnabledFor(basic_logging.INFO):
        logging.info("%s", text)
    elif _is_wanted() and sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)


def _is_wanted():
    return logging.get_absl_logger().isEnabledFor(basic_logging.WARNING)


def _make_columns(total):
    # In a narrow window the bar is cut off first, the count never.
    width = 2 * len(str(total)) + 1
    return (
        "{task.description}",
        rich.progress.MofNCompleteColumn(
            table_column=rich.table.Column(no_wrap=True, min_width=width)
        ),
        rich.progress.BarColumn(None),
        "{task.fields[text]}",
        rich.progress.TimeRemainingColumn(),
    )


def format_losses(losses: dict[str, float]) -> str:
    """Returns losses as one text for a progress bar or a log.

    Args:
        losses: Dict from name to number.

    Returns:
        Such as `"loss 1.234, style 0.8765"`, four digits each.
    """
    return ", ".join(f"{k} {v:#.4g}".removesuffix(".") for k, v in losses.items())
