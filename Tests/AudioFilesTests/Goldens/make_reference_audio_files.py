# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes reference-resampler.json and reference-audio-sha256.json, beside this script.

Needs numpy and soxr from PyPI: pip install numpy soxr==1.1.0
"""
import hashlib
import json
import pathlib

import numpy as np
import soxr

HERE = pathlib.Path(__file__).parent


def chirp(count):
    """An integer chirp of 16 bits: broadband, and the same numbers in every language."""
    i = np.arange(count, dtype=np.int64)
    return ((i * i * 3 // 16) % 65536 - 32768) / 32768


def write(name, what):
    (HERE / name).write_text(json.dumps(what, indent=1) + "\n")


pairs = [(48000, 16000), (44100, 16000), (22050, 16000), (24000, 22050), (8000, 16000)]
write("reference-resampler.json", {
    "tool": f"python-soxr {soxr.__version__}, libsoxr {soxr.__libsoxr_version__}",
    "command": "soxr.resample(chirp(count), from, to, quality='VHQ')",
    "input": "chirp(i) = ((3*i*i div 16) mod 65536 - 32768) / 32768",
    "tolerance": 1e-9,
    "cases": [
        {"from": a, "to": b, "count": 700, "output": soxr.resample(chirp(700), a, b, quality="VHQ").tolist()}
        for a, b in pairs
    ],
    "lengths": [
        {"from": a, "to": b, "count": n, "length": len(soxr.resample(np.zeros(n), a, b, quality="VHQ"))}
        for a, b in pairs + [(11025, 8000), (16000, 22050), (48000, 44100)]
        for n in (2, 3, 7, 100, 999, 1000, 10001)
    ],
})


def audio_sha256(x, rate):
    """`x` has shape [frame, channel]."""
    return hashlib.sha256(f"{rate} {x.shape[1]}\n".encode() + x.astype("<f8").tobytes()).hexdigest()


mono = chirp(5000)[:, None]
write("reference-audio-sha256.json", {
    "tool": f"Python hashlib, numpy {np.__version__}",
    "command": "sha256(f'{rate} {channels}\\n' + interleaved little-endian Float64) of chirp(5000)",
    "tolerance": 0,
    "mono16000": audio_sha256(mono, 16000),
    "stereo44100": audio_sha256(np.hstack([mono, -mono / 2]), 44100),
})
