// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Provenance
import SpeechSignal
import Testing

/// A torchaudio of few lines that does its work, or does it wrong in one way, under a true Python.
@Suite(.enabled(if: realProgram("python3") != nil, "needs python3")) struct PythonProbeTests {
  private let machine: FakeMachine

  init() throws { machine = try FakeMachine() }

  private static let torch = """
    float32 = "float"
    class Scalar(float): pass
    class Tensor:
        dtype = "torch.float32"
        def __init__(self, rows): self.rows = rows; self.shape = (len(rows), len(rows[0]))
        def unsqueeze(self, at): return self
        def squeeze(self, at): return Row(self.rows[0])
        def double(self): return self
        def __sub__(self, o): return Tensor([[a - b for a, b in zip(r, s)] for r, s in zip(self.rows, o.rows)])
        def abs(self): return Tensor([[abs(v) for v in r] for r in self.rows])
        def max(self): return max(max(r) for r in self.rows)
    class Row:
        def __init__(self, row): self.row = row
        def tolist(self): return self.row
    def tensor(values, dtype=None): return Tensor([list(values)])
    """

  /// Saves whole numbers of 16 bits by Python's `wave`, resamples by taking every `stride`-th sample, and knows the mel
  /// spectrogram by heart.
  private static let torchaudio = """
    import array, json, os, sys, wave, torch
    def load(path):
        with wave.open(path) as w: rate, data = w.getframerate(), w.readframes(w.getnframes())
        values = array.array("h"); values.frombytes(data)
        return torch.Tensor([[v / 32768.0 for v in values]]), rate
    def save(path, tensor, rate):
        values = array.array("h", [int(round(v * 32768)) for v in tensor.rows[0]])
        with wave.open(path, "wb") as w:
            w.setnchannels(1); w.setsampwidth(2); w.setframerate(rate); w.writeframes(values.tobytes())
    class transforms:
        class Resample:
            def __init__(self, old, new): self.stride = old // new
            def __call__(self, x): return torch.Tensor([x.rows[0][::self.stride]])
        class MelSpectrogram:
            def __init__(self, **settings): pass
            def __call__(self, x):
                class Cells:
                    def squeeze(self, at): return torch.Row(json.load(open(os.environ["MEL"])))
                return Cells()
    sys.modules["torchaudio.transforms"] = transforms
    """

  private let input = PythonProbe.Input(
    resampled: Waveform(samples: (0..<400).map { Double($0) / 512 }, sampleRate: 24_000), to: 8_000,
    analysed: PythonProbe.sweep(seconds: 0.1, sampleRate: 16_000))

  /// The probe of a torchaudio in which one text stands for another.
  private func probe(_ text: String = "", _ other: String = "", mel: ([[Double]]) -> [[Double]] = { $0 }) throws
    -> PythonProbe
  {
    try machine.write("packages/torch/__init__.py", Self.torch)
    let faulty = text.isEmpty ? Self.torchaudio : Self.torchaudio.replacing(text, with: other)
    try #require(text.isEmpty || faulty != Self.torchaudio)
    try machine.write("packages/torchaudio.py", faulty)
    let single = Waveform(samples: input.analysed.samples.map { Double(Float($0)) }, sampleRate: 16_000)
    let cells = try JSONEncoder().encode(mel(PythonProbe.MelSpectrogram.compute(single)))
    let answer = try machine.write("mel.json", String(decoding: cells, as: UTF8.self))
    let environment = ProcessInfo.processInfo.environment.merging([
      "PYTHONPATH": "\(machine.folder)/packages", "MEL": answer,
    ]) { $1 }
    return try PythonProbe.run(
      realProgram("python3") ?? "", input, in: machine.folder, from: machine.surroundings(environment))
  }

  private func found(_ probe: PythonProbe, _ name: String) -> String {
    probe.checks.first { $0.name == name }.map { "\($0.outcome): \($0.found)" } ?? "nothing"
  }

  @Test func whatWorksPasses() throws {
    let probe = try probe()
    #expect(
      found(probe, "torchaudio-load-save")
        == "passed: load off by 0 LSB, save and load off by 0 LSB, saved file off by 0 LSB, "
        + "saved as WAV (Microsoft), Signed 16 bit PCM")
    #expect(found(probe, "torchaudio-mel").hasPrefix("passed: off by "))
    let resampling = try probe.resampling.get()
    #expect(resampling.frames == 134 && resampling.inputRate == 24_000 && resampling.outputRate == 8_000)
    #expect(probe.checks.map(\.name) == ["torchaudio-load-save", "torchaudio-resample", "torchaudio-mel"])
    let before = try AudioFile.read(resampling.input)
    let after = try AudioFile.read(resampling.output)
    #expect(before.channels[0] == input.resampled.samples)
    #expect(after.channels[0] == stride(from: 0, to: 400, by: 3).map { Double($0) / 512 } && after.sampleRate == 8_000)
  }

  @Test(arguments: [
    ("int(round(v * 32768))", "int(v * 32767)", "passed", "saved file off by 1 LSB"),
    (
      "int(round(v * 32768))", "int(round(v * 32765))", "failed",
      "save and load: off by 3 LSB; saved file: off by 3 LSB"
    ),
    ("/ 32768.0 for", "/ 32767.0 for", "failed", "load: off by 1 LSB"),
    ("w.getframerate()", "44100", "failed", "load: 44100 Hz, not 22050; save and load: 44100 Hz, not 22050"),
    (
      "w.setframerate(rate)", "w.setframerate(16000)", "failed",
      "save and load: 16000 Hz, not 22050; saved file: 16000 Hz"
    ),
    (
      "torch.Tensor([[v / 32768.0 for v in values]])", "torch.Tensor([[v / 32768.0] for v in values])", "failed",
      "load: shape [22050, 1], not [1, 22050]"
    ),
    (
      "torch.Tensor([[v / 32768.0 for v in values]])", "torch.Tensor([[float('nan') for v in values]])", "failed",
      "load: samples that are no numbers"
    ),
    (
      "for v in tensor.rows[0]]", "for v in tensor.rows[0][1:]]", "failed",
      "saved file: shape [1, 22049], not [1, 22050]"
    ),
    (
      "def save(path, tensor, rate):", "def save(path, tensor, rate):\n    path += '.wav'\ndef _(path, tensor, rate):",
      "failed", "failed: load of what was saved: FileNotFoundError"
    ),
    (
      "def load(path):", "def load(path):\n    raise ImportError('TorchCodec is required for load_with_torchcodec.')",
      "failed", "failed: load: ImportError: TorchCodec is required"
    ),
  ])
  func eachFaultOfLoadAndSaveIsFound(_ text: String, _ other: String, _ outcome: String, _ words: String) throws {
    let found = try found(probe(text, other), "torchaudio-load-save")
    #expect(found.hasPrefix(outcome) && found.contains(words), "\(found)")
  }

  @Test func faultsOfTheSpectrogram() throws {
    func found(_ mel: ([[Double]]) -> [[Double]]) throws -> String { try self.found(probe(mel: mel), "torchaudio-mel") }
    #expect(try found { $0.map { $0.map { $0 * 1.01 } } } == "failed: off by 0.0432 dB at most")
    #expect(try found { $0.dropLast() } == "failed: shape [79, 7], not [80, 7]")
    #expect(try found { $0.map { $0.map { $0 * 1e40 } } } == "failed: cells that are no positive number")
    #expect(try found { $0.map { $0.map { -$0 } } } == "failed: cells that are no positive number")
  }

  @Test func oneFailureLeavesTheOthers() throws {
    let probe = try probe("self.stride = old // new", "import os; os.abort()")
    #expect(probe.checks.map(\.outcome) == [.passed, .failed, .passed])
    #expect(found(probe, "torchaudio-resample") == "failed: crashed the interpreter (SIGABRT)")
  }
}
