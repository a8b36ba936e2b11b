// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Testing

extension PanelCSVTests {
  @Test func columnsThatAreNotUsedAreToldOf() throws {
    func notes(_ heading: String, _ columns: PanelColumns = .usual) throws -> [String] {
      let cells = heading.split(separator: ",", omittingEmptySubsequences: false)
      let row = cells.map { ["listener": "a", "score": "4"][$0] ?? "s" }.joined(separator: ",")
      return try PanelCSV.panel(text: "\(heading)\n\(row)\n", columns: columns).notes
    }
    #expect(try notes("listener,system,stimulus,score,utterance,session") == [])
    #expect(
      try notes("listener,system,stimulus,score,uterance,Session,age,")
        == [
          "columns that are not used: “uterance” (did you mean “utterance”?), “Session” (did you mean “session”?), “age”"
        ])
    #expect(
      try notes(
        "listener,system,clip,score,stimulus",
        try PanelColumns("listener=listener,system=system,stimulus=clip,score=score"))
        == ["columns that are not used: “stimulus”"])
  }

  @Test func rolesAreOfMUSHRAAlone() throws {
    let text = "listener,system,stimulus,score,role\na,ref,u,4,\na,low,u,2,\na,s,u,3,\n"
    func reason(_ text: String, _ setup: PanelSetup) -> String? {
      do throws(PanelCSVError) {
        _ = try PanelCSV.panel(text: text, setup: setup)
        return nil
      } catch { return error.description }
    }
    let rule = "a hidden reference and anchors are of MUSHRA alone, and"
    #expect(reason(text, PanelSetup(reference: "ref")) == "\(rule) --scale mushra is not said")
    #expect(reason(text, PanelSetup(scale: .acr, anchors: ["low"])) == "\(rule) this is acr")
    let own = text.replacing("a,low,u,2,", with: "a,low,u,2,anchor")
    #expect(reason(own, PanelSetup()) == "line 3, column “role”: \(rule) --scale mushra is not said")
    #expect(reason(own, PanelSetup(scale: .dcr)) == "line 3, column “role”: \(rule) this is dcr")
    #expect(reason(own, PanelSetup(scale: .mushra, reference: "ref")) == nil)
    #expect(
      reason(text, PanelSetup(scale: .mushra, anchors: ["nobody"]))
        == "nobody rated “nobody”, which is said to be the anchor")
    #expect(
      reason(text, PanelSetup(scale: .mushra, reference: "ref", anchors: ["low", "ref"]))
        == "“ref” cannot be the reference and an anchor")
  }

  @Test func namesThatSteerATerminalAreRefused() {
    let heading = "listener,system,stimulus,score,against,session\n"
    let good = ["a", "s", "u", "1", "t", "may"]
    for (place, column) in [(0, "listener"), (1, "system"), (2, "stimulus"), (4, "against"), (5, "session")] {
      for (name, code) in [("\u{1B}[31mred", "1B"), ("a\u{7}", "7"), ("x\u{9B}1m", "9B"), ("\u{7F}", "7F")] {
        var cells = good
        cells[place] = name
        #expect(
          refusal(heading + cells.joined(separator: ",") + "\n", nil, .ab)
            == .badLine(2, column: column, reason: "it holds the control character U+\(code)"))
      }
    }
    // Writing from right to left is no control.
    #expect(refusal(heading + "שלום,s,u,1,t,may\n", nil, .ab) == nil)
  }

  @Test func oneRatingTwiceIsRefusedOrToldOf() throws {
    let heading = "listener,system,stimulus,score,order,kind\n"
    #expect(
      refusal(heading + "a,s,u,4,1,\na,s,v,4,2,\na,s,u,4,1,\n", nil)
        == .badLine(
          4, column: "order", reason: "line 2 has the same listener, clip and place in the order: one rating twice"))
    // Without an order it may be another rating; it is told of.
    let plain = try PanelCSV.panel(text: heading + "a,s,u,4,,\nb,s,u,4,,\na,s,u,3,,\na,s,u,4,,\n")
    #expect(plain.ratings.count == 4)
    #expect(
      plain.notes == ["the same listener and clip again, counted as another rating: lines 4 (as 2), 5 (as 2)"])
    #expect(try PanelCSV.panel(text: heading + "a,s,u,4,1,\na,s,u,4,2,repeat\na,s,u,4,3,\n").notes.isEmpty)
    let many = (0..<9).map { _ in "a,s,u,4,,\n" }.joined()
    #expect(try PanelCSV.panel(text: heading + many).notes[0].hasSuffix("6 (as 2), 7 (as 2) and 3 more"))
  }

  @Test func answersAndRolesAreRead() throws {
    let text = """
      listener,system,stimulus,score,kind,right,scale,role
      a,ref,u,100,,,mushra,reference
      a,low,u,20,,,mushra,anchor
      a,s,u,80,,,,
      a,,g,80,gold,true,,
      a,,h,80,catch,false,,

      """
    let panel = try PanelCSV.panel(text: text)
    #expect(panel.setup == PanelSetup(scale: .mushra, reference: "ref", anchors: ["low"]))
    #expect(panel.ratings.map(\.isRight) == [nil, nil, nil, true, false] && panel.ratings[3].system.isEmpty)
    #expect(
      refusal(text.replacing("true", with: "yes"), nil)
        == .badLine(5, column: "right", reason: "“yes” is none of true, false"))
    #expect(
      refusal(text.replacing("anchor", with: "reference"), nil)
        == .badLine(3, column: "role", reason: "another system is the reference, or this one is something else"))
    #expect(refusal(text.replacing("gold", with: ""), nil) == .badLine(5, column: "system", reason: "it is empty"))
    #expect(refusal(text, nil, .mushra, reference: "low")?.description.hasPrefix("line 2, column “role”") == true)
    #expect(
      refusal(text.replacing(",reference\n", with: ",\n"), nil, .mushra, reference: "nobody")
        == .badPanel("nobody rated “nobody”, which is said to be the reference"))
  }
}
