#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden numbers for the pitch trackers, CheapTrick and the mel-cepstra, from pyworld and pysptk.

    pip install pyworld==0.3.5 pysptk==1.0.1 numpy
    python3 Tests/Oracles/world_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference

The signals are made by integer arithmetic, the same here and in Tests/SpeechSignalTests/Pitch/IntegerVoice.swift, so
that both sides analyse the same 16-bit samples; each golden names a hash of them (FNV-1a, 64 bit). The natural
clips are those that reference_audio/prepare lays down; leave the folder out to keep their golden as it is.
"""
import json
import sys
import wave
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pysptk
import pyworld

RATES = [8000, 11025, 16000, 22050, 24000, 44100, 48000, 96000]
VOICES = {"male": 110_000, "female": 230_000}  # mHz
FRAMES = [0, 20, 43, 61, 88, 120, 141, 170, 199]
BIN_STEP = 32
CLIPS = ["en-alsa-front-center", "en-alsa-side-left", "en-cards-002", "en-digits-dhd", "en-goforward",
         "en-librivox-0880", "fr-june-dir-nomore", "it-carlo-vm-whichbox", "ru-ivrvoice-check-number-dial-again"]
MASK = (1 << 64) - 1


def lcg(state):
    return (state * 6364136223846793005 + 1442695040888963407) & MASK


def voice(rate, base, seconds_in_tenths=10):
    """A buzz with a moving pitch, through a resonance; every 440 ms 300 voiced, 80 hissing, 60 nearly silent.

    Not silent to the last bit: there WORLD's filters put out nothing but the rounding noise of their transforms, whose
    zero crossings move the F0 of the frames next to the silence (scaling the signal by 3 does it, too)."""
    count = rate * seconds_in_tenths // 10
    state, phase, low, r1, r2 = 1, 0, 0, 0, 0
    out = []
    for n in range(count):
        state = lcg(state)
        hiss = (state >> 48) - 32768
        t = n * 1000 // rate  # ms
        place = t % 440
        sweep = abs(t % 500 - 250)  # 0..250
        pitch = base + base * (sweep - 125) // 600  # mHz
        phase += (pitch << 32) // (rate * 1000)
        pulse = 0
        if phase >> 32:
            phase &= 0xFFFFFFFF
            pulse = 24000
        x = pulse + hiss // 256 if place < 300 else (hiss // 16 if place < 380 else hiss // 4096)
        low += (x - low) >> 1
        y = low + ((28000 * r1 - 15400 * r2) >> 14)
        r1, r2 = y, r1
        out.append(max(-32768, min(32767, y >> 1)))
    return np.array(out, dtype=np.int16)


def spectrum(bins, seed):
    """Powers between 2^-16 and 1, exact in binary."""
    state, out = seed, []
    for _ in range(bins):
        state = lcg(state)
        out.append(((state >> 48) + 1) / 65536)
    return np.array(out)


def header(tool, tolerance):
    return {
        "tool": tool,
        "version": version(tool),
        "command": "python3 Tests/Oracles/world_oracle.py Tests/SpeechSignalTests/Goldens reference_audio/reference",
        "tolerance": tolerance,
    }


def digest(pcm):
    value = 0xCBF29CE484222325
    for byte in pcm.astype("<i2").tobytes():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return f"{value:x}"


def write(folder, name, content):
    (folder / f"reference-{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


def main():
    folder = Path(sys.argv[1])
    pitch, envelopes, cepstra, frames = [], [], [], []
    for rate in RATES:
        for name, base in VOICES.items():
            if name == "female" and rate in (11025, 96000):
                continue
            pcm = voice(rate, base)
            x = pcm / 32768.0
            f0, times = pyworld.harvest(x, rate)
            dio, dio_times = pyworld.dio(x, rate)
            stone = pyworld.stonemask(x, dio, dio_times, rate)
            key = {"rate": rate, "voice": name, "base": base, "fnv": digest(pcm)}
            pitch.append(key | {"harvest": list(f0), "dio": list(dio), "stonemask": list(stone)})
            sp = pyworld.cheaptrick(x, f0, times, rate)
            rows = [list(np.log(sp[i, ::BIN_STEP])) for i in FRAMES]
            alpha = float(pysptk.util.mcepalpha(rate))
            mc = [list(pysptk.sp2mc(sp[i], 24, alpha)) for i in FRAMES]
            envelopes.append(key | {"bins": sp.shape[1], "frames": FRAMES, "binStep": BIN_STEP, "logPower": rows,
                                    "melCepstrum": mc})
    write(folder, "pitch", header("pyworld", 1e-6) | {"signals": pitch})
    write(folder, "cheaptrick", header("pyworld", 1e-6) | {"signals": envelopes})

    for order, alpha, bins in [(24, 0.41, 513), (24, 0.455, 513), (39, 0.466, 513), (34, 0.45, 1025), (13, 0.65, 257)]:
        power = spectrum(bins, order)
        settings = {"order": order, "alpha": alpha, "bins": bins, "seed": order}
        cepstra.append(settings | {
            "sp2mc": list(pysptk.sp2mc(power, order, alpha)),
            "amplitude": list(pysptk.mcep(power, order, alpha, maxiter=0, itype=3)),
            "power": list(pysptk.mcep(power, order, alpha, itype=4)),
            "floored": list(pysptk.mcep(power, order, alpha, itype=4, etype=2, eps=-20.0)),
        })
    rate = 24000
    x = voice(rate, VOICES["male"]).astype(np.float64)
    for start, order, alpha in [(2400, 34, 0.46), (7000, 34, 0.46), (12000, 23, 0.42), (6000, 39, 0.55)]:
        frame = x[start:start + 1024] * np.hamming(1024)
        frames.append({"rate": rate, "base": VOICES["male"], "start": start, "order": order, "alpha": alpha,
                       "mcep": list(pysptk.mcep(frame, order, alpha, etype=1, eps=1e-6))})
    alphas = [{"rate": r, "alpha": float(pysptk.util.mcepalpha(r))}
              for r in [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000]]
    write(folder, "melcepstrum", header("pysptk", 1e-8) | {"spectra": cepstra, "frames": frames, "alphas": alphas})

    if len(sys.argv) > 2:
        clips = []
        for name in CLIPS:
            path = Path(sys.argv[2]) / f"{name}.wav"
            with wave.open(str(path)) as file:
                assert (file.getsampwidth(), file.getnchannels()) == (2, 1), path
                rate = file.getframerate()
                pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            f0, _ = pyworld.harvest(pcm / 32768.0, rate)
            clips.append({"file": path.name, "rate": rate, "fnv": digest(pcm), "harvest": list(f0)})
        write(folder, "pitch-natural", header("pyworld", 1e-6) | {"clips": clips})


if __name__ == "__main__":
    main()
