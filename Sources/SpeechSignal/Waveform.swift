// SPDX-License-Identifier: GPL-3.0-or-later

/// One channel of sound: `samples` at `sampleRate`.
///
/// Full scale is ±1; values beyond it (float files may hold them) are kept as they are. A long recording may be kept packed
/// (``PackedSamples``): it has the same samples, and whoever goes through it block by block (``forEachBlock(_:)``) needs no
/// more memory than that.
public struct Waveform: Sendable {
  private enum Storage: Sendable {
    case plain([Double])
    case packed(PackedSamples)
  }

  private var storage: Storage
  /// Hz.
  public var sampleRate: Int

  /// Decoded recordings of more samples than these, 4.4 minutes at 16 kHz, are kept packed.
  public static let longestPlain = 1 << 22
  /// Samples that are widened at a time.
  package static let blockLength = 1 << 16

  /// - Parameters:
  ///   - samples: shape `[n]`, full scale ±1.
  ///   - sampleRate: Hz, positive.
  public init(samples: [Double], sampleRate: Int) {
    precondition(sampleRate > 0, "a sample rate is positive")
    storage = .plain(samples)
    self.sampleRate = sampleRate
  }

  /// - Parameters:
  ///   - packed: shape `[n]`, full scale ±1.
  ///   - sampleRate: Hz, positive.
  public init(packed: PackedSamples, sampleRate: Int) {
    precondition(sampleRate > 0, "a sample rate is positive")
    storage = .packed(packed)
    self.sampleRate = sampleRate
  }

  /// Amplitudes, shape `[n]`, full scale ±1. Of a packed recording they are widened each time they are asked for.
  public var samples: [Double] {
    get {
      switch storage {
      case .plain(let samples): samples
      case .packed(let packed): packed.samples
      }
    }
    _modify {
      var samples = samples
      // The only owner of them while they change.
      storage = .plain([])
      defer { storage = .plain(samples) }
      yield &samples
    }
  }

  /// n, the number of samples.
  public var count: Int {
    switch storage {
    case .plain(let samples): samples.count
    case .packed(let packed): packed.count
    }
  }

  /// Duration in seconds.
  public var seconds: Double { Double(count) / Double(sampleRate) }

  /// Calls `body` with a stretch of the samples, widened for as long as the call lasts where the recording is packed.
  public func withSamples<Outcome>(_ part: Range<Int>, _ body: (Span<Double>) -> Outcome) -> Outcome {
    switch storage {
    case .plain(let samples): return body(samples.span.extracting(part))
    case .packed(let packed):
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, part.count)) { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("no memory for \(part.count) samples") }
        packed.copy(part, to: start)
        return body(UnsafeBufferPointer(start: start, count: part.count).span)
      }
    }
  }

  /// Calls `body` with all samples in order, a block at a time, and the place of the block; with all at once where the recording is
  /// not packed.
  public func forEachBlock(_ body: (Range<Int>, Span<Double>) -> Void) {
    switch storage {
    case .plain(let samples): body(0..<samples.count, samples.span)
    case .packed(let packed):
      for start in stride(from: 0, to: packed.count, by: Self.blockLength) {
        let part = start..<min(packed.count, start + Self.blockLength)
        withSamples(part) { body(part, $0) }
      }
    }
  }

  /// Calls `body` with the number and the samples of stretches that begin at ascending places.
  /// - Parameters:
  ///   - count: number of stretches.
  ///   - length: of each, samples; the last may be cut by the end of the recording.
  ///   - start: where one begins.
  func forEachFrame(_ count: Int, length: Int, start: (Int) -> Int, _ body: (Int, Span<Double>) -> Void) {
    var frame = 0
    while frame < count {
      let first = start(frame)
      var end = frame + 1
      if case .plain = storage { end = count }
      while end < count, start(end) + length - first <= Self.blockLength { end += 1 }
      withSamples(first..<min(self.count, start(end - 1) + length)) { samples in
        for f in frame..<end {
          let begin = start(f) - first
          body(f, samples.extracting(begin..<min(begin + length, samples.count)))
        }
      }
      frame = end
    }
  }

  /// Σ of `term` over all samples, from the first to the last.
  func sum(_ term: (Double) -> Double) -> Double {
    var sum = 0.0
    forEachBlock { _, block in
      for i in 0..<block.count { sum += term(block[i]) }
    }
    return sum
  }

  /// The greatest of 0 and `value` of any sample.
  public func greatest(_ value: (Double) -> Double) -> Double {
    var greatest = 0.0
    forEachBlock { _, block in
      for i in 0..<block.count { greatest = max(greatest, value(block[i])) }
    }
    return greatest
  }

  /// Whether every sample is that number.
  public func isConstant(_ value: Double) -> Bool {
    var isConstant = true
    forEachBlock { _, block in
      var i = 0
      while isConstant, i < block.count {
        isConstant = block[i] == value
        i += 1
      }
    }
    return isConstant
  }

  /// A part of the recording.
  public subscript(part: Range<Int>) -> Waveform {
    switch storage {
    case .plain(let samples):
      Waveform(samples: part == 0..<samples.count ? samples : Array(samples[part]), sampleRate: sampleRate)
    case .packed(let packed): Waveform(packed: packed[part], sampleRate: sampleRate)
    }
  }

  /// The recording at another level.
  /// - Parameter gain: what each sample is multiplied by.
  public func scaled(by gain: Double) -> Waveform {
    if gain == 1 { return self }
    return switch storage {
    case .plain(let samples): Waveform(samples: samples.map { $0 * gain }, sampleRate: sampleRate)
    case .packed(let packed): Waveform(packed: packed.scaled(by: gain), sampleRate: sampleRate)
    }
  }
}

extension Waveform: Equatable {
  /// Whether rate and samples are equal, however they are kept.
  public static func == (a: Waveform, b: Waveform) -> Bool {
    guard a.sampleRate == b.sampleRate, a.count == b.count else { return false }
    var isEqual = true
    a.forEachBlock { part, first in
      guard isEqual else { return }
      b.withSamples(part) { second in
        var i = 0
        while isEqual, i < first.count {
          isEqual = first[i] == second[i]
          i += 1
        }
      }
    }
    return isEqual
  }
}
