// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Testing

@Suite struct PanelCSVTests {
  static let mapping = "listener=who,system=voice,stimulus=clip,score=mos"

  func read(_ text: String, _ columns: String = mapping) throws(PanelCSVError) -> [PanelRating] {
    try PanelCSV.panel(text: text, columns: try PanelColumns(columns)).ratings
  }

  /// - Parameter columns: nil for the usual ones.
  func refusal(
    _ text: String, _ columns: String? = mapping, _ scale: PanelScale? = nil, reference: String? = nil
  ) -> PanelCSVError? {
    do throws(PanelCSVError) {
      var names = PanelColumns.usual
      if let columns { names = try PanelColumns(columns) }
      _ = try PanelCSV.panel(text: text, columns: names, setup: PanelSetup(scale: scale, reference: reference))
      return nil
    } catch { return error }
  }

  @Test func columnsAreFoundByName() throws {
    let ratings = try read(
      "mos,extra,clip,who,voice,line\n4,x,a_1,anna,a,1\n3.5,,b_1,bob,b,1\n", Self.mapping + ",utterance=line")
    #expect(
      ratings == [
        PanelRating(listener: "anna", system: "a", utterance: "1", score: 4),
        PanelRating(listener: "bob", system: "b", utterance: "1", score: 3.5),
      ])
    #expect(try read("who,voice,clip,mos\nanna,a,a_1,4\n")[0].utterance == "a_1")
  }

  @Test func whatSpreadsheetsWriteIsRead() throws {
    let plain = try read("who,voice,clip,mos\nanna,a,1,4\nbob,\"b, the 2nd\",\"say \"\"hi\"\"\",2\n")
    #expect(plain[1].system == "b, the 2nd" && plain[1].utterance == "say \"hi\"")
    let bom = "\u{FEFF}who,voice,clip,mos\r\nanna,a,1,4\r\nbob,\"b, the 2nd\",\"say \"\"hi\"\"\",2\r\n"
    #expect(try read(bom) == plain)
    #expect(try read("who;voice;clip;mos\nanna;a;1;4\n") == Array(plain.prefix(1)))
    #expect(try read("who\tvoice\tclip\tmos\nanna\ta\t1\t4") == Array(plain.prefix(1)))
    #expect(try read("who , voice,clip,mos \n\nanna , a ,1, 4 \n\n") == Array(plain.prefix(1)))
  }

  @Test func theUsualHeadingsNeedNoMapping() throws {
    let text =
      "listener,system,stimulus,score,session,order,kind,reaction,clip\na,s,u,4,may,3,gold,2.5,4.25\nb,s,u,1,,,,,\n"
    let ratings = try PanelCSV.panel(text: text).ratings
    #expect(
      ratings[0]
        == PanelRating(
          listener: "a", system: "s", utterance: "u", score: 4, session: "may", order: 3, kind: .gold,
          reactionSeconds: 2.5,
          clipSeconds: 4.25))
    #expect(ratings[1] == PanelRating(listener: "b", system: "s", utterance: "u", score: 1))
    #expect(try PanelCSV.panel(text: "listener,system,stimulus,score\na,s,u,4\n").ratings.count == 1)
  }

  @Test func hostileTablesAreRefusedWithTheirLine() {
    let heading = "who,voice,clip,mos\n"
    #expect(refusal("") == .empty || refusal("") == .missingColumn("who", heading: [""]))
    #expect(refusal(heading) == .empty)
    #expect(refusal("\u{FEFF}" + heading + "\n\n") == .empty)
    #expect(refusal("who,voice,clip\n1,2,3\n") == .missingColumn("mos", heading: ["who", "voice", "clip"]))
    #expect(refusal("who,voice,clip,mos,mos\na,b,c,1,2\n") == .duplicateColumn("mos"))
    for score in [
      "nan", "inf", "-inf", "1e999", "1e0", "four", "\"3,5\"", "0x3", "0x1p2000", "٣", ".", "-", "+-3", "3.5.1", "3 5",
      "",
      String(repeating: "9", count: 400),
    ] {
      let shown = score.filter { $0 != "\"" }.prefix(40)
      #expect(
        refusal(heading + "a,b,c,1\na,b,d,\(score)\n")
          == .badLine(
            3, column: "mos",
            reason: score.isEmpty ? "it is empty" : "“\(shown)” is no plain decimal number, as 3.5 is"), "\(score)")
    }
    for score in ["3", "2.5", "+3", "-2", ".5", "2."] {
      let table = "who,voice,clip,mos,with\na,b,c,\(score),d\n"
      #expect(refusal(table, Self.mapping + ",against=with", .ccr) == nil)
    }
    #expect(refusal(heading + "a,b,c,1\n\na,,d,2\n") == .badLine(4, column: "voice", reason: "it is empty"))
    #expect(refusal(heading + "a,b,c") == .badLine(2, reason: "3 cells, the heading has 4"))
    #expect(refusal(heading + "a,b,c,1,5\n") == .badLine(2, reason: "5 cells, the heading has 4"))
    // A quoted cell of two lines moves what follows it down.
    let wide = "who,voice,clip,note,mos\n"
    #expect(
      refusal(wide + "a,b,c,\"two\nlines\",1\na,b,c,,x\n")
        == .badLine(4, column: "mos", reason: "“x” is no plain decimal number, as 3.5 is"))
    #expect(
      refusal(wide + "a,\"b\nb\",c,,1\n")
        == .badLine(2, column: "voice", reason: "it holds the control character U+A"))
    #expect(refusal(heading + "a,\"b\"x,c,1\n") == .notCSV("a quotation mark in the wrong place"))
    #expect(refusal(heading + "a,\"b,c,1\na,b,c,2\n") != nil)
  }

  @Test func filesThatAreNoTextAreRefused() throws {
    let folder = try TemporaryFolderForPanels()
    #expect(throws: PanelCSVError.unreadable(folder.path + "/none.csv")) {
      try PanelCSV.panel(path: folder.path + "/none.csv")
    }
    for bytes in [Data([0xFF, 0xFE, 0x61, 0x00]), Data([0x61, 0xC3, 0x28]), Data([0x61, 0x00])] {
      let path = folder.path + "/bad.csv"
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: PanelCSVError.notCSV("bytes that are no text in UTF-8")) { try PanelCSV.panel(path: path) }
    }
  }

  @Test func mappingsAreChecked() {
    func reason(_ text: String) -> String? {
      do throws(PanelCSVError) {
        _ = try PanelColumns(text)
        return nil
      } catch { return error.description }
    }
    #expect(reason(Self.mapping) == nil)
    #expect(reason("listener=a,system=b,stimulus=c") == "--columns: “score=” is missing")
    #expect(reason("listener=a,listener=b")?.contains("given twice") == true)
    #expect(reason("nobody=a")?.contains("there is no “nobody”") == true)
    #expect(reason("listener=")?.contains("names no column") == true)
    #expect(reason("listener")?.contains("not of the form") == true)
    #expect(reason("") != nil)
    #expect(
      refusal("who,voice,clip,mos\na,b,c,1\n", Self.mapping + ",utterance=line")
        == .missingColumn("line", heading: ["who", "voice", "clip", "mos"]))
  }

  @Test func scoresBeyondTheScaleAreRefused() throws {
    func table(_ score: String, _ scale: PanelScale? = nil) throws(PanelCSVError) -> Int {
      try PanelCSV.panel(
        text: "listener,system,stimulus,score\na,s,u,3\nb,s,u,\(score)\n", setup: PanelSetup(scale: scale)
      ).ratings.count
    }
    for score in ["2000000", "-2000000", "1000001"] {
      let reason = "\(Double(score) ?? 0) lies outside -1000000 … 1000000"
      #expect(throws: PanelCSVError.badLine(3, column: "score", reason: reason)) { try table(score) }
    }
    #expect(throws: PanelCSVError.badLine(3, column: "score", reason: "6.0 lies outside 1 … 5 of acr")) {
      try table("6", .acr)
    }
    for score in ["1000000", "5.5", "0"] {
      let reason =
        "\(Double(score) ?? 0) lies outside 1 … 5, and it is not said what scale it is of: --scale mushra (0 … 100) or another"
      #expect(throws: PanelCSVError.badLine(3, column: "score", reason: reason)) { try table(score) }
    }
    #expect(try table("5") == 2 && table("2", .dcr) == 2 && table("100", .mushra) == 2)
    for time in ["-0.1", "-2", "1000001"] {
      for column in ["reaction", "clip"] {
        let reason = "\(Double(time) ?? 0) lies outside 0 … 1000000"
        #expect(throws: PanelCSVError.badLine(2, column: column, reason: reason)) {
          try PanelCSV.panel(text: "listener,system,stimulus,score,\(column)\na,s,u,3,\(time)\n")
        }
      }
    }
  }

  @Test func aPartnerAsksForAScale() throws {
    let text = "listener,system,stimulus,score,against\na,s,u,0,t\nb,s,u,1,t\n"
    // 0 and 1 may be votes or comparisons.
    #expect(throws: PanelCSVError.self) { try PanelCSV.panel(text: text) }
    #expect(refusal(text, nil)?.description.hasPrefix("line 2, column “against”: two systems were compared") == true)
    for scale in [PanelScale.ab, .ccr] {
      let panel = try PanelCSV.panel(text: text, setup: PanelSetup(scale: scale))
      #expect(panel.ratings.map(\.against) == ["t", "t"] && panel.setup.scale == scale)
      let own = text.replacing(",against", with: ",against,scale").replacing(",t\n", with: ",t,\(scale.rawValue)\n")
      #expect(try PanelCSV.panel(text: own) == panel)
      #expect(throws: PanelCSVError.badLine(2, column: "scale", reason: "\(scale.rawValue), and before acr")) {
        try PanelCSV.panel(text: own, setup: PanelSetup(scale: .acr))
      }
    }
    #expect(throws: PanelCSVError.badLine(3, column: "against", reason: "it is empty: ccr is of two systems")) {
      try PanelCSV.panel(text: text.replacing("1,t", with: "1,"), setup: PanelSetup(scale: .ccr))
    }
  }

  @Test func aSystemIsNotHeardBesideItself() {
    let heading = "listener,system,stimulus,score,against,kind\n"
    for scale in [PanelScale.ab, .ccr] {
      #expect(
        refusal(heading + "a,s,u,1,t,\nb,s,u,1,s,\n", nil, scale)
          == .badLine(3, column: "against", reason: "“s” was heard beside itself"))
      // Twice the same clip is a trial whose answer is known.
      #expect(refusal(heading + "a,s,u,1,t,\nb,s,u,0,s,gold\n", nil, scale) == nil)
    }
  }

  @Test func votesAreWholeOrHalves() {
    let heading = "listener,system,stimulus,score,against\n"
    for score in ["0", "0.5", "1"] { #expect(refusal(heading + "a,s,u,\(score),t\n", nil, .ab) == nil) }
    for score in ["0.7", "0.25"] {
      #expect(
        refusal(heading + "a,s,u,1,t\na,s,v,\(score),t\n", nil, .ab)
          == .badLine(
            3, column: "score",
            reason: "\(score) is none of 1 (this system), 0 (the other) and 0.5 (neither), which are the votes of ab"))
    }
  }
}

final class TemporaryFolderForPanels {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
