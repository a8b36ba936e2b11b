// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import SpeechMetrics
import Testing

struct Sample {
  let name: String
  let labels: [String: String]
  let value: Double
}

/// Reads Prometheus' text format; its lines have to be as the format says.
func exposition(_ text: String) throws -> [Sample] {
  var (samples, helped, typed) = ([Sample](), Set<String>(), Set<String>())
  for line in text.unicodeScalars.split(separator: "\n") {
    let line = Array(line)
    let words = String(String.UnicodeScalarView(line)).split(separator: " ", maxSplits: 3).map(String.init)
    if words[0] == "#" {
      if words[1] == "HELP" { #expect(helped.insert(words[2]).inserted) }
      if words[1] == "TYPE" { #expect(typed.insert(words[2]).inserted && words[3] == "gauge") }
      continue
    }
    var place = try #require(line.firstIndex(of: "{"))
    let name = String(String.UnicodeScalarView(line[..<place]))
    #expect(helped.contains(name) && typed.contains(name))
    var labels: [String: String] = [:]
    place += 1
    while line[place] != "}" {
      let equals = try #require(line[place...].firstIndex(of: "="))
      let key = String(String.UnicodeScalarView(line[place..<equals]))
      #expect(line[equals + 1] == "\"")
      var value = String.UnicodeScalarView()
      place = equals + 2
      while line[place] != "\"" {
        if line[place] == "\\" {
          place += 1
          value.append(line[place] == "n" ? "\n" : line[place])
        } else {
          value.append(line[place])
        }
        place += 1
      }
      labels[key] = String(value)
      place += line[place + 1] == "," ? 2 : 1
    }
    let number = String(String.UnicodeScalarView(line[(place + 2)...]))
    samples.append(Sample(name: name, labels: labels, value: try #require(Double(number))))
  }
  return samples
}

@Suite struct MonitoringTests {
  private func run() throws -> Run {
    var run = try sampleRun()
    for place in run.systems[0].utterances.indices {
      run.systems[0].utterances[place].speed = Speed(
        wallSeconds: 1, cpuSeconds: 2, latencySeconds: 0.5, realTimeFactor: 0.1, peakMemoryBytes: 3_000_000,
        gpuMemoryMiB: 2, gpuPowerWatts: 30)
    }
    return run
  }

  @Test func theExpositionHasTheRunsNumbers() throws {
    let run = try run()
    let samples = try exposition(PrometheusReport.render(run))
    func value(_ name: String, _ system: String, _ metric: String? = nil) -> Double? {
      samples.first {
        $0.name == name && $0.labels["system"] == system && (metric == nil || $0.labels["metric"] == metric)
      }?.value
    }
    for system in run.systems {
      for metric in run.settings.metrics {
        let summary = system.summary(metric)
        #expect(value("ttseval_score_mean", system.name, metric) == summary.values?.mean)
        #expect(value("ttseval_score_low", system.name, metric) == summary.values?.interval?.low)
        #expect(value("ttseval_score_high", system.name, metric) == summary.values?.interval?.high)
        #expect(value("ttseval_score_pairs", system.name, metric) == Double(summary.values?.n ?? 0))
        #expect(value("ttseval_score_failed_pairs", system.name, metric) == Double(summary.failed))
        #expect(value("ttseval_score_undefined_pairs", system.name, metric) == Double(summary.undefined))
      }
    }
    #expect(value("ttseval_synthesis_peak_memory_bytes_mean", "old") == 3_000_000)
    #expect(value("ttseval_synthesis_gpu_memory_bytes_mean", "old") == 2_097_152)
    #expect(value("ttseval_synthesis_real_time_factor_mean", "new") == nil)
    #expect(Set(samples.map(\.name)) == Set(PrometheusReport.names))
  }

  @Test func noSeriesStandsTwice() throws {
    let samples = try exposition(PrometheusReport.render(try run()))
    #expect(Set(samples.map { "\($0.name) \($0.labels.sorted { $0.key < $1.key })" }).count == samples.count)
  }

  @Test func theDashboardAsksForWhatThereIs() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("reports/grafana-dashboard.json"), encoding: .utf8)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let dashboard = try #require(object as? [String: Any])
    let panels = try #require(dashboard["panels"] as? [[String: Any]])
    #expect(panels.allSatisfy { ($0["targets"] as? [[String: Any]])?.isEmpty == false })
    let asked = text.matches(of: /ttseval_[a-z_]+/).map { String($0.output) }
    #expect(asked.count > 10 && Set(asked).subtracting(PrometheusReport.names).isEmpty)
  }
}

@Suite struct JUnitReportTests {
  @Test func aRegressionFailsItsCaseWithItsNumbers() throws {
    let a = try sampleRun()
    var b = a
    b.id = UUID()
    // Enough pairs to be sure, all of them worse.
    func many(_ run: Run, _ value: (Int) -> Double) -> Run {
      var run = run
      let one = run.systems[0].utterances[0]
      run.systems = [
        SystemResult(
          name: "old", path: "o",
          utterances: (0..<20).map { place in
            var utterance = one
            utterance.id = "u\(place)"
            utterance.scores = [one.scores[1]]
            utterance.scores[0].outcome = .value(value(place))
            return utterance
          })
      ]
      run.settings.metrics = ["stoi"]
      return run
    }
    let former = many(a) { 0.9 + 0.001 * Double($0) }
    b = many(b) { 0.8 + 0.0012 * Double($0) }
    for place in b.systems[0].utterances.indices { b.systems[0].utterances[place].synthesis.audioSHA256 = "b\(place)" }
    let diff = RunDiff(former, b)
    #expect(diff.verdict == .regressed)
    let text = JUnitReport.render(b, diff: diff)
    let reader = XMLCases(text)
    #expect(reader.isWellFormed && reader.cases == ["run", "run", "run", "old", "old"] && reader.failures.count == 1)
    #expect(reader.failures[0].contains("stoi 0.910 → 0.811") && text.contains("worst: u0 0.900 → 0.800"))
    #expect(text.contains("tests=\"2\" failures=\"1\" errors=\"0\""))
    #expect(XMLCases(JUnitReport.render(former, diff: RunDiff(former, former))).failures.isEmpty)
  }

  @Test func failedScoresAreErrors() throws {
    let text = JUnitReport.render(try sampleRun())
    #expect(XMLCases(text).isWellFormed && text.contains("errors=\"1\""))
    #expect(text.contains("<error type=\"failed\" message=\"1 scores failed\">"))
    #expect(text.contains("failed: u2: too long ago"))
  }
}
