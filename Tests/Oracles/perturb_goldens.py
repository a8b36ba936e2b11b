# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that every number in the goldens is looked at: moves one at a time by twice its tolerance, and sees the tests fail.

    swift build -c release --build-tests
    python3 Tests/Oracles/perturb_goldens.py [--sample N] [--seed S] [--metric ID] [--package DIR]

Without --sample all numbers take their turn. The goldens beside the built tests are changed, not those in Tests/, and are
put back at the end. The tests must pass before and after; a change that they do not notice ends the script with 1.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("--sample", type=int)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--metric")
arguments.add_argument("--package", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
options = arguments.parse_args()

# Goldens of this form; others have other keys.
METRICS = ["stoi", "estoi", "si-sdr", "lsd", "log-mel-l1", "mr-stft"]
bundles = list(options.package.glob(".build/*/release/*_SpeechMetricsTests.resources/Goldens"))
if len(bundles) != 1:
    sys.exit("build the tests first: swift build -c release --build-tests")


def passes():
    command = ["swift", "test", "-c", "release", "--skip-build", "--filter", "GoldenScoreTests"]
    run = subprocess.run(command, cwd=options.package, capture_output=True, text=True)
    if "Test run with" not in run.stdout + run.stderr:
        sys.exit(f"the tests did not run:\n{run.stdout}{run.stderr}")
    return run.returncode == 0


metrics = [options.metric] if options.metric else METRICS
files = {metric: bundles[0] / f"reference-{metric}.json" for metric in metrics}
originals = {metric: file.read_bytes() for metric, file in files.items()}
places = [(metric, i) for metric in metrics for i in range(len(json.loads(originals[metric])["cases"]))]
if options.sample:
    places = random.Random(options.seed).sample(places, min(options.sample, len(places)))

unnoticed = 0
try:
    if not passes():
        sys.exit("the tests fail as they are")
    for metric, i in places:
        golden = json.loads(originals[metric])
        case = golden["cases"][i]
        case["value"] += 2 * golden["tolerance"]
        files[metric].write_text(json.dumps(golden))
        noticed = not passes()
        files[metric].write_bytes(originals[metric])
        unnoticed += not noticed
        name = f"{metric}, {case['clip']} under {case['degradation']} at {case['rate']} Hz"
        print(f"{'noticed' if noticed else 'NOT NOTICED'}: {name} + {2 * golden['tolerance']}", flush=True)
finally:
    for metric, file in files.items():
        file.write_bytes(originals[metric])
if not passes():
    sys.exit("the tests fail after the goldens were put back")
print(f"{len(places)} numbers changed, {unnoticed} not noticed")
sys.exit(1 if unnoticed else 0)
