// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Log energies in five mel bands, in 4 ms windows every 0.5 ms: what `Delay` correlates.
package struct BandEnvelopes: Sendable {
  /// Shape `[band][frame]`, natural logarithm, each of mean 0.
  let bands: [[Double]]

  /// - Parameter waveform: at any rate.
  package init(_ waveform: Waveform) {
    let count = Self.count(waveform)
    var bands = [[Double]](repeating: [Double](repeating: 0, count: count), count: Delay.bandCount)
    Self.forEachFrame(waveform) { frame, values in
      for band in 0..<Delay.bandCount { bands[band][frame] = values[band] }
    }
    let loudest = bands.lazy.compactMap { $0.max() }.max() ?? 0
    guard loudest > 0 else {
      self.bands = bands
      return
    }
    let floor = loudest * pow(10, -Delay.floorDecibels / 10)
    self.bands = bands.map { band in
      let logs = band.map { log(max($0, floor)) }
      let mean = logs.reduce(0, +) / Double(max(1, logs.count))
      return logs.map { $0 - mean }
    }
  }

  /// Number of frames.
  static func count(_ waveform: Waveform) -> Int {
    Int(Double(waveform.count) / (Delay.envelopeHop * Double(waveform.sampleRate)))
  }

  /// Calls `body` with the power in the bands of each frame.
  static func forEachFrame(_ waveform: Waveform, _ body: (Int, Span<Double>) -> Void) {
    var powers = MelBandPowers(
      sampleRate: waveform.sampleRate, seconds: Delay.envelopeWindow, bandCount: Delay.bandCount, range: 100...7000)
    let hop = Delay.envelopeHop * Double(waveform.sampleRate)
    powers.forEach(count(waveform), of: waveform, start: { Int((Double($0) * hop).rounded()) }, body)
  }
}

/// The same of a long recording, in single precision: 20 bytes for half a millisecond.
struct PackedEnvelopes {
  /// Shape `[band][frame]`, natural logarithm, each of mean 0.
  let bands: [[Float]]

  init(_ waveform: Waveform) {
    let count = BandEnvelopes.count(waveform)
    var bands = [[Float]](repeating: [Float](repeating: 0, count: count), count: Delay.bandCount)
    var loudest = 0.0
    BandEnvelopes.forEachFrame(waveform) { frame, values in
      for band in 0..<Delay.bandCount {
        loudest = max(loudest, values[band])
        bands[band][frame] = Float(log(values[band]))
      }
    }
    let floor = Float(log(loudest * pow(10, -Delay.floorDecibels / 10)))
    for band in bands.indices {
      guard loudest > 0 else {
        bands[band] = [Float](repeating: 0, count: count)
        continue
      }
      var sum = 0.0
      for i in 0..<count {
        bands[band][i] = max(bands[band][i], floor)
        sum += Double(bands[band][i])
      }
      let mean = Float(sum / Double(max(1, count)))
      for i in 0..<count { bands[band][i] -= mean }
    }
    self.bands = bands
  }
}
