// SPDX-License-Identifier: GPL-3.0-or-later

extension PanelDesign {
  /// A working design over the project's own recordings, which says what can be said.
  /// - Parameter folder: `reference_audio`, as seen from where the design will be.
  public static func example(folder: String = "reference_audio") -> String {
    """
    # A listening panel. ttseval panel plan FILE checks it and freezes it.
    method: acr                     # acr, ab, dcr, ccr, mushra
    language: en                    # en, de, zh; or a file like theirs: fr.yaml
    scale: naturalness              # naturalness, quality, p85-…; or {question: …, steps: [{5: Excellent}, …]}
    # question: How natural did the speech sound?

    systems:                        # names and folders, the best first: practice spans the range
      natural: \(folder)/reference
      opus-16k: \(folder)/systems/opus-16k
      codec2: \(folder)/systems/codec2
      noise-10db: \(folder)/systems/noise-10db
    # reference: natural            # for dcr, ccr and mushra
    # anchors: [3500, 7000]         # for mushra: the reference without what lies above so many Hz
    # pairs: [[opus-16k, codec2]]   # for ab; all, if none are named

    utterances: [en-librivox-0870, en-librivox-0880, en-librivox-0890, en-librivox-0920, en-librivox-0930,
      en-cards-002, en-cards-005, en-goforward]        # all that every system has, if left out
    training:                       # never analysed; 0 for none
      items: 4
      utterances: [en-allison-status, en-allison-dir-instr]

    listeners: 12
    votes: 3                        # wanted for each recording; the planner says how many listeners that takes
    order: latin-square             # latin-square: each sentence once; williams, random: everything
    repeats: 1                      # trials that come twice, to see who agrees with themselves
    gold:                           # recordings whose answer is known
      - {system: natural, utterance: en-alsa-front-center, at-least: 3}
    # catch: [{file: press-two.wav, expect: 2}]
    replays: 2                      # after the first time
    break-minutes: 15
    level: active-level             # −26 dB by ITU-T P.56; bs1770: −23 LUFS; or as-is
    # spread: {listeners: 0.3, sentences: 0.3, vote: 0.7}   # standard deviations assumed to say what the panel can find
    # rate: 48000                   # Hz of the device; if left out, that of the recordings, 44100 at least
    seed: 1
    """ + "\n"
  }
}
