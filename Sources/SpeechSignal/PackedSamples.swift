// SPDX-License-Identifier: GPL-3.0-or-later

/// Samples kept as narrow as they are exact: what came from 16 bits as 16-bit integers, what fits into single precision (24-bit
/// files, float files, lossy ones) as that, everything else in double precision. Widened, every one is the number that was put in.
///
/// An hour at 16 kHz takes 115, 230 or 461 MB. Whoever analyses it widens a stretch at a time (`Waveform.forEachBlock`,
/// `Waveform.withSamples`).
public struct PackedSamples: Sendable {
  private enum Form: Sendable {
    case int16, float, double
  }

  private var form = Form.int16
  // The values in their form; the other two are empty.
  private var integers: [Int16] = []
  private var floats: [Float] = []
  private var doubles: [Double] = []
  /// What of the values is meant.
  private var range = 0..<0
  /// What each is multiplied by when it is widened.
  private var gain = 1.0

  /// No samples.
  public init() {}

  /// - Parameter samples: shape `[n]`.
  public init(_ samples: [Double]) { append(samples.span) }

  /// n, the number of samples.
  public var count: Int { range.count }

  /// Bytes in memory.
  package var byteCount: Int {
    switch form {
    case .int16: integers.count * MemoryLayout<Int16>.stride
    case .float: floats.count * MemoryLayout<Float>.stride
    case .double: doubles.count * MemoryLayout<Double>.stride
    }
  }

  /// Puts samples behind those there are.
  public mutating func append(_ block: Span<Double>) {
    precondition(
      range == 0..<integers.count + floats.count + doubles.count && gain == 1, "a part of a recording does not grow")
    var next = 0
    if form == .int16 {
      next = Self.append(block, from: next, to: &integers) { Self.integer($0) }
      if next < block.count {
        form = .float
        floats = integers.map { Float($0) / 32768 }
        integers = []
      }
    }
    if form == .float {
      next = Self.append(block, from: next, to: &floats) { Double(Float($0)) == $0 ? Float($0) : nil }
      if next < block.count {
        form = .double
        doubles = floats.map { Double($0) }
        floats = []
      }
    }
    if form == .double { next = Self.append(block, from: next, to: &doubles) { $0 } }
    range = 0..<range.upperBound + block.count
  }

  /// Appends as many samples as have an exact form; the index of the first that has none.
  @inline(__always) private static func append<Kept>(
    _ block: Span<Double>, from start: Int, to kept: inout [Kept], _ exact: (Double) -> Kept?
  ) -> Int {
    for i in start..<block.count {
      guard let value = exact(block[i]) else { return i }
      kept.append(value)
    }
    return block.count
  }

  /// A sample as a 16-bit integer, if it is one; negative zero is none.
  @inline(__always) private static func integer(_ sample: Double) -> Int16? {
    let scaled = sample * 32768
    guard abs(scaled) <= 32768 else { return nil }
    let integer = Int32(scaled)
    guard (Double(integer) / 32768).bitPattern == sample.bitPattern, integer < 32768 else { return nil }
    return Int16(truncatingIfNeeded: integer)
  }

  /// A part, which shares the memory of the whole.
  public subscript(part: Range<Int>) -> PackedSamples {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "samples \(part) of \(count)")
    var copy = self
    copy.range = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
    return copy
  }

  /// The same sound at another level, which shares the memory; each sample is rounded once.
  /// - Parameter factor: what each sample is multiplied by.
  public func scaled(by factor: Double) -> PackedSamples {
    precondition(gain == 1, "scaled already")
    var copy = self
    copy.gain = factor
    return copy
  }

  /// All of them, wide.
  public var samples: [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, written in
      if let start = buffer.baseAddress { copy(0..<count, to: start) }
      written = count
    }
  }

  /// Widens a part into memory that has room for it.
  func copy(_ part: Range<Int>, to target: UnsafeMutablePointer<Double>) {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "samples \(part) of \(count)")
    let first = range.lowerBound + part.lowerBound
    // Raw memory within this function: it is called for every stage of every long recording.
    switch form {
    case .int16:
      integers.withUnsafeBufferPointer { for i in 0..<part.count { target[i] = Double($0[first &+ i]) * (1 / 32768) } }
    case .float:
      floats.withUnsafeBufferPointer { for i in 0..<part.count { target[i] = Double($0[first &+ i]) } }
    case .double:
      doubles.withUnsafeBufferPointer { for i in 0..<part.count { target[i] = $0[first &+ i] } }
    }
    if gain != 1 { for i in 0..<part.count { target[i] *= gain } }
  }
}
