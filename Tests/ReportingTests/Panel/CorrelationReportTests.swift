// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Statistics
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func correlation(
  system name: String = "s", systems: Int = 6, better: Better = .higher, sign: Double? = nil
) -> PanelCorrelation {
  let sign = sign ?? (better == .lower ? -1 : 1)
  var ratings = [PanelRating]()
  var (good, poor) = ([PanelClip: Double](), [PanelClip: Double]())
  for system in 0..<systems {
    for utterance in 0..<8 {
      let clip = PanelClip(system: "\(name)\(system)", utterance: "u\(utterance)")
      good[clip] = sign * (Double(system) + 0.1 * Double(utterance % 3))
      poor[clip] = Double((system * 7 + utterance * 5) % 11) + 0.5 * Double(system)
      for listener in 0..<6 {
        let noise = 0.25 * Double((listener * 3 + utterance * 7 + system * 4) % 5 - 2)
        ratings.append(
          PanelRating(
            listener: "\(listener)", system: clip.system, utterance: clip.utterance,
            score: 1 + 0.6 * Double(system) + noise))
      }
    }
  }
  return PanelCorrelation(
    ratings,
    metrics: [
      ClipScores(metric: "good", better: better, values: good),
      ClipScores(metric: "poor", better: .higher, values: poor),
    ])
}

@Suite struct CorrelationReportTests {
  @Test func textNamesTheBestAndTheCeiling() {
    let text = CorrelationText.render(correlation())
    #expect(text.contains("by utterance; ceiling 0.9") && text.contains("by system; ceiling"), "\(text)")
    #expect(text.contains("\nhighest SRCC: good (0.9") && text.contains("\n  better than poor (Holm-adjusted p < .05)"))
    #expect(text.contains("! 6 listeners: under 10"))
  }

  @Test func turnedSignsAreExplained() throws {
    let made = correlation(better: .lower)
    let text = CorrelationText.render(made)
    #expect(text.contains("good ↓") && text.contains("sign turned as less is better") && text.contains("near −1"))
    #expect(text.contains("highest SRCC: with its sign turned for ↓"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try CorrelationJSON.render(made).utf8)) as? [String: Any])
    let level = try #require(object["utterances"] as? [String: Any])
    let metric = try #require((level["metrics"] as? [[String: Any]])?.first)
    let srcc = try #require((metric["srcc"] as? [String: Double])?["value"])
    #expect(srcc < 0 && near(metric["strength"] as? Double, -srcc) && metric["better"] as? String == "lower")
    #expect(level["best"] as? String == "good" && level["noBest"] == nil)
  }

  @Test func theWrongDirectionIsNeverHighest() throws {
    let text = CorrelationText.render(correlation(better: .lower, sign: 1))
    #expect(!text.contains("highest SRCC: good") && text.contains("good predicts the wrong way round"))
  }

  @Test func theBestIsNotSaidToBeatWhatIsCloser() throws {
    let text = CorrelationText.render(correlation(better: .neither))
    #expect(text.contains("good ↕") && text.contains("highest SRCC: poor") && !text.contains("better than good ("))
  }

  @Test func threeSystemsHaveNoVerdict() throws {
    let made = correlation(systems: 3)
    let text = CorrelationText.render(made)
    #expect(text.contains("no metric is called the best: 3 items") && text.contains("! 3 systems:"))
    #expect(try CorrelationJSON.render(made).contains("\"noBest\""))
  }

  @Test func jsonHasEveryNumber() throws {
    let made = correlation()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try CorrelationJSON.render(made).utf8)) as? [String: Any])
    let level = try #require(object["utterances"] as? [String: Any])
    let metrics = try #require(level["metrics"] as? [[String: Any]])
    #expect(metrics.map { $0["metric"] as? String } == ["good", "poor"])
    let srcc = try #require(metrics[0]["srcc"] as? [String: Double])
    let found = made.utterances.metrics[0].correlation
    #expect(near(srcc["value"], found.correlation.spearman) && near(srcc["low"], found.spearman?.lowerBound))
    #expect((metrics[0]["points"] as? [Any])?.count == 48 && metrics[0]["n"] as? Int == 48)
    let errors = try #require(metrics[0]["crossValidated"] as? [String: Any])
    #expect(near(errors["rmse"] as? Double, made.utterances.metrics[0].crossValidated?.rmse))
    let differences = try #require(level["differences"] as? [[String: Any]])
    #expect(differences[0]["real"] as? Bool == true)
  }

  @Test func dotsStandWhereTheirNumbersSay() throws {
    let prediction = try #require(correlation().utterances.metrics.first)
    let svg = ScatterPicture.svg(prediction, level: "utterances")
    func attribute(_ name: String) throws -> Double {
      let rest = try #require(svg.components(separatedBy: "\(name)=\"").dropFirst().first)
      return try #require(Double(rest.prefix { $0 != "\"" }))
    }
    let circles = svg.components(separatedBy: "<circle ").dropFirst()
    #expect(circles.count == prediction.points.count)
    let (x0, xScale) = (try attribute("data-x0"), try attribute("data-x-scale"))
    let (y0, yScale) = (try attribute("data-y0"), try attribute("data-y-scale"))
    for (circle, point) in zip(circles, prediction.points) {
      let parts = circle.components(separatedBy: "\"")
      let (x, y) = (try #require(Double(parts[1])), try #require(Double(parts[3])))
      #expect(abs((x - x0) / xScale - point.value) < 0.01 && abs((y0 - y) / yScale - point.mos) < 0.01)
    }
    #expect(svg.contains("<path class=\"map\""))
  }

  @Test func namesCannotLeaveTheirText() throws {
    let prediction = try #require(correlation(system: "<script>&\"").systems.metrics.first)
    let svg = ScatterPicture.svg(prediction, level: "systems")
    #expect(!svg.contains("<script>") && svg.contains("&lt;script&gt;"))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }
}
