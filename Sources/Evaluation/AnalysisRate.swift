// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles

/// The one rate of a run for metrics that have none of their own.
///
/// Rate alone moves a spectral distance: MCD by a quarter of a decibel. So all pairs of a run are analysed at one rate,
/// the lowest of the folders' most common rates, unless the user names one.
public struct AnalysisRate: Sendable, Equatable {
  /// Hz.
  public let sampleRate: Int
  /// How many files have which rate, by folder: the reference first, then the systems.
  public let counts: [[Int: Int]]

  /// Looks at the headers of all paired files; a file that cannot be read does not vote.
  /// - Parameters:
  ///   - pairing: the pairs of the run.
  ///   - requested: the user's `--rate`, Hz, or nil.
  /// - Returns: nil when no file has a readable header and no rate was named.
  public init?(_ pairing: Pairing, requested: Int? = nil) {
    var counts = [[Int: Int]](repeating: [:], count: pairing.systems.count + 1)
    for utterance in pairing.utterances {
      let files = [(0, utterance.reference)] + utterance.partners.map { ($0.system + 1, $0.file) }
      for case (let folder, .file(let path)) in files {
        guard let rate = try? AudioFile.probe(path).sampleRate else { continue }
        counts[folder][rate, default: 0] += 1
      }
    }
    self.counts = counts
    // Among equally common rates the lower: it loses the fewest files.
    let common = counts.compactMap { $0.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key }
    guard let rate = requested ?? common.min() else { return nil }
    sampleRate = rate
  }

  /// How many files are converted to the run's rate, by the rate they have.
  public var converted: [Int: Int] { all.filter { $0.key > sampleRate } }

  /// How many files lie below the run's rate, by the rate they have: nothing can give them what they lack, and they are not scored.
  public var tooLow: [Int: Int] { all.filter { $0.key < sampleRate } }

  private var all: [Int: Int] { counts.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) } }
}
