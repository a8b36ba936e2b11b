// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import SpeechSignal

/// An F0 contour for other tools.
public enum F0Report {
  /// Two columns in the order of Praat's listings: time in seconds, F0 in Hz, 0 where unvoiced; full precision.
  public static func csv(_ contour: F0Contour) -> String {
    let rows = zip(contour.track.times, contour.track.f0).map { "\($0),\($1)\n" }
    return "time,f0\n" + rows.joined()
  }

  /// The same as JSON, schema 1, with the method.
  public static func json(_ contour: F0Contour) throws -> String {
    try JSONReport.text(F0Document(contour))
  }
}

private struct F0Document: Encodable {
  let schema = 1
  let path: String
  let tracker: String
  let floor: Double
  let ceiling: Double
  let sampleRate: Int
  /// Seconds.
  let times: [Double]
  /// Hz, 0 where unvoiced.
  let f0: [Double]

  init(_ contour: F0Contour) {
    path = contour.path
    tracker = contour.method.tracker.rawValue
    floor = contour.method.floor
    ceiling = contour.method.ceiling
    sampleRate = contour.sampleRate
    times = contour.track.times
    f0 = contour.track.f0
  }
}
