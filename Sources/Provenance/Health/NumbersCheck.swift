// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
public import SpeechMetrics
internal import SpeechSignal

/// Whether this machine's arithmetic gives the numbers it should: the Fourier transform, and every metric there is.
///
/// What moves them is the C library's `exp` and `log`, the code FFTW picks for a processor, and a compiler that
/// contracts; each by far less than a metric promises. More than that is another algorithm.
public enum NumbersCheck {
  /// What a metric gives for the known voice and its copy.
  public struct Stored: Sendable, Hashable {
    /// In the metric's unit.
    public var value: Double
    /// How far another machine's may lie from it.
    public var tolerance: Double

    /// A value from its parts.
    public init(_ value: Double, tolerance: Double) {
      self.value = value
      self.tolerance = tolerance
    }
  }

  /// A real signal's spectrum: samples to the bins from 0 Hz to half the rate.
  public typealias Transform = (_ samples: [Double]) -> [(re: Double, im: Double)]

  /// Greatest error of a transform over the greatest bin.
  public static let transformTolerance = 1e-12

  /// `fft`, then `metric-<id>` for each metric.
  /// - Parameters:
  ///   - transform: a Fourier transform; FFTW.
  ///   - metrics: what to try.
  ///   - stored: by metric.
  public static func run(
    transform: Transform = Self.transform, metrics: [any Metric] = MetricCatalogue.all,
    stored: [String: Stored] = StoredNumbers.metrics
  ) -> [HealthCheck] {
    let pair = pair()
    return [check(transform)] + metrics.map { check($0, pair, stored[$0.info.id]) }
  }

  /// What a metric gives for the known pair here.
  package static func measure(_ metric: any Metric) throws(MetricError) -> SpeechMetrics.Measurement {
    try metric.measure(pair())
  }

  private static func pair() -> PairAnalysis {
    let sides = [KnownVoice.reference, KnownVoice.copy].map {
      SignalAnalysis(source: $0) { Resampler.convert($0, to: $1) }
    }
    return PairAnalysis(
      reference: sides[0], synthesis: sides[1], analysisRate: KnownVoice.sampleRate, alignment: .delay)
  }

  /// By FFTW.
  public static func transform(_ samples: [Double]) -> [(re: Double, im: Double)] {
    var fft = RealFFT(length: samples.count)
    var bins = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var span = bins.mutableSpan
    fft.forward(samples.span, into: &span)
    return bins.map { ($0.re, $0.im) }
  }

  private static func check(_ transform: Transform) -> HealthCheck {
    var worst = 0.0
    for (length, known) in StoredNumbers.transforms {
      let bins = transform(StoredNumbers.signal(length))
      let scale = bins.reduce(0) { max($0, hypot($1.re, $1.im)) }
      for (k, re, im) in known {
        let error = k < bins.count ? hypot(bins[k].re - re, bins[k].im - im) / scale : .infinity
        worst = max(worst, error.isNaN ? .infinity : error)
      }
    }
    let found = "off by \(worst.short) of the greatest bin"
    if worst <= transformTolerance { return HealthCheck("fft", .passed, found: found) }
    return HealthCheck("fft", .failed, found: found, advice: "FFTW is broken on this processor: install it again")
  }

  private static func check(_ metric: any Metric, _ pair: PairAnalysis, _ stored: Stored?) -> HealthCheck {
    let id = "metric-\(metric.info.id)"
    guard let stored else { return HealthCheck(id, .skipped, found: "no value is stored for it") }
    let decimals = max(metric.info.scale.decimals + 2, Int((-log10(stored.tolerance)).rounded(.up)))
    let unit = metric.info.scale.unit.isEmpty ? "" : " \(metric.info.scale.unit)"
    func failed(_ what: String) -> HealthCheck {
      HealthCheck(
        id, .failed,
        found: "\(what), should be \(stored.value.plain(decimals))\(unit) within \(stored.tolerance.short)",
        advice:
          "scores from here are not comparable with others': build again without fast-math, with the C library of "
          + "the release")
    }
    do throws(MetricError) {
      switch try metric.measure(pair) {
      case .value(let value):
        let told = "\(value.plain(decimals))\(unit)"
        guard abs(value - stored.value) <= stored.tolerance else { return failed(told) }
        return HealthCheck(id, .passed, found: "\(told), off by \(abs(value - stored.value).short)")
      case .undefined(let reason): return failed(reason.description)
      }
    } catch {
      return failed(error.description)
    }
  }
}
