# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that every number in the goldens is looked at: moves it by twice its tolerance, and sees the tests fail.

    swift build -c release --build-tests
    python3 Tests/Oracles/perturb_goldens.py [--sample N] [--seed S] [--metric ID] [--package DIR]

Without --sample, all numbers are moved at once, in one run of the tests, which must complain of every one of them by
name and of nothing else. With it, N numbers take their turn one by one, each in a run of its own. The goldens beside the
built tests are changed, not those in Tests/, and are put back at the end. The tests must pass before and after; a change
that they do not notice ends the script with 1.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("--sample", type=int)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--metric")
arguments.add_argument("--package", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
options = arguments.parse_args()

bundles = list(options.package.glob(".build/*/release/*_SpeechMetricsTests.resources/Goldens"))
if len(bundles) != 1:
    sys.exit("build the tests first: swift build -c release --build-tests")


def complaints():
    """What the tests say of which scores; None when they fail otherwise."""
    command = ["swift", "test", "-c", "release", "--skip-build", "--filter", "GoldenScoreTests"]
    run = subprocess.run(command, cwd=options.package, capture_output=True, text=True)
    output = run.stdout + run.stderr
    if "Test run with" not in output:
        sys.exit(f"the tests did not run:\n{output}")
    found = set(re.findall(r"(\S+ of \S+ under \S+ at \d+ Hz): \S+ the oracle has", output))
    return found if bool(found) == (run.returncode != 0) else None


def perturbed(metric, chosen):
    """Writes a golden file with the chosen cases moved; returns how the tests call them."""
    golden = json.loads(originals[metric])
    names = set()
    for i in chosen:
        case = golden["cases"][i]
        case["value"] += 2 * golden["tolerance"]
        names.add(f"{metric} of {case['clip']} under {case['degradation']} at {case['rate']} Hz")
    files[metric].write_text(json.dumps(golden))
    return names


known = sorted(file.stem.removeprefix("reference-") for file in bundles[0].glob("reference-*.json"))
metrics = [options.metric] if options.metric else known
files = {metric: bundles[0] / f"reference-{metric}.json" for metric in metrics}
originals = {metric: file.read_bytes() for metric, file in files.items()}
places = [(metric, i) for metric in metrics for i in range(len(json.loads(originals[metric])["cases"]))]
unnoticed = 0
try:
    if complaints() != set():
        sys.exit("the tests fail as they are")
    if options.sample:
        places = random.Random(options.seed).sample(places, min(options.sample, len(places)))
        for metric, i in places:
            (name,) = perturbed(metric, [i])
            noticed = complaints() == {name}
            files[metric].write_bytes(originals[metric])
            unnoticed += not noticed
            print(f"{'noticed' if noticed else 'NOT NOTICED'}: {name}", flush=True)
    else:
        names = set()
        for metric in metrics:
            names |= perturbed(metric, [i for other, i in places if other == metric])
        found = complaints() or set()
        unnoticed = len(names ^ found)
        for name in sorted(names ^ found):
            print(f"{'NOT NOTICED' if name in names else 'NOT CHANGED, BUT COMPLAINED OF'}: {name}")
finally:
    for metric, file in files.items():
        file.write_bytes(originals[metric])
if complaints() != set():
    sys.exit("the tests fail after the goldens were put back")
print(f"{len(places)} numbers changed, {unnoticed} not noticed")
sys.exit(1 if unnoticed else 0)
