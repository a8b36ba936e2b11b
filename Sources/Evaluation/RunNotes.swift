// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import SpeechMetrics

/// What a user should know before a run: what was left out, and what is converted.
public struct RunNotes: Sendable, Equatable {
  /// One line each.
  public let lines: [String]

  /// Notes on a pairing and the rate chosen for it.
  public init(_ pairing: Pairing, _ analysis: AnalysisRate?) {
    let systems = pairing.systems.count == 1 ? "1 system" : "\(pairing.systems.count) systems"
    let utterances = pairing.utterances.count == 1 ? "1 utterance" : "\(pairing.utterances.count) utterances"
    let pairs = pairing.pairCount == 1 ? "1 pair" : "\(pairing.pairCount) pairs"
    var lines = ["\(utterances), \(systems), \(pairs)"]
    for (index, system) in pairing.systems.enumerated() {
      let missing = pairing.utterances.filter { $0.syntheses[index] == nil }
      guard !missing.isEmpty else { continue }
      let examples = missing.prefix(3).map(\.id).joined(separator: ", ") + (missing.count > 3 ? ", …" : "")
      lines.append("\(system.name) lacks \(missing.count) of \(pairing.utterances.count) utterances: \(examples)")
    }
    lines += Self.unmatched(pairing.unmatched.reference, "reference file", "synthesis")
    lines += Self.unmatched(pairing.unmatched.synthesis, "synthesis file", "reference")
    if let analysis {
      let start = "analysed at \(analysis.sampleRate) Hz; "
      if !analysis.converted.isEmpty {
        lines.append(
          "\(start)not everybody's own rate: \(Self.list(analysis.converted)), converted by \(Resampler.name)")
      }
      if !analysis.tooLow.isEmpty { lines.append("\(start)below it and not scored: \(Self.list(analysis.tooLow))") }
    }
    self.lines = lines
  }

  private static func list(_ counts: [Int: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key) Hz" }.joined(separator: ", ")
  }

  private static func unmatched(_ paths: [String], _ what: String, _ other: String) -> [String] {
    guard !paths.isEmpty else { return [] }
    let shown = paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? ", …" : "")
    return ["\(paths.count) \(what)\(paths.count == 1 ? "" : "s") without a \(other): \(shown)"]
  }
}

/// What a user should know of a run's numbers before trusting them.
public struct RunWarnings: Sendable, Equatable {
  /// A pair that differs in level by more than this is warned of, dB.
  public static let levelDifference = 3.0

  /// A pair of which more speech than this is left out is warned of, seconds.
  public static let cutSpeech = 0.1

  /// One line each.
  public let lines: [String]

  /// Warnings on what listeners said of it.
  public static func ofListeners(_ run: Run) -> [String] {
    run.settings.metrics.compactMap { metric in
      guard let count = run.listeners(metric), count < PanelAnalysis.fewestListeners else { return nil }
      return "\(metric): \(count) listener\(count == 1 ? "" : "s"); under \(PanelAnalysis.fewestListeners) it is rough"
    }
  }

  /// Warnings on a finished run.
  public init(_ run: Run) {
    let isMatched = run.settings.conditions.level != nil
    lines =
      Self.ofListeners(run)
      + run.systems.flatMap { system in
        let alignments = system.utterances.lazy.compactMap(\.alignment)
        let differences = Array(alignments.compactMap(\.levelDifferenceDb).filter { abs($0) > Self.levelDifference })
        let freeRunning = alignments.count { $0.isFreeRunning && $0.class == .delay }
        var lines: [String] = []
        if !differences.isEmpty {
          let worst = (differences.reduce(0) { abs($1) > abs($0) ? $1 : $0 } * 10).rounded() / 10
          lines.append(
            "\(system.name): \(differences.count) of \(alignments.count) pairs differ in level by more than 3 dB (at most"
              + " \(worst) dB); " + (isMatched ? "--level match has evened it out" : "--level match evens it out"))
        }
        let cut = alignments.count { !$0.isFreeRunning && $0.cutSpeechSeconds ?? 0 > Self.cutSpeech }
        if cut > 0 {
          lines.append(
            "\(system.name): in \(cut) of \(alignments.count) pairs one side speaks on where the other has ended: that part is not"
              + " scored")
        }
        let range = system.utterances.lazy.compactMap(\.f0Range).reduce(F0RangeUse(), +)
        if range.share > F0RangeUse.tolerated {
          lines.append(
            "\(system.name): \(Int((100 * range.share).rounded())) % of the voiced frames, the reference's included, lie at a bound of"
              + " the F0 range; see --f0-range"
          )
        }
        let atEdge = alignments.count { $0.pathSearch == .edge }
        if atEdge > 0 {
          lines.append(
            "\(system.name): \(atEdge) of \(alignments.count) pairs are so long and so far apart that their paths may not be the"
              + " cheapest")
        }
        if freeRunning > 0 {
          lines.append(
            "\(system.name): \(freeRunning) of \(alignments.count) pairs are free-running: metrics that need the two in step"
              + " are undefined for them; --align warp brings them onto one time line")
        }
        return lines
      }
  }
}

extension UtteranceResult {
  /// Whether every metric failed.
  public var hasFailedThroughout: Bool {
    scores.allSatisfy { score in
      if case .failed = score.outcome { true } else { false }
    }
  }

  /// Whether any metric failed.
  public var hasFailure: Bool {
    scores.contains { score in
      if case .failed = score.outcome { true } else { false }
    }
  }
}
