#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden numbers for pYIN, from librosa.

    pip install librosa==0.11.0 numpy==1.26.4
    python3 Tests/Oracles/pyin_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference

The signals are world_oracle.py's integer voices and natural clips (16-bit samples over 32768, named by a hash), and
a buzz that leaps and ends in digital silence. librosa works in double precision if it is given that. Its `win_length`
has had no effect since 0.11 and is left alone.

F0 is a pitch bin, and so are the goldens: F0 = floor · 2^(bin/120), -1 for an unvoiced frame.
"""
import json
import sys
import types
import wave
from importlib.metadata import version
from pathlib import Path

import librosa
import numpy as np

# world_oracle.py's voices without its packages.
for _name in ("pyworld", "pysptk"):
    sys.modules.setdefault(_name, types.ModuleType(_name))
from world_oracle import CLIPS, VOICES, digest, voice  # noqa: E402

RATES = [8000, 16000, 22050, 44100]
BINS_PER_OCTAVE = 120


def frame_length(rate):
    """2048 samples at 22.05 kHz; the even number nearest to as long."""
    return 2 * round(1024 * rate / 22050)


def pyin(x, rate, floor=71.0, ceiling=800.0, period=0.005):
    """F0 in Hz, 0 where unvoiced."""
    x = np.ascontiguousarray(x, dtype=np.float64)
    f0, _, _ = librosa.pyin(
        x, fmin=floor, fmax=ceiling, sr=rate, frame_length=frame_length(rate), hop_length=round(period * rate),
        n_thresholds=100, beta_parameters=(2, 18), boltzmann_parameter=2, resolution=0.1, max_transition_rate=35.92,
        switch_prob=0.01, no_trough_prob=0.01, fill_na=0.0, center=True, pad_mode="constant")
    return f0


def bins(f0, floor):
    """Pitch bins of a track."""
    exact = BINS_PER_OCTAVE * np.log2(np.where(f0 > 0, f0, floor) / floor)
    assert np.all(np.abs(exact - np.round(exact)) < 1e-6)
    return [int(b) if voiced else -1 for b, voiced in zip(np.round(exact), f0 > 0)]


def leaping(rate):
    """Pulses, every 150 ms of another period, the last 150 ms silent. The same in PYINGoldens.swift."""
    period, place, out = 0, 0, []
    for n in range(rate * 9 // 10):
        part = n * 20 // (3 * rate)
        period = rate // [100, 350, 120, 700, 90, 1][part]
        place = place + 1 if place + 1 < period else 0
        out.append(0 if part == 5 else 12000 if place == 0 else -12000 if place == 1 else 0)
    return np.array(out, dtype=np.int16)


def golden(pcm, rate, key, floor=71.0, ceiling=800.0, period=0.005):
    f0 = pyin(pcm / 32768.0, rate, floor, ceiling, period)
    return key | {"rate": rate, "floor": floor, "ceiling": ceiling, "period": period, "fnv": digest(pcm),
                  "bins": bins(f0, floor)}


def main():
    folder = Path(sys.argv[1])
    signals, clips = [], []
    for rate in RATES:
        for name, base in VOICES.items():
            signals.append(golden(voice(rate, base), rate, {"voice": name, "base": base}))
        signals.append(golden(leaping(rate), rate, {"voice": "leaping", "base": 0}))
    male = voice(16000, VOICES["male"])
    signals.append(golden(male, 16000, {"voice": "male", "base": VOICES["male"]}, 40.0, 1100.0))
    signals.append(golden(male, 16000, {"voice": "male", "base": VOICES["male"]}, 60.0, 400.0, 0.01))
    signals.append(golden(male, 16000, {"voice": "male", "base": VOICES["male"]}, 71.0, 800.0, 0.001))
    for name in CLIPS:
        path = Path(sys.argv[2]) / f"{name}.wav"
        with wave.open(str(path)) as file:
            assert (file.getsampwidth(), file.getnchannels()) == (2, 1), path
            rate = file.getframerate()
            pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        clips.append(golden(pcm, rate, {"file": path.name}))
    content = {
        "tool": "librosa",
        "version": version("librosa"),
        "command": "python3 Tests/Oracles/pyin_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference",
        "signals": signals,
        "clips": clips,
    }
    (folder / "reference-pitch-pyin.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
