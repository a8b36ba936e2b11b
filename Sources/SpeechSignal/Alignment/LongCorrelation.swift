// SPDX-License-Identifier: GPL-3.0-or-later

/// The lag at which two long sequences, of several bands, correlate most: r(l) = Σ over bands b and n of x_b[n]·y_b[n + l].
///
/// One transform of both as wholes would take some hundred bytes a value. Here either sequence is cut into blocks of P values
/// (B), transformed with 2P points; all pairs of blocks that are d blocks apart add up to one spectrum, whose transform holds
/// the lags from (d − 1)·P to (d + 1)·P. The spectra of a few neighbouring d are summed in one pass over the blocks.
///
/// Lags are looked at from 0 outwards, and only as far as needed: by Cauchy and Schwarz, r(l) is at most the root of the energy of what x and
/// y have in common at lag l, multiplied. Once that is less than the greatest r so far, lags further out can't win. So the lag
/// is that of a search through all.
package struct LongCorrelation {
  private let x, y: [[Float]]
  /// P.
  private let block: Int
  /// Blocks of lags per pass.
  private static let breadth = 4

  /// - Parameters:
  ///   - x: shape `[band][n]`.
  ///   - y: shape `[band][m]`, as many bands.
  ///   - block: P, a power of two.
  package init(_ x: [[Float]], _ y: [[Float]], block: Int = 1 << 19) {
    precondition(x.count == y.count, "\(x.count) bands and \(y.count)")
    (self.x, self.y, self.block) = (x, y, block)
  }

  private struct Best {
    var lag: Int?
    var value = 0.0
  }

  /// l of the greatest r(l), the least among equals; nil when none is positive.
  package func bestLag() -> Int? {
    let (n, m) = (x.first?.count ?? 0, y.first?.count ?? 0)
    guard n > 0, m > 0 else { return nil }
    let (first, last) = (-((n - 1) / block) - 1, (m - 1) / block + 1)
    let energies = (Self.energies(x, block), Self.energies(y, block))
    var low = max(first, -Self.breadth / 2)
    var high = min(last, Self.breadth / 2)
    var best = Best()
    look(from: low, to: high, &best)
    while true {
      // Lags of at least high blocks leave x without its last blocks and y without its first; lags below low the other way round.
      let isOpenAbove = high < last && Self.bound(energies.0, energies.1, high) >= best.value
      let isOpenBelow = low > first && Self.bound(energies.1, energies.0, -low) >= best.value
      if !isOpenAbove, !isOpenBelow { return best.lag }
      if isOpenAbove {
        look(from: high, to: min(last, high + Self.breadth), &best)
        high = min(last, high + Self.breadth)
      }
      if isOpenBelow {
        look(from: max(first, low - Self.breadth), to: low, &best)
        low = max(first, low - Self.breadth)
      }
    }
  }

  /// Looks at the lags from P·low up to P·high.
  private func look(from low: Int, to high: Int, _ best: inout Best) {
    guard low < high else { return }
    var fft = RealFFT(length: 2 * block)
    let spectra = spectra(low...high, &fft)
    var above = [Double](repeating: 0, count: block)
    for d in low...high {
      fft.spectrum.update(from: spectra[d - low], count: fft.binCount)
      fft.inverseInPlace()
      let scale = 1 / Double(2 * block)
      if d > low {
        for i in 0..<block { take(above[i] + fft.samples[block + i] * scale, (d - 1) * block + i, &best) }
      }
      for i in 0..<block { above[i] = fft.samples[i] * scale }
    }
  }

  private func take(_ value: Double, _ lag: Int, _ best: inout Best) {
    guard lag > -x[0].count, lag < y[0].count, value > 0 else { return }
    if value > best.value || value == best.value && lag < best.lag ?? lag { best = Best(lag: lag, value: value) }
  }

  /// Per d the sum of the spectra of all pairs of blocks that are d blocks apart.
  private func spectra(_ differences: ClosedRange<Int>, _ fft: inout RealFFT) -> [[Complex]] {
    let none = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var sums = [[Complex]](repeating: none, count: differences.count)
    var first = none
    var seconds = [[Complex]](repeating: none, count: differences.count)
    let blocks = ((x[0].count + block - 1) / block, (y[0].count + block - 1) / block)
    for (x, y) in zip(x, y) {
      // Of the second sequence as many blocks are kept as there are differences.
      var transformed = 0
      for i in 0..<blocks.0 {
        let low = max(0, i + differences.lowerBound)
        let partners = low..<max(low, min(blocks.1, i + differences.upperBound + 1))
        guard !partners.isEmpty else { continue }
        transform(x, i, &fft, into: &first)
        for j in max(transformed, partners.lowerBound)..<max(transformed, partners.upperBound) {
          transform(y, j, &fft, into: &seconds[j % differences.count])
        }
        transformed = max(transformed, partners.upperBound)
        for j in partners {
          Self.add(first, seconds[j % differences.count], to: &sums[j - i - differences.lowerBound])
        }
      }
    }
    return sums
  }

  private func transform(_ values: [Float], _ number: Int, _ fft: inout RealFFT, into spectrum: inout [Complex]) {
    let part = number * block..<min(values.count, (number + 1) * block)
    for i in 0..<part.count { fft.samples[i] = Double(values[part.lowerBound + i]) }
    (fft.samples + part.count).update(repeating: 0, count: fft.length - part.count)
    fft.forwardInPlace()
    let (bins, count) = (fft.spectrum, fft.binCount)
    spectrum.withUnsafeMutableBufferPointer { $0.baseAddress?.update(from: bins, count: count) }
  }

  /// Adds conj(a)·b.
  private static func add(_ a: [Complex], _ b: [Complex], to sum: inout [Complex]) {
    var sum = sum.mutableSpan
    for k in 0..<sum.count {
      sum[k].re += a[k].re * b[k].re + a[k].im * b[k].im
      sum[k].im += a[k].re * b[k].im - a[k].im * b[k].re
    }
  }

  /// Energy of each block over all bands.
  private static func energies(_ bands: [[Float]], _ block: Int) -> [Double] {
    stride(from: 0, to: bands[0].count, by: block).map { begin in
      bands.reduce(0) { sum, band in
        band[begin..<min(band.count, begin + block)].reduce(sum) { $0 + Double($1) * Double($1) }
      }
    }
  }

  /// What r is at most where the second sequence is late by `late` blocks or more.
  private static func bound(_ first: [Double], _ second: [Double], _ late: Int) -> Double {
    // Of the first sequence, what lies within the second's length less the lag.
    let common = min(first.count, second.count - late)
    guard common > 0 else { return 0 }
    let energy = first.prefix(common).reduce(0, +) * second.dropFirst(late).reduce(0, +)
    return energy.squareRoot() * (1 + 1e-9)
  }
}
