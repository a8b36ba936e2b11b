# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts share that hold `analyse` against a package: both sides' CPU time, and the exchange of samples."""

import subprocess
import sys
import time

import numpy


def timed(function, rounds):
    """The result, and the CPU seconds of the quickest of some times."""
    least = numpy.inf
    for _ in range(rounds):
        start = time.process_time()
        result = function()
        least = min(least, time.process_time() - start)
    return result, least


class Ours:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def __call__(self, stage, rate, values, f0=None):
        """What `analyse` makes of it, and its CPU seconds."""
        paths = [self.folder / name for name in ("input", "output", "f0")]
        numpy.asarray(values, "<f8").tofile(paths[0])
        command = [self.program, stage, str(rate), paths[0], paths[1]]
        if f0 is not None:
            numpy.asarray(f0, "<f8").tofile(paths[2])
            command.append(paths[2])
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"{stage} at {rate} Hz: {run.stderr}")
        return numpy.fromfile(paths[1], "<f8"), float(run.stdout)
