// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
public import SpeechMetrics
public import SpeechSignal

/// The F0 contour of one file, for other tools.
public struct F0Contour: Sendable, Equatable {
  /// The file.
  public let path: String
  /// How F0 was found.
  public let method: F0Method
  /// At which rate, Hz.
  public let sampleRate: Int
  /// The tracker's own frames.
  public let track: F0Track
  /// Whether the range was wide enough.
  public let rangeUse: F0RangeUse

  /// Reads a file and finds its F0.
  /// - Parameters:
  ///   - path: of the file.
  ///   - method: the tracker and its range.
  ///   - rate: Hz to bring the recording to first; nil for its own.
  ///   - channels: what is done with more than one.
  public init(
    _ path: String, method: F0Method, rate: Int?, channels: ChannelPolicy
  ) throws(F0Failure) {
    let source: Waveform
    do throws(AudioFileError) {
      source = try AudioFile.read(path).waveform(channels)
    } catch {
      throw .unreadable(path: path, error)
    }
    let sampleRate = rate ?? source.sampleRate
    guard Harvest.sampleRates.contains(sampleRate), sampleRate <= source.sampleRate else {
      throw .unsupportedRate(path: path, source.sampleRate, requested: rate)
    }
    if let flaw = SoundFlaw(source) { throw .noSound(path: path, flaw) }
    do throws(AnalysisError) {
      track = try method.make(sampleRate: sampleRate).track(
        sampleRate == source.sampleRate ? source : Resampler.convert(source, to: sampleRate))
    } catch {
      throw .tooShort(path: path, seconds: source.seconds)
    }
    self.path = path
    self.method = method
    rangeUse = F0RangeUse(track.f0, method)
    self.sampleRate = sampleRate
  }
}

/// Why a file has no F0 contour.
public enum F0Failure: Error, Sendable, Equatable, CustomStringConvertible {
  /// It cannot be read as sound.
  case unreadable(path: String, AudioFileError)
  /// No tracker works at its rate, or it lies below the one asked for. Hz.
  case unsupportedRate(path: String, Int, requested: Int?)
  /// What it holds is no sound.
  case noSound(path: String, SoundFlaw)
  /// It is shorter than the tracker's frames.
  case tooShort(path: String, seconds: Double)

  /// The failure in one line.
  public var description: String {
    switch self {
    case .unreadable(let path, let error): "\(path): \(error)"
    case .unsupportedRate(let path, let rate, nil):
      "\(path): F0 is found at 8000 to 96000 Hz, and this is at \(rate) Hz\(rate > 96_000 ? "; see --rate" : "")"
    case .unsupportedRate(let path, let rate, .some(let requested)):
      "\(path): \(rate) Hz is below the \(requested) Hz of --rate"
    case .noSound(let path, let flaw): "\(path): \(flaw)"
    case .tooShort(let path, let seconds): "\(path): \(seconds) s are too short for F0"
    }
  }
}
