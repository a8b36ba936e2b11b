// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import SpeechMetrics
import SpeechSignal
import Testing

struct HealthNumbersTests {
  @Test func allNumbersAreRight() {
    let checks = NumbersCheck.run()
    #expect(checks.map(\.name) == ["fft"] + MetricCatalogue.all.map { "metric-\($0.info.id)" })
    for check in checks { #expect(check.outcome == .passed, "\(check)") }
  }

  /// What stands in the table is what is computed, and the tolerance leaves room for rounding alone.
  @Test func theTableIsWhatIsMeasured() throws {
    #expect(Set(StoredNumbers.metrics.keys) == Set(MetricCatalogue.all.map(\.info.id)))
    for metric in MetricCatalogue.all {
      let stored = try #require(StoredNumbers.metrics[metric.info.id])
      guard case .value(let value) = try NumbersCheck.measure(metric) else {
        Issue.record("\(metric.info.id) is undefined")
        continue
      }
      #expect(abs(value - stored.value) <= stored.tolerance, "\(metric.info.id): .init(\(value), …)")
      #expect(stored.tolerance < metric.info.scale.tolerance, "\(metric.info.id)")
    }
  }

  @Test(arguments: StoredNumbers.metrics.keys.sorted()) func aWrongValueIsFound(_ id: String) throws {
    let metric = try #require(MetricCatalogue.metric(id))
    let right = try #require(StoredNumbers.metrics[id])
    for sign in [-1.0, 1] {
      let wrong = NumbersCheck.Stored(right.value + sign * 10 * right.tolerance, tolerance: right.tolerance)
      let check = try #require(NumbersCheck.run(metrics: [metric], stored: [id: wrong]).last)
      #expect(check.name == "metric-\(id)" && check.outcome == .failed && check.advice != nil)
      #expect(check.found.contains(", should be ") && !check.found.hasPrefix("off"), "\(check)")
    }
  }

  @Test func whatHasNoStoredValueOrNoValue() throws {
    let metric = try #require(MetricCatalogue.metric("stoi"))
    #expect(NumbersCheck.run(metrics: [metric], stored: [:]).last?.outcome == .skipped)
    struct Undefined: Metric {
      let info: MetricInfo
      func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement { .undefined(.freeRunning) }
    }
    let check = try #require(NumbersCheck.run(metrics: [Undefined(info: metric.info)]).last)
    #expect(check.outcome == .failed && check.found.hasPrefix("free-running"), "\(check)")
  }

  @Test func aBrokenTransformIsFound() throws {
    func outcome(_ change: @escaping ([(re: Double, im: Double)]) -> [(re: Double, im: Double)]) -> HealthCheck.Outcome?
    {
      NumbersCheck.run(transform: { change(NumbersCheck.transform($0)) }, metrics: []).first?.outcome
    }
    #expect(outcome { $0 } == .passed)
    #expect(outcome { $0.map { ($0.re, -$0.im) } } == .failed)
    #expect(outcome { $0.map { (Double(Float($0.re)), Double(Float($0.im))) } } == .failed)
    #expect(outcome { Array($0.dropLast()) } == .failed)
    #expect(outcome { $0.map { ($0.re * .nan, $0.im) } } == .failed)
  }

  /// The voice is whole numbers of 16 bits, and what it is compared with differs from it.
  @Test func theVoice() {
    for voice in [KnownVoice.reference, KnownVoice.copy] {
      #expect(voice.samples.allSatisfy { ($0 * 32768).rounded() == $0 * 32768 && abs($0) < 0.6 })
      #expect(voice.seconds == 1.8)
    }
    #expect(KnownVoice.reference != KnownVoice.copy)
  }
}
