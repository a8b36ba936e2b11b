// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct PreferenceTests {
  @Test func theSpecificationsNumbers() {
    #expect(prints(Preference(wins: 60, of: 100).p, "0.056888"))
    #expect(prints(Preference(wins: 17, of: 24).p, "0.063915"))
    #expect(prints(Preference(wins: 60, of: 100).interval.lowerBound, "0.502003"))
    #expect(prints(Preference(wins: 60, of: 100).interval.upperBound, "0.690599"))
  }

  @Test func agreesWithScipy() {
    #expect(PanelCases.file.preferences.count == 9)
    for golden in PanelCases.file.preferences {
      let test = Preference(wins: golden.wins, of: golden.trials)
      #expect(agrees(test.p, golden.p, within: 1e-10), "\(golden)")
      #expect(near(test.interval.lowerBound, golden.low) && near(test.interval.upperBound, golden.high), "\(golden)")
    }
  }
}

@Suite struct BradleyTerryTests {
  @Test func theSpecificationsNumbers() throws {
    let fit = try BradleyTerry(wins: [[0, 7, 8], [3, 0, 6], [2, 4, 0]])
    #expect(prints(fit.abilities[0], "0.74057"))
    #expect(prints(fit.abilities[1], "-0.149102"))
    #expect(prints(fit.abilities[2], "-0.591468"))
  }

  @Test func agreesWithScipy() throws {
    #expect(PanelCases.file.bradleyTerry.count == 5)
    for golden in PanelCases.file.bradleyTerry {
      let fit = try BradleyTerry(wins: golden.wins)
      #expect(zip(fit.abilities, golden.abilities).allSatisfy { near($0, $1, 1e-9) }, "\(fit) \(golden)")
      #expect(zip(fit.errors, golden.errors).allSatisfy { near($0, $1, 1e-8) }, "\(fit) \(golden)")
    }
  }

  @Test func anUnbeatenGroupIsRefused() {
    #expect(throws: BradleyTerry.Failure.notStronglyConnected(unbeaten: [0])) {
      try BradleyTerry(wins: [[0, 5, 3], [0, 0, 2], [0, 1, 0]])
    }
    // 0 and 1 beat each other and both beat 2 and 3, which never win against them.
    #expect(throws: BradleyTerry.Failure.notStronglyConnected(unbeaten: [0, 1])) {
      try BradleyTerry(wins: [[0, 2, 1, 1], [1, 0, 3, 0], [0, 0, 0, 2], [0, 0, 2, 0]])
    }
    #expect(throws: BradleyTerry.Failure.self) { try BradleyTerry(wins: [[0, 0], [0, 0]]) }
    #expect(throws: BradleyTerry.Failure.tooFew) { try BradleyTerry(wins: [[0]]) }
  }
}
