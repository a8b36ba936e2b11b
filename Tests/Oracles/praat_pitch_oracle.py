#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden tracks for PraatPitch, from Praat 6.1.38 as parselmouth ships it.

    pip install praat-parselmouth==0.4.7 numpy
    python3 Tests/Oracles/praat_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference

The signals are the integer voices of world_oracle.py, cut to an odd number
of samples where that moves the frames to half-way between two samples; the same under a whistle at a quarter of the sample
rate, whose many peaks take the places of candidates; pairs of clicks; and three natural clips. Each golden names a hash of its
16-bit samples.
"""
import json
import sys
import wave
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import parselmouth

# The signals need none of the packages that world_oracle.py is an oracle with.
for name in ("pyworld", "pysptk"):
    sys.modules.setdefault(name, ModuleType(name))
from world_oracle import VOICES, digest, voice  # noqa: E402

#        rate    voice    samples fewer, floor, ceiling, time step
CASES = [(8000, "male", 0, 71, 800, 0.005), (8000, "female", 1, 71, 800, 0.005),
         (16000, "male", 1, 71, 800, 0.005), (16000, "female", 0, 71, 800, 0.005),
         (22050, "male", 0, 71, 800, 0.005), (22050, "female", 3, 71, 800, 0.005),
         (44100, "male", 0, 71, 800, 0.005), (44100, "female", 1, 71, 800, 0.005),
         (16000, "male", 0, 40, 1100, 0.005), (44100, "male", 0, 40, 1100, 0.005),
         (8000, "female", 0, 150, 1100, 0.01), (22050, "male", 0, 60, 200, 0.01)]
WHISTLES = [(16000, "female"), (44100, "male")]
CLICKS = (8000, 500, 100)  # rate, from pair to pair, from click to click
CLIPS = ["en-alsa-front-center", "en-librivox-0880", "fr-june-dir-nomore"]


def praat(x, rate, floor=71.0, ceiling=800.0, step=0.005):
    """Time of the first frame, and F0 in Hz; everything but floor, ceiling and time step as Praat offers it."""
    pitch = parselmouth.Sound(x, rate).to_pitch_ac(
        time_step=step, pitch_floor=floor, max_number_of_candidates=15, very_accurate=False, silence_threshold=0.03,
        voicing_threshold=0.45, octave_cost=0.01, octave_jump_cost=0.35, voiced_unvoiced_cost=0.14,
        pitch_ceiling=ceiling)
    return pitch.x1, pitch.selected_array["frequency"]


def track(pcm, rate, floor, ceiling, step):
    start, f0 = praat(pcm / 32768.0, rate, floor, ceiling, step)
    f0 = [round(value, 8) for value in f0]
    return {"fnv": digest(pcm), "floor": floor, "ceiling": ceiling, "period": step, "start": start, "f0": f0}


def whistle(pcm):
    n = np.arange(len(pcm))
    return ((pcm >> 1) + 3000 * (1 - 2 * (n >> 1 & 1))).astype(np.int16)


def clicks(rate, pair, gap):
    place = np.arange(rate) % pair
    return np.where((place == 20) | (place == 20 + gap), 16000, 0).astype(np.int16)


def main():
    folder = Path(sys.argv[1])
    voices, clips = [], []
    for rate, name, fewer, floor, ceiling, step in CASES:
        pcm = voice(rate, VOICES[name])
        pcm = pcm[:len(pcm) - fewer]
        key = {"sound": "voice", "rate": rate, "base": VOICES[name], "samples": len(pcm)}
        voices.append(key | track(pcm, rate, floor, ceiling, step))
    for rate, name in WHISTLES:
        pcm = whistle(voice(rate, VOICES[name]))
        key = {"sound": "whistle", "rate": rate, "base": VOICES[name], "samples": len(pcm)}
        voices.append(key | track(pcm, rate, 71, 800, 0.005))
    pcm = clicks(*CLICKS)
    key = {"sound": "clicks", "rate": CLICKS[0], "base": 0, "samples": len(pcm)}
    voices.append(key | track(pcm, CLICKS[0], 71, 800, 0.005))
    for name in CLIPS:
        with wave.open(str(Path(sys.argv[2]) / f"{name}.wav")) as file:
            assert (file.getsampwidth(), file.getnchannels()) == (2, 1), name
            rate = file.getframerate()
            pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        clips.append({"rate": rate, "file": f"{name}.wav", "samples": len(pcm)} | track(pcm, rate, 71, 800, 0.005))
    golden = {
        "tool": "praat-parselmouth",
        "version": version("praat-parselmouth"),
        "praat": parselmouth.PRAAT_VERSION,
        "command": "python3 Tests/Oracles/praat_pitch_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference",
        "tolerance": 1e-6,
        "voices": voices,
        "clips": clips,
    }
    text = json.dumps(golden, separators=(",", ":"))
    (folder / "reference-pitch-praat.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
