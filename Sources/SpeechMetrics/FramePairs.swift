// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

// Which frame of the synthesis belongs to which of the reference, when the two run in step.
//
// The reference is analysed whole and once, whatever it is compared with, so its frames stand at 0, 5, 10 … ms of the
// file. The synthesis is brought onto that grid before it is analysed:
//   - it is late by d samples: its first d are dropped, and frame i belongs to frame i;
//   - it is early by d samples: let k be the fewest frames that d fits into; k frames less d samples are dropped, and
//     frame i of the reference belongs to frame i − k. Where k frames are no whole number of samples (22 050 Hz), this is
//     half a sample off at most.
// So nothing is interpolated, and with no shift both are analysed as they are. Neither is cut at its end: a frame that
// only one of them has is left out.
//
// Frames count that lie in the reference's speech extent, time for time: silence at the ends would move MCD by up to
// 1 dB and make voicing look easy.

/// The frames of two recordings that are compared one by one.
package struct FramePairs {
  /// The natural recording.
  package let reference: VocoderAnalysis
  /// What the system made, on the reference's grid.
  package let synthesis: VocoderAnalysis
  /// Frames of the reference that have a partner.
  package let frames: Range<Int>
  /// The partner of frame i is frame i − `offset`.
  package let offset: Int

  /// Fewer frames than these, 50 ms, are no speech.
  package static let minimum = 10
  /// The shortest recording, seconds: it has eleven frames.
  static let minimumSeconds = 0.05
  /// The share of the recordings that counts, in signature form.
  static let recipe = ["silence:trim40"]

  /// How far the synthesis' frames are from the reference's.
  package struct Placement: Equatable {
    /// Samples of the synthesis to leave out at its start.
    package let dropped: Int
    /// As in ``FramePairs/offset``.
    package let offset: Int

    /// - Parameters:
    ///   - shift: samples by which the synthesis is late; negative when it is early.
    ///   - sampleRate: Hz.
    package init(shift: Int, sampleRate: Int) {
      guard shift < 0 else {
        (dropped, offset) = (shift, 0)
        return
      }
      let perSecond = VocoderAnalysis.framesPerSecond
      offset = (-shift * perSecond + sampleRate - 1) / sampleRate
      dropped = (2 * offset * sampleRate + perSecond) / (2 * perSecond) + shift
    }
  }

  /// Pairs the frames of two recordings.
  /// - Parameters:
  ///   - extent: the reference's, in whose samples the frames must stand.
  ///   - offset: of the synthesis' grid, from ``Placement``.
  /// - Throws: `tooFewFrames`.
  init(
    reference: VocoderAnalysis, synthesis: VocoderAnalysis, extent: SpeechExtent, offset: Int
  ) throws(UndefinedReason) {
    let perSecond = VocoderAnalysis.framesPerSecond
    // The first frame at or after a sample.
    func frame(at sample: Int) -> Int { (sample * perSecond + extent.sampleRate - 1) / extent.sampleRate }
    let first = max(frame(at: extent.samples.lowerBound), offset)
    let end = min(
      frame(at: extent.samples.upperBound), reference.track.f0.count, synthesis.track.f0.count + offset)
    guard end - first >= Self.minimum else { throw .tooFewFrames(max(0, end - first), minimum: Self.minimum) }
    self.reference = reference
    self.synthesis = synthesis
    self.offset = offset
    frames = first..<end
  }
}
