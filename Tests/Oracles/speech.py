# SPDX-License-Identifier: GPL-3.0-or-later
"""Collections of speech that the comparing scripts take: `reference_audio`, or a folder of sets.

`reference_audio` has its systems in `systems.csv`. A folder of sets has `<set>/reference/<file>` and `<set>/<system>/<file>`,
and a `manifest.csv` whose columns set, system, file and time_aligned say which pairs there are ("yes": aligned).
"""

import csv

import soundfile
import soxr


def aligned_pairs(root):
    """Name, reference and synthesis of every pair that runs in step."""
    if (root / "systems.csv").exists():
        for system in csv.DictReader((root / "systems.csv").open()):
            if system["kind"] == "aligned":
                for reference in natural_clips(root):
                    folder, file = system["system"], f"{reference.stem}.{system['extension']}"
                    yield f"{folder}/{file}", reference, root / "systems" / folder / file
        return
    for row in csv.DictReader((root / "manifest.csv").open()):
        if row["time_aligned"] == "yes":
            folder = root / row["set"]
            name = f"{row['set']}/{row['system']}/{row['file']}"
            yield name, folder / "reference" / row["file"], folder / row["system"] / row["file"]


def natural_clips(root):
    """Every natural recording."""
    if (root / "systems.csv").exists():
        return sorted((root / "reference").glob("*.wav"))
    rows = csv.DictReader((root / "manifest.csv").open())
    return sorted({root / row["set"] / "reference" / row["file"] for row in rows})


def read(path):
    """The first channel, and its rate."""
    samples, rate = soundfile.read(path, always_2d=True)
    return samples[:, 0], rate


def resampled(samples, own, rate):
    """Samples at another rate than their own, by soxr VHQ."""
    return samples if own == rate else soxr.resample(samples, own, rate, "VHQ")
