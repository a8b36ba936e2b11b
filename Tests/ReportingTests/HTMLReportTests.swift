// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Evaluation
import Foundation
import Reporting
import SpeechMetrics
import SpeechSignal
import Testing

@Suite struct HTMLReportTests {
  private func json(_ run: Run) throws -> [[String: Any]] {
    let object = try JSONSerialization.jsonObject(with: Data(try jsonText(run).utf8))
    return try #require((object as? [String: Any])?["systems"] as? [[String: Any]])
  }

  @Test func theTablesNumbersAreTheJSONs() throws {
    var run = try sampleRun()
    // A number whose digits all matter, and a table whose systems share all utterances.
    run.systems[0].utterances[0].scores[1].outcome = .value(0.1 + 0.2)
    let page = PageReader(HTMLReport.render(run))
    var cells = page["td"].filter { $0.attributes["data-metric"] != nil }
    #expect(cells.count == 4)
    for system in try json(run) {
      let summaries = try #require(system["summary"] as? [String: [String: Any]])
      for metric in run.settings.metrics {
        let cell = cells.removeFirst()
        let summary = try #require(summaries[metric])
        #expect(cell.attributes["data-metric"] == metric)
        #expect(cell.attributes["data-own-mean"].flatMap(Double.init) == summary["mean"] as? Double)
        guard metric == "stoi" else { continue }
        for (name, key) in [("data-mean", "mean"), ("data-low", "low"), ("data-high", "high"), ("data-n", "n")] {
          #expect(cell.attributes[name].flatMap(Double.init) == (summary[key] as? NSNumber)?.doubleValue)
        }
        #expect(cell.text.hasPrefix(String(format: "%.3f", try #require(summary["mean"] as? Double))))
      }
    }
  }

  @Test func everyDotCanBeReadBack() throws {
    let run = try sampleRun()
    let page = PageReader(HTMLReport.render(run))
    let strips = page.elements.filter { $0.attributes["class"] == "strip" }
    let dots = page.elements.filter { $0.attributes["class"] == "dots" }
    #expect(strips.count == 4 && dots.count == 3)
    var expected = run.settings.metrics.flatMap { metric in
      run.systems.map { $0.utterances.compactMap { $0.score(metric)?.outcome.value }.sorted() }
    }.filter { !$0.isEmpty }
    for path in dots {
      let values = expected.removeFirst()
      let told = try #require(path.attributes["data-values"]).split(separator: " ").compactMap { Double($0) }
      #expect(told == values)
      let x0 = try #require(path.attributes["data-x0"].flatMap(Double.init))
      let scale = try #require(path.attributes["data-x-scale"].flatMap(Double.init))
      var x = 0.0
      let drawn = try #require(path.attributes["d"]).split(separator: "m").compactMap { step -> Double? in
        x += Double(step.split(separator: " ")[0]) ?? .nan
        return x
      }
      #expect(drawn.count == values.count)
      // Drawn to a tenth of a unit, of which there are a thousand.
      for (x, value) in zip(drawn, values) { #expect(abs(x - (x0 + value * scale)) <= 0.0501) }
    }
  }

  @Test func ofTooManyDotsOrderStatisticsAreDrawnAndToldOf() throws {
    var run = try sampleRun()
    let one = run.systems[0].utterances[0]
    run.systems = (0..<10).map { system in
      SystemResult(
        name: "s\(system)", path: "p",
        utterances: (0..<6000).map { place in
          var utterance = one
          utterance.id = "u\(place)"
          utterance.scores[1].outcome = .value(Double((place * 7919) % 6000) / 6000)
          return utterance
        })
    }
    let text = HTMLReport.render(run)
    let page = PageReader(text)
    let strips = page.elements.filter { $0.attributes["class"] == "strip" }
    #expect(strips.allSatisfy { $0.attributes["data-n"] == "6000" && $0.attributes["data-drawn"] == "5000" })
    #expect(text.contains("evenly spaced ones between, 5000 a system"))
    let values = try #require(page.elements.first { $0.attributes["class"] == "dots" }?.attributes["data-values"])
      .split(separator: " ").compactMap { Double($0) }
    #expect(values.first == 0 && values.last == 5999.0 / 6000 && values.count == 5000)
  }

  @Test func aComparisonsNumbersAreThere() throws {
    let (a, b) = (try sampleRun(), try sampleRun())
    var worse = b
    worse.id = UUID()
    for system in worse.systems.indices {
      for place in worse.systems[system].utterances.indices {
        worse.systems[system].utterances[place].synthesis.audioSHA256 = String(repeating: "b", count: 64)
        worse.systems[system].utterances[place].scores[1].outcome = .value(0.3 - 0.01 * Double(place))
      }
    }
    let diff = RunDiff(a, worse)
    let text = HTMLReport.render(worse, diff: diff)
    let page = PageReader(text)
    let verdict = try #require(
      page.elements.firstIndex { $0.attributes["class"] == "verdict \(diff.verdict.rawValue)" })
    #expect(verdict < (try #require(page.elements.firstIndex { $0.name == "table" })))
    for system in diff.systems {
      for metric in system.metrics {
        guard let comparison = metric.comparison, let mean = comparison.meanDifference else { continue }
        let row = page["tr"].contains {
          $0.attributes["data-metric"] == metric.metric && $0.attributes["data-mean"] == "\(mean)"
            && $0.attributes["data-p"] == "\(comparison.test.p)"
        }
        let line = page["g"].contains {
          $0.attributes["data-metric"] == metric.metric && $0.attributes["data-mean"] == "\(mean)"
            && $0.attributes["data-tolerance"] == "\(comparison.tolerance)"
        }
        #expect(row && line)
      }
    }
    // The worst first, by its own system.
    let worst = WorstUtterances(worse, diff: diff, limit: 3).choices
    #expect(worst.count == 3 && worst[0].system == "old" && worst[1].system == "new")
  }

  @Test func clipsHavePlayersPicturesAndCurves() throws {
    let tone = Waveform(samples: (0..<16_000).map { sin(Double($0) * 0.3) }, sampleRate: 16_000)
    let times = (0..<50).map { Double($0) * 0.005 }
    let f0 = [Double](repeating: 120, count: 50)
    let clip = ReportAssets.Clip(
      system: "new", id: "u2", reference: .embedded([1, 2, 3], mediaType: "audio/ogg"),
      synthesis: .linked(path: "clips/a b#?.wav"),
      spectrograms: try SpectrogramPictures(reference: tone, synthesis: tone),
      curves: PairCurves(tracker: "harvest-71-800Hz", times: times, reference: f0, synthesis: f0))
    let page = PageReader(HTMLReport.render(try sampleRun(), assets: ReportAssets(clips: [clip])))
    #expect(
      page["audio"].map { $0.attributes["src"] ?? "" } == ["data:audio/ogg;base64,AQID", "./clips/a%20b%23%3F.wav"])
    #expect(page["audio"].allSatisfy { $0.attributes["aria-label"]?.contains("u2") == true })
    let pictures = page["img"]
    #expect(pictures.count == 4 && pictures.allSatisfy { $0.attributes["alt"]?.isEmpty == false })
    #expect(pictures.prefix(3).allSatisfy { $0.attributes["src"]?.hasPrefix("data:image/png;base64,iVBOR") == true })
    let url = try #require(pictures[3].attributes["src"])
    let svg = try #require(url.dropFirst("data:image/svg+xml,".count).removingPercentEncoding)
    let curves = try #require(clip.curves)
    #expect(svg == ContourPicture.svg(curves, reference: "reference", synthesis: "new"))
    let scores = page["span"].filter { $0.attributes["data-value"] != nil }
    #expect(scores.map { $0.attributes["data-value"] } == ["0.875"])
  }

  @Test func aLinkLeadsToAFileAlone() throws {
    for (path, url) in [
      ("https://a.example/x.wav", "./https%3A/a.example/x.wav"), ("//a.example/x.wav", "/a.example/x.wav"),
      ("javascript:alert(1)", "./javascript%3Aalert%281%29"), ("../x.wav", "./../x.wav"),
    ] {
      let clip = ReportAssets.Clip(system: "new", id: "u2", synthesis: .linked(path: path))
      let page = PageReader(HTMLReport.render(try sampleRun(), assets: ReportAssets(clips: [clip])))
      #expect(page["audio"].map { $0.attributes["src"] } == [url])
    }
  }

  @Test func nothingLeavesThePage() throws {
    let text = HTMLReport.render(try sampleRun())
    let page = PageReader(text)
    for element in page.elements {
      for name in ["src", "href", "srcset", "action", "poster", "data", "style", "background"] {
        let value = element.attributes[name] ?? "#"
        #expect(value.hasPrefix("#") || value.hasPrefix("data:"))
      }
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") } && element.name != "link")
    }
    #expect(!text.contains("url(") && !text.contains("@import"))
    let policy = try #require(page["meta"].first { $0.attributes["http-equiv"] != nil }?.attributes["content"])
    #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("http"))
    // The policy names this very script.
    #expect(policy.contains("script-src '\(try scriptHash(of: text))'"))
  }
}
