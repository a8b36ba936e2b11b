// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
public import SpeechMetrics

/// Why a pair could not be scored. A failure is a row of the result, and names its file.
public enum EvaluationFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file cannot be read as sound.
  case unreadable(Side, path: String, AudioFileError)
  /// The file was not the same when it was read as when it was looked up in the store.
  case changed(Side, path: String)
  /// Two or more files of one id on one side.
  case ambiguous(Side, paths: [String])
  /// What the file holds is no recording.
  case noSound(Side, path: String, SoundFlaw)
  /// The file's rate is below the run's. Hz.
  case rateBelowAnalysis(Side, path: String, rate: Int, analysisRate: Int)
  /// The metric itself failed.
  case metric(MetricError)

  /// The failure in one line.
  public var description: String {
    switch self {
    case .unreadable(let side, let path, let error): "\(side) \(path): \(error)"
    case .changed(let side, let path): "\(side) \(path): written while it was read"
    case .ambiguous(let side, let paths): "\(side): files of one name: \(paths.joined(separator: ", "))"
    case .noSound(let side, let path, let flaw): "\(side) \(path): \(flaw)"
    case .rateBelowAnalysis(let side, let path, let rate, let analysisRate):
      "\(side) \(path): \(rate) Hz is below the run's \(analysisRate) Hz; see --rate"
    case .metric(let error): "\(error)"
    }
  }
}
