# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker for `ttseval synthesize --worker`: hibari-tts, a small neural voice from PyPI.

Reads {"id", "text", "out", "seed"} a line, writes 24 kHz wav, answers {"id", "ok"} or {"id", "error"} a line.
"""
import json
import sys

from hibari import Hibari

voice = Hibari()
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        voice.save(request["text"], request["out"], seed=request["seed"])
        answer = {"id": request["id"], "ok": True}
    except Exception as error:  # whatever it is, the next line may go well
        answer = {"id": request["id"], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
