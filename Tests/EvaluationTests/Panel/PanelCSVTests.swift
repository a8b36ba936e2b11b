// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Testing

@Suite struct PanelCSVTests {
  private static let mapping = "listener=who,system=voice,stimulus=clip,score=mos"

  private func read(_ text: String, _ columns: String = mapping) throws(PanelCSVError) -> [PanelRating] {
    try PanelCSV.ratings(text: text, columns: try PanelColumns(columns))
  }

  private func refusal(_ text: String, _ columns: String = mapping) -> PanelCSVError? {
    do throws(PanelCSVError) {
      _ = try read(text, columns)
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
    let ratings = try PanelCSV.ratings(text: text)
    #expect(
      ratings[0]
        == PanelRating(
          listener: "a", system: "s", utterance: "u", score: 4, session: "may", order: 3, kind: .gold,
          reactionSeconds: 2.5,
          clipSeconds: 4.25))
    #expect(ratings[1] == PanelRating(listener: "b", system: "s", utterance: "u", score: 1))
    #expect(try PanelCSV.ratings(text: "listener,system,stimulus,score\na,s,u,4\n").count == 1)
  }

  @Test func hostileTablesAreRefusedWithTheirLine() {
    let heading = "who,voice,clip,mos\n"
    #expect(refusal("") == .empty || refusal("") == .missingColumn("who", heading: [""]))
    #expect(refusal(heading) == .empty)
    #expect(refusal("\u{FEFF}" + heading + "\n\n") == .empty)
    #expect(refusal("who,voice,clip\n1,2,3\n") == .missingColumn("mos", heading: ["who", "voice", "clip"]))
    #expect(refusal("who,voice,clip,mos,mos\na,b,c,1,2\n") == .duplicateColumn("mos"))
    for score in ["nan", "inf", "-inf", "1e999", "four", "3,5x", "0x1p2000", "٣"] where !score.contains(",") {
      #expect(
        refusal(heading + "a,b,c,1\na,b,d,\(score)\n")
          == .badLine(3, reason: "the score “\(score)” is no finite number"), "\(score)")
    }
    #expect(refusal(heading + "a,b,c,1\n\na,,d,2\n") == .badLine(4, reason: "no system"))
    #expect(refusal(heading + "a,b,c,\n") == .badLine(2, reason: "no score"))
    #expect(refusal(heading + "a,b,c") == .badLine(2, reason: "3 cells, the heading has 4"))
    #expect(refusal(heading + "a,b,c,1,5\n") == .badLine(2, reason: "5 cells, the heading has 4"))
    // A quoted cell of two lines moves what follows it down.
    #expect(refusal(heading + "a,\"b\nb\",c,1\na,b,c,x\n") == .badLine(4, reason: "the score “x” is no finite number"))
    #expect(refusal(heading + "a,\"b\"x,c,1\n") == .notCSV("a quotation mark in the wrong place"))
    #expect(refusal(heading + "a,\"b,c,1\na,b,c,2\n") != nil)
  }

  @Test func filesThatAreNoTextAreRefused() throws {
    let folder = try TemporaryFolderForPanels()
    #expect(throws: PanelCSVError.unreadable(folder.path + "/none.csv")) {
      try PanelCSV.ratings(path: folder.path + "/none.csv")
    }
    for bytes in [Data([0xFF, 0xFE, 0x61, 0x00]), Data([0x61, 0xC3, 0x28]), Data([0x61, 0x00])] {
      let path = folder.path + "/bad.csv"
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: PanelCSVError.notCSV("bytes that are no text in UTF-8")) { try PanelCSV.ratings(path: path) }
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
}

private final class TemporaryFolderForPanels {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  @Test func scoresBeyondTheScaleAreRefused() throws {
    func table(_ score: String, _ scale: PanelScale? = nil) throws(PanelCSVError) -> [PanelRating] {
      try PanelCSV.ratings(text: "listener,system,stimulus,score\na,s,u,3\nb,s,u,\(score)\n", scale: scale)
    }
    for score in ["1e308", "-1e308", "1000001"] {
      #expect(
        throws: PanelCSVError.badLine(3, reason: "the score \(Double(score) ?? 0) lies outside -1000000 … 1000000")
      ) { try table(score) }
    }
    #expect(throws: PanelCSVError.badLine(3, reason: "the score 6.0 lies outside 1 … 5 of acr")) {
      try table("6", .acr)
    }
    #expect(throws: PanelCSVError.badLine(2, reason: "the score 3.0 lies outside 0 … 1 of ab")) { try table("1", .ab) }
    #expect(throws: PanelCSVError.badLine(2, reason: "the reaction 1e+308 lies outside -1000000 … 1000000")) {
      try PanelCSV.ratings(text: "listener,system,stimulus,score,reaction\na,s,u,3,1e308\n")
    }
    #expect(try table("1e6").count == 2 && table("-3", .ccr).count == 2 && table("100", .mushra).count == 2)
  }

  @Test func aPartnerIsRead() throws {
    let text = "listener,system,stimulus,score,against\na,s,u,0.5,t\nb,s,u,1,\n"
    #expect(try PanelCSV.ratings(text: text).map(\.against) == ["t", nil])
  }
}
