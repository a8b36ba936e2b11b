# SPDX-License-Identifier: GPL-3.0-or-later
"""What the oracles share: the pairs to score, and the form of a golden file.

A pair is a natural clip of `reference_audio/reference` and what one of our own degradations made of it
(`reference_audio/systems/<degradation>`). Both are 16-bit PCM, cut to the shorter, at full scale 1. A golden holds the
SHA-256 of both sides' samples (little-endian, without header), so that a score is never held against other audio.
"""

import hashlib
import json
import pathlib
import platform
import sys

import numpy
import soundfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
AUDIO = ROOT / "reference_audio"
GOLDENS = ROOT / "Tests" / "SpeechMetricsTests" / "Goldens"

# The systems that our own code makes; those of encoders differ from one encoder's version to the next.
DEGRADATIONS = ["noise-20db", "noise-10db", "noise-0db", "clipping", "packet-loss", "delay-37ms", "gain-12db"]

# A handful: men and women, four languages, 16 and 48 kHz.
HANDFUL = [
    "en-librivox-0880",
    "en-allison-status",
    "fr-june-conf-onlyperson",
    "it-carlo-priv-introsaved",
    "ru-ivrvoice-check-number-dial-again",
    "en-alsa-front-center",
    "en-alsa-side-left",
]


def clip_ids():
    """All clips, sorted."""
    ids = sorted(path.stem for path in (AUDIO / "reference").glob("*.wav"))
    if not ids:
        sys.exit("no clips: run reference_audio/prepare")
    return ids


class Pair:
    """A clip, natural and degraded, as integers."""

    def __init__(self, clip, degradation):
        self.clip, self.degradation = clip, degradation
        reference, self.rate = read(AUDIO / "reference" / f"{clip}.wav")
        synthesis, rate = read(AUDIO / "systems" / degradation / f"{clip}.wav")
        if rate != self.rate:
            sys.exit(f"{clip}: {self.rate} Hz, but {rate} Hz under {degradation}")
        self.digests = [hashlib.sha256(x.tobytes()).hexdigest() for x in (reference, synthesis)]
        count = min(len(reference), len(synthesis))
        self.whole = [x / 32768.0 for x in (reference, synthesis)]
        self.reference, self.synthesis = (x[:count] for x in self.whole)

    def case(self, value, rate=None):
        """A golden's entry. `rate` is what the samples were declared to be, if not the clip's own."""
        if not numpy.isfinite(value):
            sys.exit(f"{self.clip} under {self.degradation}: {value}")
        return {
            "clip": self.clip,
            "degradation": self.degradation,
            "rate": rate or self.rate,
            "reference": self.digests[0],
            "synthesis": self.digests[1],
            "value": float(value),
        }


def read(path):
    """Samples as little-endian 16-bit integers, and their rate."""
    if not path.exists():
        sys.exit(f"{path.relative_to(ROOT)} is missing: run reference_audio/prepare")
    samples, rate = soundfile.read(path, dtype="int16")
    if samples.ndim != 1:
        sys.exit(f"{path.relative_to(ROOT)} is not mono")
    return samples.astype("<i2"), rate


def frames(signal, length, hop):
    """Whole frames, shape [frame, sample]."""
    return numpy.lib.stride_tricks.sliding_window_view(signal, length)[::hop]


def write(metric, revision, tool, version, tolerance, cases):
    """Writes `reference-<metric>.json`, one case a line."""
    head = {
        "metric": metric,
        "revision": revision,
        "tool": tool,
        "version": f"{version}; numpy {numpy.__version__}, Python {platform.python_version()}",
        "command": f"python3 Tests/Oracles/{pathlib.Path(sys.argv[0]).name}",
        "tolerance": tolerance,
    }
    lines = ["{"] + [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    lines += [' "cases": [', ",\n".join("  " + json.dumps(case) for case in cases), " ]", "}", ""]
    path = GOLDENS / f"reference-{metric}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
    print(f"{path.relative_to(ROOT)}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB")
