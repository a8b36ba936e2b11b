// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Triangular filters, evenly spaced on the mel scale, over the bins of a spectrum.
///
/// The scale is Slaney's (Auditory Toolbox 1998): linear below 1 kHz at 200/3 Hz a mel, logarithmic above with 27 steps
/// to a factor of 6.4. Each triangle has unit area in Hz ("Slaney normalisation"), as `librosa.filters.mel` defaults to.
public struct MelFilterBank: Sendable {
  /// Number of bands.
  public let bandCount: Int
  /// Bins a spectrum must have.
  public let binCount: Int
  // Only a few bins of each filter differ from zero: the first of them, and the weights from there on.
  private let firstBins: [Int]
  private let offsets: [Int]
  private let weights: [Double]

  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - fftLength: samples per transform; the bank expects `fftLength/2 + 1` bins.
  ///   - bandCount: number of filters.
  ///   - low: lower edge of the first filter, Hz.
  ///   - high: upper edge of the last filter, Hz, at most half the sample rate.
  public init(sampleRate: Int, fftLength: Int, bandCount: Int, low: Double, high: Double) {
    self.bandCount = bandCount
    binCount = fftLength / 2 + 1
    let (first, last) = (Self.mel(low), Self.mel(high))
    let edges = (0...bandCount + 1).map { Self.hertz(first + (last - first) * Double($0) / Double(bandCount + 1)) }
    var firstBins: [Int] = []
    var offsets = [0]
    var weights: [Double] = []
    for band in 0..<bandCount {
      let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
      let response = (0..<binCount).map { bin in
        let f = Double(bin) * Double(sampleRate) / Double(fftLength)
        return max(0, min((f - left) / (centre - left), (right - f) / (right - centre))) * 2 / (right - left)
      }
      let begin = response.firstIndex { $0 > 0 } ?? 0
      let end = (response.lastIndex { $0 > 0 } ?? -1) + 1
      firstBins.append(begin)
      weights += response[begin..<max(begin, end)]
      offsets.append(weights.count)
    }
    self.firstBins = firstBins
    self.offsets = offsets
    self.weights = weights
  }

  /// Applies the bank to one spectrum (of magnitudes or powers, as the caller's definition has it).
  /// - Parameters:
  ///   - spectrum: `binCount` bins.
  ///   - bands: receives `bandCount` values.
  public func apply(_ spectrum: Span<Double>, into bands: inout MutableSpan<Double>) {
    precondition(spectrum.count == binCount && bands.count == bandCount, "a bank for another spectrum")
    for band in 0..<bandCount {
      var sum = 0.0
      for (k, w) in (offsets[band]..<offsets[band + 1]).enumerated() {
        sum += weights[w] * spectrum[firstBins[band] + k]
      }
      bands[band] = sum
    }
  }

  private static let linearStep = 200.0 / 3
  private static let breakHertz = 1000.0
  private static let logStep = log(6.4) / 27

  static func mel(_ hertz: Double) -> Double {
    hertz < breakHertz ? hertz / linearStep : breakHertz / linearStep + log(hertz / breakHertz) / logStep
  }

  static func hertz(_ mel: Double) -> Double {
    let breakMel = breakHertz / linearStep
    return mel < breakMel ? mel * linearStep : breakHertz * exp(logStep * (mel - breakMel))
  }
}
