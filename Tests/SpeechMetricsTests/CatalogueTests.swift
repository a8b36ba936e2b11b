// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import SpeechSignal
import Testing

/// A metric of the catalogue as a test's argument, named by its id.
struct CatalogueEntry: Sendable, CustomTestStringConvertible {
  let metric: any Metric
  var testDescription: String { metric.info.id }

  static let all = MetricCatalogue.all.map(CatalogueEntry.init)
}

/// What is asked of every metric, whatever it measures. A new line in the catalogue is tested here without more ado.
struct CatalogueTests {
  @Test func idsAreUnique() {
    let ids = MetricCatalogue.all.map(\.info.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil })
  }

  @Test(arguments: CatalogueEntry.all)
  func describesItself(_ entry: CatalogueEntry) {
    let info = entry.metric.info
    #expect(!info.name.isEmpty && !info.summary.isEmpty && !info.citations.isEmpty && !info.recipe.isEmpty)
    #expect(info.scale.tolerance > 0 && !info.scale.toleranceReason.isEmpty)
    #expect(info.input.minimumSeconds > 0)
  }

  @Test(arguments: CatalogueEntry.all)
  func hasGoldenAndPage(_ entry: CatalogueEntry) throws {
    let info = entry.metric.info
    let url = try #require(
      Bundle.module.url(forResource: "reference-\(info.id)", withExtension: "json", subdirectory: "Goldens"),
      "Goldens/reference-\(info.id).json is missing")
    struct Head: Decodable { let revision: Int }
    #expect(try JSONDecoder().decode(Head.self, from: Data(contentsOf: url)).revision == info.revision)
    // Editions of one metric share a page, which names all of their ids.
    let folder = ReferenceClip.repository.appending(path: "Sources/SpeechMetrics/SpeechMetrics.docc")
    let pages = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "md" }
      .filter { try String(contentsOf: $0, encoding: .utf8).contains("`\(info.id)`:") }
    #expect(pages.count == 1, "one page of SpeechMetrics.docc starts with `\(info.id)`:")
  }

  @Test(arguments: CatalogueEntry.all)
  func signatureNamesTheRecipe(_ entry: CatalogueEntry) {
    let info = entry.metric.info
    let signature = Signature(info, .init(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .none))
    let parts = signature.description.split(separator: "|").map(String.init)
    #expect(parts.first == info.id)
    #expect(parts.last == "v\(info.revision)")
    #expect(info.recipe.allSatisfy(parts.contains))
  }

  @Test(arguments: CatalogueEntry.all)
  func identityIsBest(_ entry: CatalogueEntry) throws {
    let (metric, scale) = (entry.metric, entry.metric.info.scale)
    let clip = TestSignal.speechLike(seconds: 3)
    let identity = try metric.measure(.inStep(clip, clip))
    guard case .value(let best) = identity else {
      // Infinite for identical signals, like a signal-to-noise ratio.
      #expect(identity == .undefined(.identical))
      return
    }
    let noisy = try #require(try metric.measure(.inStep(clip, TestSignal.noisy(clip, 0.1))).number)
    #expect(scale.range.contains(noisy))
    // The best score may lie one rounding outside of the range.
    switch scale.better {
    case .higher:
      #expect(best > noisy)
      #expect(best < scale.range.upperBound + 1e-9 && best > scale.range.upperBound - scale.tolerance)
    case .lower:
      #expect(best < noisy)
      #expect(abs(best - scale.range.lowerBound) < 1e-9)
    case .none:
      #expect(scale.range.contains(best))
    }
  }

  @Test(arguments: CatalogueEntry.all)
  func tracesAreThoseItNames(_ entry: CatalogueEntry) throws {
    let clip = TestSignal.speechLike(seconds: 3)
    let traces = try entry.metric.traces(.inStep(clip, TestSignal.noisy(clip, 0.05)))
    #expect(traces.map(\.name) == entry.metric.info.traces.map(\.name))
    for trace in traces {
      #expect(trace.values.contains { $0 > 0 } && trace.values.allSatisfy(\.isFinite))
      #expect(trace.start >= 0 && trace.start + Double(trace.values.count - 1) * trace.period < 3)
    }
  }

  /// Silence on either side or both: an outcome with a reason, or a number of the range, and never a perfect score.
  @Test(arguments: CatalogueEntry.all, [(false, true), (true, false), (false, false)])
  func silenceIsNoNaN(_ entry: CatalogueEntry, _ sound: (Bool, Bool)) {
    let clip = TestSignal.speechLike(seconds: 3)
    let zeros = [Double](repeating: 0, count: clip.count)
    do throws(MetricError) {
      let outcome = try entry.metric.measure(.inStep(sound.0 ? clip : zeros, sound.1 ? clip : zeros))
      if case .value(let number) = outcome {
        #expect(entry.metric.info.scale.range.contains(number))
        #expect(sound != (false, false), "silence against silence has the score \(number)")
      }
    } catch {
      #expect(error != .notFinite)
    }
  }

  @Test(arguments: CatalogueEntry.all, [8_000, 16_000, 22_050, 48_000])
  func tooShortIsSaid(_ entry: CatalogueEntry, _ sampleRate: Int) {
    let minimum = entry.metric.info.input.minimumSeconds
    let enough = Int((minimum * Double(sampleRate)).rounded(.up))
    let long = TestSignal.speechLike(seconds: 3, sampleRate: sampleRate)
    let short = TestSignal.noise(enough - 1, seed: 3)
    let expected = MetricError.tooShort(seconds: Double(enough - 1) / Double(sampleRate), minimum: minimum)
    for (reference, synthesis) in [(short, long), (long, short), (short, short)] {
      #expect(throws: expected) {
        try entry.metric.measure(.inStep(reference, synthesis, sampleRate: sampleRate))
      }
    }
  }

  @Test(arguments: CatalogueEntry.all, [8_000, 16_000, 22_050, 48_000])
  func theShortestInputHasAnOutcome(_ entry: CatalogueEntry, _ sampleRate: Int) throws {
    let enough = Int((entry.metric.info.input.minimumSeconds * Double(sampleRate)).rounded(.up))
    let clip = TestSignal.noise(enough, seed: 3)
    do throws(MetricError) {
      _ = try entry.metric.measure(.inStep(clip, TestSignal.noisy(clip, 0.1), sampleRate: sampleRate))
    } catch .unsupportedRate {
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test(arguments: CatalogueEntry.all)
  func sameInputSameBits(_ entry: CatalogueEntry) throws {
    let clip = TestSignal.speechLike(seconds: 3)
    let noisy = TestSignal.noisy(clip, 0.05)
    let pair = PairAnalysis.inStep(clip, noisy)
    let scores = try [pair, pair, .inStep(clip, noisy)].map { try entry.metric.measure($0).number?.bitPattern }
    #expect(Set(scores).count == 1)
    #expect(scores[0] != nil)
  }
}
