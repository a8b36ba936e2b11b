// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

@Suite struct PanelPageTests {
  @Test func theTablesNumbersAreTheAnalysis() throws {
    let analysis = try sampleAnalysis(samplePanel())
    let page = PageReader(PanelPage.render(analysis, title: "voices"))
    let cells = page["td"].compactMap { $0.attributes["data-mean"] }
    for system in analysis.all.systems {
      let interval = try #require(system.interval)
      for number in [system.mean.mean, interval.low, system.bootstrap?.lowerBound, system.mean.twoWayError] {
        #expect(cells.contains("\(try #require(number))"))
      }
    }
    for pair in analysis.all.pairs {
      #expect(cells.contains("\(pair.mosDifference)") && cells.contains(pair.holm.map { "\($0)" } ?? ""))
    }
    let strips = page.elements.filter { $0.attributes["class"] == "strip" }
    #expect(strips.map { $0.attributes["data-system"] } == ["b", "a", "c"] || strips.count == 3)
    #expect(strips.allSatisfy { $0.attributes["data-low"] != nil && $0.attributes["data-n"] == "6" })
    // Every heading sorts, and every row has as many cells as there are headings.
    #expect(page["th"].filter { $0.attributes["scope"] == "col" }.allSatisfy { $0.attributes["aria-sort"] == "none" })
  }

  @Test func theVerdictStandsFirst() throws {
    let page = PageReader(PanelPage.render(try sampleAnalysis(samplePanel()), title: "voices"))
    let verdict = try #require(page.elements.firstIndex { $0.attributes["class"] == "verdict improved" })
    #expect(verdict < (try #require(page.elements.firstIndex { $0.name == "table" })))
    #expect(page["strong"].first?.text == "best: b")
    #expect(page["title"].first?.text == "Listening panel: voices")
    // Two that are much alike: no verdict, and the words say why.
    let open = PanelPage.render(try sampleAnalysis(samplePanel().filter { $0.system != "b" }), title: "v")
    #expect(
      open.contains("verdict inconclusive") && open.contains("<strong>not decided</strong>")
        && open.contains("a (a), c (b): within ±0.50"))
  }

  @Test func aReferenceIsNeverTheBest() throws {
    func word(_ analysis: PanelAnalysis) -> String? {
      PageReader(PanelPage.render(analysis, title: "t"))["strong"].first?.text
    }
    // Without b two much alike are left; c alone is a candidate when a is an anchor.
    #expect(word(try sampleAnalysis(samplePanel()) { $0.setup.reference = "b" }) == "not decided")
    let apart = try sampleAnalysis(samplePanel()) { ($0.setup.reference, $0.setup.anchors) = ("b", ["a"]) }
    #expect(word(apart) == "c")
    // An anchor as good as the best takes nothing from it.
    let twin = samplePanel().filter { $0.system == "b" }.map { rating in
      var rating = rating
      rating.system = "twin"
      return rating
    }
    #expect(word(try sampleAnalysis(samplePanel() + twin)) == "not decided")
    #expect(word(try sampleAnalysis(samplePanel() + twin) { $0.setup.anchors = ["twin"] }) == "best: b")
  }

  @Test func aLeadOfOneBusyListenerDecidesNothing() throws {
    // Eleven listeners are for b; the twelfth, with more ratings than all of them, is for a: the higher MOS is a's.
    var ratings = samplePanel().filter { $0.system != "c" && $0.listener != "L11" }
    for utterance in 0..<90 {
      for (system, score) in [("a", 5.0), ("b", 1)] {
        ratings.append(PanelRating(listener: "L11", system: system, utterance: "x\(utterance)", score: score))
      }
    }
    let analysis = try sampleAnalysis(ratings)
    #expect(analysis.all.systems[0].mean.mean > analysis.all.systems[1].mean.mean)
    #expect(analysis.all.pairs[0].finding == .different && (analysis.all.pairs[0].difference ?? 0) > 0)
    #expect(PageReader(PanelPage.render(analysis, title: "t"))["strong"].first?.text == "not decided")
  }

  @Test func warningsAndScreeningAreThere() throws {
    var ratings = samplePanel(listeners: 9)
    for index in ratings.indices where ratings[index].listener == "L3" { ratings[index].score = 3 }
    let analysis = try sampleAnalysis(ratings)
    let page = PageReader(PanelPage.render(analysis, title: "few", facts: [("plan", "abc")]))
    let lines = page["li"].map(\.text)
    #expect(analysis.warnings.allSatisfy(lines.contains) && lines.contains { $0.hasPrefix("9 listeners: under 10") })
    #expect(page["section"].map { $0.attributes["id"] } == ["means", "pairs", "agreement", "screening", "origin"])
    #expect(page["td"].contains { $0.text == "low-variance" } && page["dd"].contains { $0.text == "abc" })
    #expect(page["h3"].contains { $0.text == "With and without" })
  }

  @Test func votesAndSingleSystemsHavePagesToo() throws {
    let votes = try sampleAnalysis(sampleVotes())
    let page = PageReader(PanelPage.render(votes, title: "ab"))
    #expect(page["section"].prefix(3).map { $0.attributes["id"] } == ["preferences", "abilities", "agreement"])
    for pair in try #require(votes.all.preferences?.pairs) {
      #expect(page["td"].contains { $0.attributes["data-mean"] == pair.holm.map { "\($0)" } })
    }
    let one = PageReader(PanelPage.render(try sampleAnalysis(samplePanel().filter { $0.system == "b" }), title: "one"))
    #expect(!one["section"].contains { $0.attributes["id"] == "pairs" } && one["strong"].first?.text == "b")
  }

  @Test func nothingLeavesThePage() throws {
    let text = PanelPage.render(try sampleAnalysis(samplePanel()), title: "t")
    let page = PageReader(text)
    for element in page.elements {
      for name in ["src", "href", "srcset", "action", "poster", "data", "style", "background"] {
        #expect((element.attributes[name] ?? "#").hasPrefix("#"))
      }
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") } && element.name != "link")
    }
    #expect(!text.contains("url(") && !text.contains("@import"))
    let policy = try #require(page["meta"].first { $0.attributes["http-equiv"] != nil }?.attributes["content"])
    #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("http"))
    #expect(policy.contains("script-src '\(try scriptHash(of: text))'"))
  }

  @Test(arguments: hostileNames) func hostileNamesAreText(name: String) throws {
    func page(_ name: String) throws -> (text: String, reader: PageReader) {
      let comparison = samplePanel(systemA: name).map { rating in
        var rating = rating
        if rating.listener == "L3" {
          rating.listener = name
          rating.score = 3
        }
        return rating
      }
      let texts = try [comparison, sampleVotes(systemA: name)].map { ratings in
        var options = PanelOptions()
        options.resamples = 50
        options.setup.anchors = [name]
        return PanelPage.render(
          try PanelAnalysis(ratings, plan: name, options: options), title: name, facts: [(name, name)])
      }
      return (texts.joined(), PageReader(texts.joined()))
    }
    // Whatever the name is, its system and its listener come first.
    let (hostile, plain) = (try page("A" + name), try page("Aplain"))
    #expect(hostile.reader.elements.map(\.name) == plain.reader.elements.map(\.name))
    let keys = { (page: PageReader) in page.elements.map { $0.attributes.keys.sorted() } }
    #expect(keys(hostile.reader) == keys(plain.reader))
    for mark: Unicode.Scalar in ["<", ">", "\""] {
      #expect(hostile.text.unicodeScalars.count { $0 == mark } == plain.text.unicodeScalars.count { $0 == mark })
    }
  }
}
