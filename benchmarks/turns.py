"""Times contestants in turn, so that other work on the machine slows them all."""

import statistics
import time


def take_turns(contestants, *, rounds, warm_up=2):
    """Times functions in turn; returns a dict from name to its median seconds."""
    seconds = {name: [] for name in contestants}
    for number in range(warm_up + rounds):
        for name, run in contestants.items():
            time.sleep(0.5)  # PyTorch's threads wait for work for a while, and busily.
            start = time.perf_counter()
            run()
            if number >= warm_up:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def print_table(header, rows):
    print("\n| " + " | ".join(header) + " |")
    print("|---" * len(header) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
