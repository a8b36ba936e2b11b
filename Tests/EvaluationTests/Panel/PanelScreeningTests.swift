// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Testing

/// Listeners who stand out, and sessions that drift.
@Suite struct PanelScreeningTests {
  @Test func nobodyIsDroppedSilently() throws {
    var ratings = try goldenPanel()
    for index in ratings.indices where ratings[index].listener == "L15" { ratings[index].score = 3 }
    let analysis = try PanelAnalysis(ratings, options: light)
    #expect(analysis.all.listeners == 12)
    let flat = try #require(analysis.screening.listeners.first { $0.listener == "L15" })
    #expect(flat.signs == [.lowVariance] && flat.correlation == nil)
    let screened = try #require(analysis.screened)
    #expect(screened.listeners == 12 - analysis.screening.flagged.count)
    let rest = ratings.filter { !analysis.screening.flagged.contains($0.listener) }
    #expect(screened == (try PanelAnalysis(rest, options: light)).all)
    #expect(analysis.warnings.contains { $0.contains("nobody was left out") && $0.contains("L15") })
  }

  @Test func straightLinesAndHasteAreSeen() throws {
    var ratings = try goldenPanel()
    for index in ratings.indices {
      ratings[index].order = index % 97
      ratings[index].clipSeconds = 3
      ratings[index].reactionSeconds = ratings[index].listener == "L11" && index < 100 ? 2.9 : 3.5
    }
    let own = ratings.indices.filter { ratings[$0].listener == "L12" }.sorted {
      (ratings[$0].order ?? 0) < (ratings[$1].order ?? 0)
    }
    for index in own.prefix(12) { ratings[index].score = 2 }
    let screening = try PanelAnalysis(ratings, options: light).screening
    let signs = screening.listeners.reduce(into: [:]) { $0[$1.listener] = $1.signs }
    #expect(signs["L11"]?.contains(.hasty) == true)
    #expect(signs["L12"]?.contains(.straightLining) == true && signs["L13"]?.contains(.straightLining) == false)
    #expect(signs["L13"]?.contains(.hasty) == false)
  }

  @Test func aListenerWhoTurnsTheScaleRoundDisagrees() throws {
    let systems = [("bad", 1.0), ("fair", 3.0), ("good", 5.0)]
    var ratings = [PanelRating]()
    for listener in 0..<8 {
      for (name, score) in systems {
        for utterance in 0..<4 {
          let kept = score + Double((listener + utterance) % 2) * 0.1
          ratings.append(
            PanelRating(
              listener: "\(listener)", system: name, utterance: "\(utterance)", score: listener == 7 ? 6 - score : kept)
          )
        }
      }
    }
    let screening = try PanelAnalysis(ratings, options: light).screening
    #expect(screening.flagged == ["7"])
    #expect(screening.listeners[7].signs == [.disagrees])
  }
}

@Suite struct PanelTrendTests {
  private func drifting(_ slope: Double) -> [PanelRating] {
    var ratings = [PanelRating]()
    for listener in 0..<6 {
      for trial in 0..<20 {
        let system = (trial + listener) % 2
        let noise = 0.1 * Double((trial * 7 + listener * 3) % 5)
        ratings.append(
          PanelRating(
            listener: "\(listener)", system: "\(system)", utterance: "\(trial / 2)",
            score: 3 + slope * Double(trial) + Double(system) + noise, order: trial + 1))
      }
    }
    return ratings
  }

  @Test func driftIsFoundWithItsSign() throws {
    let order = try #require(try PanelAnalysis(drifting(-0.02), options: light).order)
    let interval = try #require(order.interval)
    #expect(order.listeners == 6)
    #expect(interval.high < 0 && interval.low < -0.2 && interval.high > -0.3)
    let none = try #require(try PanelAnalysis(drifting(0), options: light).order?.interval)
    #expect(none.low < 0.03 && none.high > -0.03)
    #expect(try PanelAnalysis(try goldenPanel(), options: light).order == nil)
  }

  @Test func repetitionsArePairedWithTheFirstScore() throws {
    let first = [("a", 3.0), ("b", 4.0), ("c", 2.0)].map {
      PanelRating(listener: $0.0, system: "s", utterance: "u", score: $0.1)
    }
    let later = [("a", 3.0), ("b", 5.0), ("c", 4.0), ("d", 1.0)].map {
      PanelRating(listener: $0.0, system: "s", utterance: "u", score: $0.1, kind: .repeat_)
    }
    // The rows of repetitions may come first; d has nothing to be compared with.
    let repeats = try #require(try PanelAnalysis(later + first, options: light).repeats)
    #expect(repeats.pairs == 3 && repeats.listeners == 3)
    #expect(abs(repeats.sameShare - 1.0 / 3) < 1e-12 && abs(repeats.meanDifference - 1) < 1e-12)
    #expect(abs(repeats.withinDeviation - (5.0 / 6).squareRoot()) < 1e-12)
    #expect(repeats.interval != nil)
    #expect(try PanelAnalysis(first, options: light).repeats == nil)
  }
}
