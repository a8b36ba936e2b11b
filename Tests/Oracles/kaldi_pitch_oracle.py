#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden numbers for Kaldi's pitch tracker, from torchaudio's binding of Kaldi's own code.

    python3.11 -m venv ENV
    ENV/bin/pip install torchaudio==2.0.2 torch==2.0.1 "numpy<2"
    ENV/bin/python Tests/Oracles/kaldi_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference

torchaudio dropped the function after 2.0. The integer voices are those of world_oracle.py; the natural clips are those
that reference_audio/prepare lays down. Kaldi reads the samples of 16-bit files as they are, so they go in as integers.
"""
import json
import sys
import types
import wave
from pathlib import Path

import numpy as np
import torch
import torchaudio

# Its voices need neither of the packages that it analyses them with.
for package in ("pysptk", "pyworld"):
    sys.modules.setdefault(package, types.ModuleType(package))
from world_oracle import digest, voice  # noqa: E402

RATES = [8000, 16000, 22050, 44100]
VOICES = {"male": 110_000, "female": 230_000}  # mHz
CLIPS = ["en-alsa-front-center", "en-librivox-0880", "fr-june-dir-nomore", "it-carlo-vm-whichbox"]


def contour(samples, rate, floor=71.0, ceiling=800.0, shift=5.0):
    """Pitch and NCCF per frame of samples in the scale of 16-bit integers."""
    # Some paths that are within the last bit of each other depend on the order of sums.
    torch.set_num_threads(1)
    wav = torch.from_numpy(np.asarray(samples, dtype=np.float32))[None]
    out = torchaudio.functional.compute_kaldi_pitch(
        wav, float(rate), frame_length=25.0, frame_shift=shift, min_f0=floor, max_f0=ceiling)[0].numpy()
    return out[:, 1].astype(np.float64), out[:, 0].astype(np.float64)


def entry(pcm, rate):
    pitch, nccf = contour(pcm, rate)
    return {"fnv": digest(pcm), "rate": rate, "pitch": [float(f"{x:.9g}") for x in pitch],
            "nccf": [round(float(x), 6) for x in nccf]}


def main():
    folder, clips = Path(sys.argv[1]), Path(sys.argv[2])
    signals = [entry(voice(rate, base), rate) | {"voice": name, "base": base}
               for rate in RATES for name, base in VOICES.items()]
    natural = []
    for name in CLIPS:
        path = clips / f"{name}.wav"
        with wave.open(str(path)) as file:
            assert (file.getsampwidth(), file.getnchannels()) == (2, 1), path
            rate, pcm = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        natural.append(entry(pcm, rate) | {"file": path.name})
    content = {
        "tool": "torchaudio.functional.compute_kaldi_pitch",
        "version": f"{torchaudio.__version__}; torch {torch.__version__}, numpy {np.__version__}",
        "command": "python3 Tests/Oracles/kaldi_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference",
        "signals": signals,
        "clips": natural,
    }
    (folder / "reference-pitch-kaldi.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
