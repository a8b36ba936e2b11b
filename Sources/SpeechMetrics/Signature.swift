// SPDX-License-Identifier: GPL-3.0-or-later

/// Names everything that moves a score, as sacreBLEU's signatures do for BLEU (Post 2018).
///
/// Form: `id|recipe parts|fs:16000|resample:soxr-vhq|align:delay|channel:…|level:…|v1`. Two scores are compared or
/// averaged only when their signatures are equal. Conditions that are the default and leave the samples alone
/// (`level:as-is`, one channel) are left out.
public struct Signature: Sendable, Hashable, CustomStringConvertible {
  /// The whole signature.
  public let description: String

  /// A signature as stored.
  public init(stored: String) { description = stored }

  /// The other tool whose recipe the score follows, if it does.
  public var preset: String? { part("preset") }

  /// The F0 tracker and its range, e.g. `praat-71-800Hz`, where it is not the usual one.
  public var otherF0: String? { part("f0").flatMap { $0 == VocoderAnalysis.f0Method.description ? nil : $0 } }

  /// What sets it apart from another of the same metric, part by part: `fs: 16000 → 22050`.
  public func differences(from other: Signature) -> [String] {
    let (own, former) = (description.split(separator: "|"), other.description.split(separator: "|"))
    /// `fs:16000` is fs, 16000; `v2` is the revision, 2.
    func halves(_ part: Substring) -> (name: Substring, value: Substring) {
      if let colon = part.firstIndex(of: ":") { return (part[..<colon], part[part.index(after: colon)...]) }
      return part.first == "v" && Int(part.dropFirst()) != nil ? ("revision", part.dropFirst()) : (part, "yes")
    }
    let gone = former.filter { !own.contains($0) }
    let come = own.filter { !former.contains($0) }
    var names: [Substring] = []
    for part in gone + come where !names.contains(halves(part).name) { names.append(halves(part).name) }
    return names.map { each in
      func values(_ parts: [Substring]) -> String {
        let found = parts.map(halves).filter { $0.name == each }.map(\.value)
        return found.isEmpty ? "none" : found.joined(separator: ",")
      }
      return "\(each): \(values(gone)) → \(values(come))"
    }
  }

  func part(_ name: String) -> String? {
    description.split(separator: "|").first { $0.hasPrefix("\(name):") }.map { String($0.dropFirst(name.count + 1)) }
  }

  /// The signature of a metric under a run's conditions.
  public init(_ info: MetricInfo, _ conditions: Conditions) {
    let rate = info.input.rate.sampleRate(analysisRate: conditions.analysisRate)
    var parts = [info.id] + info.recipe
    // The path that sound is warped along is that of the same frames.
    let isWarped = conditions.alignment == .warp && info.input.timing.changesSound
    if info.input.timing == .framesInStep || isWarped { parts.append("silence:\(conditions.silence.signature)") }
    parts += ["fs:\(rate)", "resample:\(conditions.resampler)"]
    let alignment: AlignmentClass =
      switch info.input.timing {
      case .samplesInStep, .framesInStep: conditions.alignment
      case .ownDelays: conditions.alignment == .warp ? .warp : .none
      case .own: .none
      }
    parts.append("align:\(alignment.rawValue)")
    if let channel = conditions.channel { parts.append("channel:\(channel)") }
    if let level = conditions.level { parts.append("level:\(level)") }
    parts.append("v\(info.revision)")
    description = parts.joined(separator: "|")
  }

  /// What a run does to every pair before a metric sees it.
  public struct Conditions: Sendable, Equatable {
    /// The run's analysis rate, Hz.
    public var analysisRate: Int
    /// What brings a file of another rate to the one needed, e.g. `soxr-vhq`.
    public var resampler: String
    /// The run's alignment class.
    public var alignment: AlignmentClass
    /// `mix` or a channel number when the user chose one; nil for the default.
    public var channel: String?
    /// The part of the recordings that frame-wise metrics look at.
    public var silence: SilencePolicy
    /// `match` when levels are matched; nil when they are left as they are.
    public var level: String?

    /// Conditions from their parts.
    public init(
      analysisRate: Int, resampler: String, alignment: AlignmentClass, channel: String? = nil, level: String? = nil,
      silence: SilencePolicy = .trim
    ) {
      self.analysisRate = analysisRate
      self.resampler = resampler
      self.alignment = alignment
      self.channel = channel
      self.level = level
      self.silence = silence
    }
  }
}

/// How a run brings synthesis and reference into step.
public enum AlignmentClass: String, Sendable, Equatable, CaseIterable {
  /// Not at all.
  case none
  /// By one shift per pair.
  case delay
  /// By warping the synthesis onto the reference's time.
  case warp
}

/// What frame-wise metrics look at.
public enum SilencePolicy: String, Sendable, Equatable, CaseIterable {
  /// From the first to the last speech.
  case trim
  /// All of both files.
  case keep

  /// As signatures have it; the number is the range of ``SpeechExtent`` in dB.
  var signature: String { self == .trim ? "trim40" : "keep" }
}
