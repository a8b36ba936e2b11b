// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
internal import Foundation
public import SpeechSignal

/// What torchaudio in one Python does to known sound. Versions that match can still be broken; this finds out.
///
/// Each question is put to a process of its own: a library that crashes or hangs costs its own answer only.
public struct PythonProbe: Sendable {
  /// `torchaudio.load` and `torchaudio.save`.
  public var roundTrip: Result<RoundTrip, PythonFailure>
  /// `torchaudio.transforms.Resample`.
  public var resampling: Result<Resampling, PythonFailure>
  /// `torchaudio.transforms.MelSpectrogram`.
  public var melSpectrogram: Result<MelSpectrogram, PythonFailure>

  /// The sound that is handed to torchaudio.
  public struct Input: Sendable {
    /// Is to be resampled.
    public var resampled: Waveform
    /// To this rate, Hz.
    public var rate: Int
    /// Is to be analysed.
    public var analysed: Waveform

    /// Sounds of the caller's choice; by default a sweep from 24 to 16 kHz, and one of 16 kHz to analyse.
    public init(
      resampled: Waveform = PythonProbe.sweep(seconds: 2, sampleRate: 24_000), to rate: Int = 16_000,
      analysed: Waveform = PythonProbe.sweep(seconds: 1, sampleRate: 16_000)
    ) {
      self.resampled = resampled
      self.rate = rate
      self.analysed = analysed
    }
  }

  /// Runs the three programs.
  /// - Parameters:
  ///   - python: a path, or a name to be found in `PATH`.
  ///   - input: the sound.
  ///   - folder: where sound files may be left; `resample-in.wav` and `resample-out.wav` are for the caller to measure.
  ///   - timeout: seconds for each program; the first import of torch from a slow disk takes a minute.
  /// - Throws: `AudioFileError`, when the folder cannot be written.
  public static func run(
    _ python: String, _ input: Input = Input(), in folder: String, from surroundings: Surroundings = .here(),
    timeout: Double = 120
  ) throws(AudioFileError) -> PythonProbe {
    let probe = Runner(
      python: PythonProgram(path: python, surroundings: surroundings), folder: folder, timeout: timeout)
    return PythonProbe(
      roundTrip: try probe.roundTrip(), resampling: try probe.resampling(input.resampled, to: input.rate),
      melSpectrogram: try probe.melSpectrogram(input.analysed))
  }

  /// A linear sweep from 0 Hz to half the sample rate, at half of full scale.
  public static func sweep(seconds: Double, sampleRate: Int) -> Waveform {
    let count = Int((seconds * Double(sampleRate)).rounded())
    return Waveform(
      samples: (0..<count).map { i in
        let n = Double(i)
        return 0.5 * sin(.pi * n * n / (2 * Double(max(count, 1))))
      }, sampleRate: sampleRate)
  }

  /// Sound of 16 bits in which every step between neighbours, both full scales and zero occur, at 22.05 kHz.
  static var everyStep: Waveform {
    let count = 22_050
    var integers = (0..<count).map { (($0 * $0 * 3 / 16) % 65536) - 32768 }
    integers.replaceSubrange(0..<4, with: [0, 32767, -32768, 0])
    return Waveform(samples: integers.map { Double($0) / 32768 }, sampleRate: 22_050)
  }
}

/// Puts the questions.
private struct Runner {
  var python: PythonProgram
  var folder: String
  var timeout: Double

  private func path(_ name: String) -> String { "\(folder)/\(name)" }

  private func ask<Answer: Decodable>(_ program: String, _ arguments: [String]) -> Result<Answer, PythonFailure> {
    do throws(PythonFailure) {
      return .success(try python.answer(to: program, arguments, timeout: timeout))
    } catch {
      return .failure(error)
    }
  }

  func roundTrip() throws(AudioFileError) -> Result<PythonProbe.RoundTrip, PythonFailure> {
    struct Answer: Decodable {
      struct Sound: Decodable {
        var shape: [Int]
        var rate: Int
        var error: Double?
      }
      var given: Sound
      var saved: Sound
    }
    let known = PythonProbe.everyStep
    try AudioFile.write(known, to: path("load.wav"), as: .pcm16)
    let answer: Result<Answer, PythonFailure> = ask(ProbeProgram.roundTrip, [path("load.wav"), path("save.wav")])
    return answer.map { answer in
      let saved = Result { () throws(AudioFileError) in try AudioFile.read(path("save.wav")) }
      func sound(_ sound: Answer.Sound) -> PythonProbe.LoadedSound {
        PythonProbe.LoadedSound(shape: sound.shape, sampleRate: sound.rate, errorLSB: sound.error)
      }
      return PythonProbe.RoundTrip(
        known: known, given: sound(answer.given), saved: sound(answer.saved),
        file: saved.map { file in
          let samples =
            file.channels.count == 1 && file.channels[0].count == known.samples.count ? file.channels[0] : nil
          let error = samples.map { zip($0, known.samples).reduce(0) { max($0, abs($1.0 - $1.1)) } * 32768 }
          return PythonProbe.LoadedSound(
            shape: [file.channels.count, file.channels[0].count], sampleRate: file.sampleRate, errorLSB: error)
        }, format: (try? saved.get())?.format)
    }
  }

  func resampling(_ input: Waveform, to rate: Int) throws(AudioFileError) -> Result<
    PythonProbe.Resampling, PythonFailure
  > {
    struct Answer: Decodable { var frames: Int }
    let (source, target) = (path("resample-in.wav"), path("resample-out.wav"))
    try AudioFile.write(input, to: source, as: .float32)
    let answer: Result<Answer, PythonFailure> = ask(ProbeProgram.resample, [source, target, String(rate)])
    return answer.map {
      PythonProbe.Resampling(
        input: source, output: target, inputRate: input.sampleRate, outputRate: rate, frames: $0.frames)
    }
  }

  func melSpectrogram(_ input: Waveform) throws(AudioFileError) -> Result<PythonProbe.MelSpectrogram, PythonFailure> {
    struct Answer: Decodable { var values: [[Double]] }
    typealias Mel = PythonProbe.MelSpectrogram
    let source = path("mel-in.wav")
    try AudioFile.write(input, to: source, as: .float32)
    let rounded = Waveform(samples: input.samples.map { Double(Float($0)) }, sampleRate: input.sampleRate)
    let arguments = [source, String(Mel.fftLength), String(Mel.hop), String(Mel.bandCount)]
    let answer: Result<Answer, PythonFailure> = ask(ProbeProgram.mel, arguments)
    return answer.map { Mel(theirs: $0.values, ours: Mel.compute(rounded)) }
  }
}
