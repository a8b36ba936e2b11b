#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden numbers for Kaldi's pitch tracker, from Kaldi's own program, and from torchaudio's copy of it.

    python3.11 -m venv ENV
    ENV/bin/pip install torchaudio==2.0.2 torch==2.0.1 "numpy<2"
    ENV/bin/python Tests/Oracles/kaldi_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference PROGRAM

PROGRAM is compute-kaldi-pitch-feats, built from Kaldi f40076610 (July 2025) with OpenBLAS 0.3.21. Of Kaldi it takes
base, matrix, util and four files of feat; with -DOPENFST_VER=10800 it needs no OpenFST.

torchaudio's function ran Kaldi's code on vectors of its own, whose exchange of two vectors leaves their raw pointers where
they were. The search reads and writes through these: it always starts from one buffer and always writes the other, local costs
are added to either in turn, and the path is another than Kaldi's. It is kept as a second oracle, for KaldiPitch's
`sharesCosts`, which goes wrong in the same way. What is right in it (correlations, states) is checked with it. At the end of a
recording whose first go has an odd number of frames it reads memory that it has given back; such clips are not used.
"""
import json
import struct
import subprocess
import sys
import tempfile
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
FLOOR, CEILING, SHIFT = 71, 800, 5  # Hz, Hz, ms


# Rate, mHz, samples, of which so many at the end are at 30000 and the rest an eighth as loud, floor, ceiling. A loud end makes
# Kaldi correct the power that it found first.
EDGES = [(16000, 110_000, 16000, 8, 71, 800), (22050, 230_000, 4410, 11, 71, 800), (8000, 110_000, 800, 3, 50, 400),
         (11025, 60_000, 11025, 0, 40, 1100), (96000, 420_000, 48000, 0, 40, 1100)]


def kaldi(pcm, rate, program, floor=FLOOR, ceiling=CEILING):
    """Pitch and NCCF per frame by Kaldi's program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            file.writeframes(pcm.astype("<i2").tobytes())
        (Path(folder) / "scp").write_text(f"a {path}\n")
        ark = subprocess.run(
            [program, f"--sample-frequency={rate}", f"--min-f0={floor}", f"--max-f0={ceiling}", f"--frame-shift={SHIFT}",
             f"scp:{folder}/scp", "ark:-"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    # "a ", binary mark, "FM ", and two integers with their sizes before them.
    assert ark[:7] == b"a \0BFM ", ark[:7]
    _, rows, _, columns = struct.unpack("<bibi", ark[7:17])
    values = np.frombuffer(ark[17:], dtype="<f4").reshape(rows, columns)
    return values[:, 1], values[:, 0]


def torchaudios(samples, rate, floor=FLOOR, ceiling=CEILING):
    """The same by torchaudio, of samples in the scale of 16-bit integers."""
    # The order of sums decides between paths that are within the last bit of each other.
    torch.set_num_threads(1)
    wav = torch.from_numpy(np.asarray(samples, dtype=np.float32))[None]
    out = torchaudio.functional.compute_kaldi_pitch(
        wav, float(rate), frame_length=25.0, frame_shift=float(SHIFT), min_f0=float(floor), max_f0=float(ceiling))
    return out[0, :, 1].numpy(), out[0, :, 0].numpy()


def has_even_first_go(count, rate):
    """Whether the frames before the recording's last half millisecond, whose longest lag fits in, are even in number."""
    whole = -(-(4000 * count - 2 * rate) // rate)
    reach = 100 + int(4000 * (1 / FLOOR + 5 / 8000))
    return ((whole - reach) // (4 * SHIFT) + 1) % 2 == 0


def entry(pcm, rate, contour):
    pitch, nccf = contour
    return {"fnv": digest(pcm), "rate": rate, "pitch": [float(f"{x:.9g}") for x in pitch],
            "nccf": [round(float(x), 6) for x in nccf]}


def main():
    folder, clips, program = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    voices, natural, other, edges = [], [], [], []
    for rate, base, count, loud, floor, ceiling in EDGES:
        pcm = voice(rate, base)[:count]
        if loud:
            pcm >>= 3
            pcm[count - loud:] = 30000
        key = {"base": base, "count": count, "loud": loud, "floor": floor, "ceiling": ceiling}
        edges.append(entry(pcm, rate, kaldi(pcm, rate, program, floor, ceiling)) | key)
    for rate in RATES:
        for name, base in VOICES.items():
            pcm = voice(rate, base)
            key = {"voice": name, "base": base}
            voices.append(entry(pcm, rate, kaldi(pcm, rate, program)) | key)
            # Five milliseconds less than a second.
            pcm = pcm[:rate * 199 // 200]
            assert has_even_first_go(len(pcm), rate)
            other.append(entry(pcm, rate, torchaudios(pcm, rate)) | key)
    for name in CLIPS:
        path = clips / f"{name}.wav"
        with wave.open(str(path)) as file:
            assert (file.getsampwidth(), file.getnchannels()) == (2, 1), path
            rate, pcm = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        natural.append(entry(pcm, rate, kaldi(pcm, rate, program)) | {"file": path.name})
    content = {
        "tool": "compute-kaldi-pitch-feats; torchaudio.functional.compute_kaldi_pitch",
        "version": f"Kaldi f40076610; torchaudio {torchaudio.__version__}, torch {torch.__version__}",
        "command": "python3 Tests/Oracles/kaldi_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference "
                   "compute-kaldi-pitch-feats",
        "voices": voices,
        "edges": edges,
        "clips": natural,
        "torchaudio": other,
    }
    (folder / "reference-pitch-kaldi.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
