// SPDX-License-Identifier: GPL-3.0-or-later
package import SpeechSignal

/// The samples of both sides at one rate.
public struct SynchronousPair: Sendable {
  /// The natural recording, full scale ±1; of a long one widened each time it is asked for.
  public var reference: [Double] { referenceSound.samples }
  /// What the system made, full scale ±1; of a long one widened each time it is asked for.
  public var synthesis: [Double] { synthesisSound.samples }
  /// The natural recording.
  package let referenceSound: Waveform
  /// What the system made.
  package let synthesisSound: Waveform
  /// Hz.
  public var sampleRate: Int { referenceSound.sampleRate }

  /// A pair from its parts.
  public init(reference: [Double], synthesis: [Double], sampleRate: Int) {
    self.init(
      reference: Waveform(samples: reference, sampleRate: sampleRate),
      synthesis: Waveform(samples: synthesis, sampleRate: sampleRate))
  }

  /// A pair from its parts, at one rate.
  package init(reference: Waveform, synthesis: Waveform) {
    precondition(reference.sampleRate == synthesis.sampleRate, "\(reference.sampleRate) and \(synthesis.sampleRate) Hz")
    referenceSound = reference
    synthesisSound = synthesis
  }

  /// Length of the shorter side, in seconds.
  public var seconds: Double {
    Double(min(referenceSound.count, synthesisSound.count)) / Double(sampleRate)
  }
}
