// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

/// Harvest's filter bank: 40 band-pass filters an octave, each a cosine under a Nuttall window of four periods
/// (Morise 2017), and the F0 candidates that their outputs vote for.
///
/// WORLD transforms the whole recording once and then, per filter, transforms the filter and back-transforms the
/// product, 2 × 151 transforms of the recording's length. Here the convolution is done by overlap-save in blocks that
/// stay in the first-level cache; the filters, being symmetric, have real spectra, so two neighbouring bands share one
/// complex inverse transform; the spectra of the filters are made once per sample rate. The result is the same to
/// rounding.
///
/// Per band and frame the four kinds of interval between events (up- and down-crossings, peaks, dips), each interpolated
/// to the frame, are averaged to one F0; it counts when within 10 % of the band's own frequency. Where at least
/// ten neighbouring bands agree on a frame, the mean over them is a candidate. Bands come in ascending order,
/// so a running count and sum per frame replace WORLD's table of all bands × frames.
struct HarvestBank: Sendable {
  /// An F0 candidate of one frame.
  struct Candidate {
    let frame: Int32
    let f0: Double
  }

  /// Neighbouring bands whose filters are of similar length and use one block length.
  private struct Group: Sendable {
    let fftLength: Int
    /// Half the longest filter of the group, samples.
    let reach: Int
    /// Middle frequencies, Hz, ascending.
    let frequencies: [Double]
    /// Per pair of bands the gains, already divided by the transform's length, as `VectorLoops.filterPair` has them.
    let gains: [SIMD4<Double>]
  }

  private let sampleRate: Double
  private let floor: Double
  private let ceiling: Double
  private let groups: [Group]
  /// Whether the outputs have WORLD's `HarvestTopBin`.
  private let hasTopBin: Bool

  static let bandsPerOctave = 40.0
  /// Bands that must agree.
  private static let agreement = 10.0
  private static let tolerance = 0.1
  /// Frames of 1 ms worked on at a time, unless asked for others.
  static let stretch = 60_000
  /// What is heard to either side of them, ms.
  private static let margin = 1000

  /// - Parameters:
  ///   - sampleRate: of the decimated signal, Hz; need not be whole.
  ///   - floor: lowest F0, Hz.
  ///   - ceiling: highest F0, Hz.
  ///   - hasTopBin: whether the outputs have WORLD's `HarvestTopBin`.
  init(sampleRate: Double, floor: Double, ceiling: Double, hasTopBin: Bool) {
    self.sampleRate = sampleRate
    self.hasTopBin = hasTopBin
    self.floor = floor
    self.ceiling = ceiling
    let (low, high) = (floor * 0.9, ceiling * 1.1)
    let count = 1 + Int(log2(high / low) * Self.bandsPerOctave)
    let all = (0..<count).map { low * exp2(Double($0 + 1) / Self.bandsPerOctave) }
    // WORLD computes the first and the last band and then never counts them; they are left out here.
    var groups: [Group] = []
    var rest = all.dropFirst().dropLast()[...]
    while let first = rest.first {
      // An octave: filters half as long leave more of a block that is no longer.
      let length = Self.blockLength(reach: Self.reach(first, sampleRate))
      let members = rest.prefix {
        $0 < 2 * first && Self.blockLength(reach: Self.reach($0, sampleRate)) == length
      }
      rest = rest.dropFirst(members.count)
      groups.append(
        Group(
          fftLength: length, reach: Self.reach(first, sampleRate), frequencies: Array(members),
          gains: Self.gains(Array(members), sampleRate: sampleRate, fftLength: length)))
    }
    self.groups = groups
  }

  /// Half the length of a band's filter in samples.
  private static func reach(_ frequency: Double, _ sampleRate: Double) -> Int {
    Int((sampleRate / frequency * 2).rounded(.toNearestOrAwayFromZero))
  }

  /// A power of two, at least four filters long and large enough for FFTW's vector code to pay.
  private static func blockLength(reach: Int) -> Int {
    var length = 512
    while length < 8 * reach { length *= 2 }
    return length
  }

  /// A band's filter.
  private static func taps(_ frequency: Double, _ sampleRate: Double) -> [Double] {
    let reach = reach(frequency, sampleRate)
    return (-reach...reach).map { d in
      let turn = Double(d + reach) / Double(2 * reach)
      let window =
        0.355768 - 0.487396 * cos(2 * .pi * turn) + 0.144232 * cos(4 * .pi * turn) - 0.012604 * cos(6 * .pi * turn)
      return window * cos(2 * .pi * frequency * Double(d) / sampleRate)
    }
  }

  private static func gains(_ frequencies: [Double], sampleRate: Double, fftLength: Int) -> [SIMD4<Double>] {
    var fft = RealFFT(length: fftLength)
    let spectra = frequencies.map { frequency in
      var response = [Double](repeating: 0, count: fftLength)
      let taps = taps(frequency, sampleRate)
      for (n, tap) in taps.enumerated() { response[(n - taps.count / 2 + fftLength) % fftLength] = tap }
      var spectrum = [Complex](repeating: Complex(0, 0), count: fft.binCount)
      var bins = spectrum.mutableSpan
      fft.forward(response.span, into: &bins)
      return spectrum.map { $0.re / Double(fftLength) }
    }
    let none = [Double](repeating: 0, count: fft.binCount)
    var gains: [SIMD4<Double>] = []
    for pair in stride(from: 0, to: spectra.count, by: 2) {
      let (a, b) = (spectra[pair], pair + 1 < spectra.count ? spectra[pair + 1] : none)
      for k in stride(from: 0, to: fft.binCount - 1, by: 2) {
        gains.append(SIMD4(a[k], b[k], a[k + 1], b[k + 1]))
        gains.append(SIMD4(-b[k], a[k], -b[k + 1], a[k + 1]))
      }
      gains.append(SIMD4(a[fft.binCount - 1], b[fft.binCount - 1], 0, 0))
    }
    return gains
  }

  /// Finds the candidates of all frames.
  /// - Parameters:
  ///   - signal: decimated, without its mean.
  ///   - frameCount: number of frames, 1 ms apart from 0 on.
  ///   - length: of a stretch, frames, at least 1.
  ///   - body: called with stretches of frames, in order, and their candidates, which are in no particular order.
  func forEachStretch(
    _ signal: [Double], frameCount: Int, length: Int, _ body: (Range<Int>, [Candidate]) -> Void
  ) {
    // A stretch at a time, so that an hour takes no more memory, with a second to either side: filters and intervals reach
    // a tenth of that.
    let top = hasTopBin ? HarvestTopBin(signal, padding: padding) : nil
    let tones = groups.map { group in
      top.map { top in group.frequencies.map { top.tone(taps: Self.taps($0, sampleRate)) } } ?? []
    }
    for begin in stride(from: 0, to: frameCount, by: length) {
      let frames = begin..<min(frameCount, begin + length)
      let begin = Int(Double(frames.lowerBound - Self.margin) * sampleRate / 1000)
      let end = Int(Double(frames.upperBound + Self.margin) * sampleRate / 1000)
      let part = max(0, begin)..<max(1, min(signal.count, end))
      var votes = HarvestVotes(frames: frames, agreement: Self.agreement)
      var first = EventTrain(capacity: part.count)
      var second = EventTrain(capacity: part.count)
      for (group, tones) in zip(groups, tones) {
        collect(group, signal, part, &first, &second, &votes) { outputs, count, start, pair in
          let second = 2 * pair + 1 < tones.count ? tones[2 * pair + 1] : nil
          top?.add(to: outputs, count: count, first: start, tones[2 * pair], second)
        }
      }
      votes.end()
      body(frames, votes.candidates)
    }
  }

  /// Samples from block to block. Two outputs more than are looked at: an event lies between two samples of the output's own
  /// difference.
  private static func step(_ group: Group) -> Int { group.fftLength - 2 * group.reach - 2 }

  /// The transforms for so many samples of at most a minute.
  func transforms(samples: Int) -> [Harvest.Transforms] {
    groups.map { group in
      let blocks = (samples + Self.step(group) - 1) / Self.step(group)
      return .init(length: group.fftLength, real: blocks, complex: blocks * ((group.frequencies.count + 1) / 2))
    }
  }

  /// Samples that WORLD keeps free beyond the signal: room for its longest filter.
  private var padding: Int { 5 + 2 * Int(2 * sampleRate / (floor * 0.9 * exp2(1 / Self.bandsPerOctave))) }

  /// - Parameter finish: what is done to the outputs of a pair of bands, given with their number and the place of the first of
  ///   them in the signal.
  private func collect(
    _ group: Group, _ signal: [Double], _ part: Range<Int>, _ first: inout EventTrain, _ second: inout EventTrain,
    _ votes: inout HarvestVotes,
    finish: (_ outputs: UnsafeMutablePointer<Complex>, _ count: Int, _ first: Int, _ pair: Int) -> Void
  ) {
    let (length, reach, binCount) = (group.fftLength, group.reach, group.fftLength / 2 + 1)
    let step = Self.step(group)
    let blockCount = (part.count + step - 1) / step

    // Spectra of all blocks, once for all bands. WORLD's output runs one sample early; so does this (start + 1).
    var real = RealFFT(length: length)
    var blocks: [Complex] = []
    blocks.reserveCapacity(blockCount * binCount)
    for block in 0..<blockCount {
      let start = part.lowerBound + block * step + 1 - reach
      let known = (start..<start + length).clamped(to: part)
      real.samples.update(repeating: 0, count: length)
      signal.withUnsafeBufferPointer { signal in
        guard let signal = signal.baseAddress, !known.isEmpty else { return }
        (real.samples + (known.lowerBound - start)).update(from: signal + known.lowerBound, count: known.count)
      }
      real.forwardInPlace()
      blocks.append(contentsOf: UnsafeBufferPointer(start: real.spectrum, count: binCount))
    }

    var complex = ComplexFFT(length: length)
    let filterPair = VectorLoops.filterPair
    for pair in 0..<(group.frequencies.count + 1) / 2 {
      first.clear()
      second.clear()
      for block in 0..<blockCount {
        blocks.withUnsafeBufferPointer { spectra in
          group.gains.withUnsafeBufferPointer { gains in
            guard let spectra = spectra.baseAddress, let gains = gains.baseAddress else { return }
            let gain = UnsafeRawPointer(gains + pair * binCount).assumingMemoryBound(to: Double.self)
            filterPair(doubles(spectra + block * binCount), gain, doubles(complex.bins), length)
          }
        }
        complex.inverse()
        let begin = block * step
        // Differences reach to the sample before the last.
        let count = min(step, part.count - 1 - begin)
        finish(complex.samples + reach, count + 2, part.lowerBound + begin, pair)
        EventTrain.detect(
          complex.samples + reach, count: count, lastHasNoDifference: begin + count == part.count - 1,
          offset: Double(part.lowerBound + begin), &first, &second)
      }
      first.measure(sampleRate: sampleRate, period: 1)
      votes.add(first, reach: voting(group.frequencies[2 * pair]))
      if 2 * pair + 1 < group.frequencies.count {
        second.measure(sampleRate: sampleRate, period: 1)
        votes.add(second, reach: voting(group.frequencies[2 * pair + 1]))
      }
    }
  }

  /// The lowest and the highest F0 for which a band votes, Hz.
  private func voting(_ frequency: Double) -> (Double, Double) {
    (max(frequency * (1 - Self.tolerance), floor), min(frequency * (1 + Self.tolerance), ceiling))
  }
}
