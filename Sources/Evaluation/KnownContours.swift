// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechMetrics
internal import SpeechSignal

/// F0 contours of references, kept across runs.
///
/// Tracking F0 is most of what a comparison costs, a contour is small (3.2 kB a second), and the same references come back with
/// every system and every night. What is kept goes by the hash of the decoded samples and by all that is done to them before; never by name or time.
/// Syntheses are not kept: as a rule they are heard once.
public struct KnownContours: Sendable {
  /// Numbers under the SHA-256 of a file's samples (64 digits) and a recipe; nil where there are none. Called from several threads.
  public typealias Find = @Sendable (_ sound: String, _ recipe: String) -> [Double]?
  /// Keeps numbers under the same. Called from several threads.
  public typealias Keep = @Sendable (_ sound: String, _ recipe: String, _ numbers: [Double]) -> Void
  private let find: Find
  private let keep: Keep

  /// - Parameters:
  ///   - find: looks numbers up.
  ///   - keep: puts numbers down.
  public init(find: @escaping Find, keep: @escaping Keep) { (self.find, self.keep) = (find, keep) }

  /// The contour of a file by a method, known or made.
  func contour(
    _ method: F0Method, at sampleRate: Int, of sound: String, _ conditions: Signature.Conditions,
    _ make: () throws(AnalysisError) -> F0Track
  ) throws(AnalysisError) -> F0Track {
    let channel = conditions.channel.map { "|channel:\($0)" } ?? ""
    let recipe =
      "\(method.description)|fs:\(sampleRate)|resample:\(conditions.resampler)\(channel)|v\(F0Method.revision)"
    if let numbers = find(sound, recipe), numbers.count.isMultiple(of: 2) {
      let frames = numbers.count / 2
      return F0Track(times: Array(numbers[..<frames]), f0: Array(numbers[frames...]))
    }
    let track = try make()
    keep(sound, recipe, track.times + track.f0)
    return track
  }
}
