// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
internal import Foundation
public import SpeechSignal

extension PythonProbe {
  /// A sound as somebody read it.
  public struct LoadedSound: Sendable, Hashable {
    /// Channels and frames, where the reader has them in torchaudio's order.
    public var shape: [Int]
    /// Hz.
    public var sampleRate: Int
    /// Greatest deviation from what was written, in steps of 16 bits (1/32768 of full scale); nil when the shapes differ
    /// or samples are not numbers.
    public var errorLSB: Double?

    /// A sound from its parts.
    public init(shape: [Int], sampleRate: Int, errorLSB: Double?) {
      self.shape = shape
      self.sampleRate = sampleRate
      self.errorLSB = errorLSB
    }
  }

  /// A known sound loaded, saved and loaded again by torchaudio.
  public struct RoundTrip: Sendable {
    /// What was handed in, as a WAV of 16 bits.
    public var known: Waveform
    /// That WAV, as `torchaudio.load` gives it.
    public var given: LoadedSound
    /// What `torchaudio.save` made of the samples in its default format, as `torchaudio.load` gives it.
    public var saved: LoadedSound
    /// The saved file, as ttseval's own decoder reads it.
    public var file: Result<LoadedSound, AudioFileError>
    /// The saved file's format.
    public var format: String?

    /// Passed when shape and rate survive, what is loaded is exact, and what is saved is off by at most one step: scaling by
    /// 32767 instead of 32768, as libsndfile does, costs that one.
    public var check: HealthCheck {
      let name = "torchaudio-load-save"
      var faults: [String] = []
      var told: [String] = []
      func look(_ what: String, _ sound: LoadedSound, limit: Double) {
        if sound.shape != [1, known.samples.count] {
          faults.append("\(what): shape \(sound.shape), not [1, \(known.samples.count)]")
        }
        if sound.sampleRate != known.sampleRate {
          faults.append("\(what): \(sound.sampleRate) Hz, not \(known.sampleRate)")
        }
        guard sound.shape == [1, known.samples.count] else { return }
        let error = sound.errorLSB.map { "off by \($0.short) LSB" } ?? "samples that are no numbers"
        if sound.errorLSB.map({ $0 > limit }) ?? true { faults.append("\(what): \(error)") }
        told.append("\(what) \(error)")
      }
      look("load", given, limit: 0)
      look("save and load", saved, limit: 1)
      switch file {
      case .success(let sound): look("saved file", sound, limit: 1)
      case .failure(let error): faults.append("saved file: \(error)")
      }
      let format = format.map { ", saved as \($0)" } ?? ""
      if faults.isEmpty { return HealthCheck(name, .passed, found: told.joined(separator: ", ") + format) }
      return HealthCheck(
        name, .failed, found: faults.joined(separator: "; ") + format,
        advice: "read and write sound with another library, e.g. soundfile, or with another torchaudio")
    }
  }

  /// A sound resampled by torchaudio, as two WAV files of floats.
  public struct Resampling: Sendable, Hashable {
    /// Path of what went in.
    public var input: String
    /// Path of what came out.
    public var output: String
    /// Hz.
    public var inputRate: Int
    /// Hz.
    public var outputRate: Int
    /// Samples that came out.
    public var frames: Int

    /// A resampling from its parts.
    public init(input: String, output: String, inputRate: Int, outputRate: Int, frames: Int) {
      self.input = input
      self.output = output
      self.inputRate = inputRate
      self.outputRate = outputRate
      self.frames = frames
    }
  }

  /// What the three answers mean, in the order in which they were asked for.
  /// - Precondition: the sound files of `resampling` are still there, to be measured.
  public var checks: [HealthCheck] {
    func check<Value>(_ name: String, _ result: Result<Value, PythonFailure>, _ look: (Value) -> HealthCheck)
      -> HealthCheck
    {
      switch result {
      case .success(let value): look(value)
      // That it is missing is for the stack's own checks to judge: not every synthesiser uses torch.
      case .failure(.notInstalled("torch")), .failure(.notInstalled("torchaudio")):
        HealthCheck(name, .skipped, found: "needs torch and torchaudio")
      case .failure(let failure): HealthCheck(name, .failed, found: failure.description)
      }
    }
    return [
      check("torchaudio-load-save", roundTrip) { $0.check }, check("torchaudio-resample", resampling) { $0.check },
      check("torchaudio-mel", melSpectrogram) { $0.check },
    ]
  }
}

extension Double {
  /// Three significant digits, with a point in every language, for a table's cell.
  var short: String { String(format: "%.3g", locale: nil, self) }
}
