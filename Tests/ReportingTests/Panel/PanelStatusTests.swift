// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Reporting
import Testing

@Suite struct PanelStatusTests {
  private func progress(_ rehearsals: [String?], votes: ClosedRange<Int> = 0...1) -> PanelProgress {
    let listeners = rehearsals.enumerated().map { place, rehearsal in
      PanelProgress.Listener(
        code: "K\(place + 1)", slot: place + 1, answered: 4, trials: 4, sittings: 1,
        finish: place == 0 ? .complete : nil, known: 0, right: 0, sides: nil, rehearsal: rehearsal)
    }
    return PanelProgress(listeners: listeners, free: [], votes: votes, unit: "recording", planned: 2...2)
  }

  @Test func whoDidNotListenIsTold() {
    let lines = PanelStatus.render(progress(["script, no sound", nil])).split(separator: "\n")
    #expect(lines[1].hasSuffix("complete (script, no sound)"))
    #expect(lines[2].hasSuffix("not finished"))
  }

  @Test func votesAreARangeOrANumber() {
    #expect(PanelStatus.render(progress([nil])).hasSuffix("votes for each recording: 0 to 1 of 2\n"))
    #expect(PanelStatus.render(progress([], votes: 2...2)).hasSuffix("votes for each recording: 2 of 2\n"))
  }
}
