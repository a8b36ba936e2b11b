// SPDX-License-Identifier: GPL-3.0-or-later

/// The Python that is run in the stack under test, one program for each question.
///
/// Samples go in and come out as WAV files that the programs read and write with Python's standard library alone, so
/// that what is tested is the one function in question. No NumPy is needed.
enum ProbeProgram {
  /// `read_wav`, `tensor` and `write_wav`: 16-bit integers or 32-bit floats in, 32-bit floats out, one channel.
  private static let files = """
    import array, struct
    def read_wav(path):
        data = open(path, "rb").read()
        at, form = 12, None
        while at + 8 <= len(data):
            name, size = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
            body = data[at + 8:at + 8 + size]
            if name == b"fmt ": form = struct.unpack("<HHIIHH", body[:16])
            if name == b"data":
                values = array.array("h" if form[5] == 16 else "f"); values.frombytes(body)
                if sys.byteorder == "big": values.byteswap()
                return form[2], [v / 32768.0 for v in values] if form[5] == 16 else values.tolist()
            at += 8 + size + size % 2
        raise ValueError("no samples in " + path)
    def write_wav(path, rate, samples):
        values = array.array("f", samples)
        if sys.byteorder == "big": values.byteswap()
        body = values.tobytes()
        head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, rate, rate * 4, 4, 32)
        rest = head + struct.pack("<4sI", b"data", len(body)) + body
        with open(path, "wb") as f: f.write(b"RIFF" + struct.pack("<I", 4 + len(rest)) + b"WAVE" + rest)
    import torch, torchaudio
    def tensor(samples): return torch.tensor(samples, dtype=torch.float32).unsqueeze(0)
    """

  /// Arguments: a 16-bit WAV, and the name of a WAV to save. What is loaded is told by shape, rate and greatest error in
  /// steps of 16 bits: of the given file, and of the saved one.
  static let roundTrip =
    files + """

      source, target = sys.argv[1:3]
      rate, samples = read_wav(source)
      known = tensor(samples)
      def loaded(path):
          found, found_rate = torchaudio.load(path)
          same = tuple(found.shape) == tuple(known.shape)
          error = float((found.double() - known.double()).abs().max()) * 32768 if same else None
          if error is not None and not error < 1e30: error = None
          return {"shape": [int(n) for n in found.shape], "rate": int(found_rate), "error": error}
      def step(name, act):
          try: return act()
          except Exception as e: fail("raised", name + ": " + words(e))
      given = step("load", lambda: loaded(source))
      step("save", lambda: torchaudio.save(target, known, rate))
      saved = step("load of what was saved", lambda: loaded(target))
      tell(given=given, saved=saved)
      """

  /// Arguments: a WAV of floats, the name of one to write, and its rate. Everything about the filter is torchaudio's default.
  static let resample =
    files + """

      source, target, new = sys.argv[1], sys.argv[2], int(sys.argv[3])
      rate, samples = read_wav(source)
      import torchaudio.transforms
      out = torchaudio.transforms.Resample(rate, new)(tensor(samples))
      write_wav(target, new, out.squeeze(0).tolist())
      tell(frames=int(out.shape[-1]))
      """

  /// Arguments: a WAV of floats; transform length, hop, bands.
  static let mel =
    files + """

      rate, samples = read_wav(sys.argv[1])
      length, hop, bands = (int(a) for a in sys.argv[2:5])
      import torchaudio.transforms
      mel = torchaudio.transforms.MelSpectrogram(
          sample_rate=rate, n_fft=length, win_length=length, hop_length=hop, n_mels=bands, f_min=0.0, f_max=rate / 2.0,
          power=2.0, center=True, pad_mode="reflect", norm="slaney", mel_scale="slaney")(tensor(samples))
      tell(values=[[float("%.8g" % v) if 0 <= v < 1e30 else -1.0 for v in row] for row in mel.squeeze(0).tolist()])
      """
}
