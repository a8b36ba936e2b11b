// SPDX-License-Identifier: GPL-3.0-or-later

/// Power spectra of the frames of a signal, one at a time.
///
/// A frame spans the transform's length, and frame t starts at sample t·hop: only frames that lie wholly within the
/// signal count, so that whoever wants centred frames pads first (``reflected(_:by:)``). A window shorter than the
/// transform sits in the frame's middle with zeros around it, as in `torch.stft`.
public struct ShortTimePower: ~Copyable {
  /// Samples from one frame to the next.
  public let hop: Int
  private let window: [Double]
  /// Where the window starts within a frame.
  private let offset: Int
  private var transform: RealFFT

  /// - Parameters:
  ///   - fftLength: N.
  ///   - window: at most N weights.
  ///   - hop: samples from one frame to the next, positive.
  public init(fftLength: Int, window: [Double], hop: Int) {
    precondition(hop > 0 && window.count <= fftLength, "a window fits its transform, and frames move on")
    self.hop = hop
    self.window = window
    offset = (fftLength - window.count) / 2
    transform = RealFFT(length: fftLength)
  }

  /// N/2 + 1.
  public var binCount: Int { transform.binCount }

  /// Frames within a signal of that many samples.
  public func frameCount(_ samples: Int) -> Int {
    samples < transform.length ? 0 : 1 + (samples - transform.length) / hop
  }

  /// |X[k]|² of one frame.
  /// - Parameters:
  ///   - signal: shape `[n]`.
  ///   - frame: less than `frameCount(n)`.
  ///   - power: receives the first `power.count` ≤ `binCount` bins.
  public mutating func power(of signal: Span<Double>, frame: Int, into power: inout MutableSpan<Double>) {
    // The zeros around a short window only turn the phase, which the power does not hold: the transform gets the
    // samples under the window, and its own zeros behind them.
    let start = frame * hop + offset
    let window = window
    transform.power(of: signal.extracting(start..<start + window.count), window: window.span, into: &power)
  }

  /// The signal with its ends mirrored about its first and last sample, neither of which is repeated.
  /// - Parameters:
  ///   - signal: more than `padding` samples.
  ///   - padding: samples to add at either end.
  public static func reflected(_ signal: [Double], by padding: Int) -> [Double] {
    precondition(signal.count > padding, "a signal can be mirrored by less than its length")
    return Array(signal[..<(padding + 1)].dropFirst().reversed()) + signal
      + Array(signal[(signal.count - padding - 1)...].dropLast().reversed())
  }
}
