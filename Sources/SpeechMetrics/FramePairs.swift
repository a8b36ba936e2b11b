// SPDX-License-Identifier: GPL-3.0-or-later
package import SpeechSignal

// Which frame of the synthesis belongs to which of the reference.
//
// In step (classes `none` and `delay`), by time. The reference is analysed whole and once, whatever it is compared with, so
// its frames stand at 0, 5, 10 … ms of the file. The synthesis is brought onto that grid before it is analysed:
//   - it is late by d samples: its first d are dropped, and frame i belongs to frame i;
//   - it is early by d samples: let k be the fewest frames that d fits into; k frames less d samples are dropped, and
//     frame i of the reference belongs to frame i − k. Where k frames are no whole number of samples (22 050 Hz), this is
//     half a sample off at most.
// So nothing is interpolated, and with no shift both are analysed as they are. Neither is cut at its end: a frame that
// only one of them has is left out. Frames count that lie in the reference's speech extent, time for time: silence at the
// ends would move MCD by up to 1 dB and make voicing look easy.
//
// Free-running (class `warp`), by the path of dynamic time warping on mel-cepstra, c₀ left out, from corner to corner of the
// two speech extents (``PairWarp``). A frame may have several partners.

/// The frames of two recordings that are compared.
package struct FramePairs {
  /// The natural recording.
  package let reference: VocoderAnalysis
  /// What the system made.
  package let synthesis: VocoderAnalysis
  /// Frame of the reference, frame of the synthesis; neither ever falls, and neither leaves one out.
  package let steps: [DynamicTimeWarping.Step]
  private let sideBySide: SideBySide

  /// Fewer frames than these, 50 ms, are no speech.
  package static let minimum = 10
  /// The shortest recording, seconds: it has eleven frames.
  static let minimumSeconds = 0.05

  /// F0 of all frames of both sides, Hz, 0 where unvoiced.
  /// - Throws: `tooShortForF0`.
  package func f0(by method: F0Method) throws(UndefinedReason) -> (reference: [Double], synthesis: [Double]) {
    func contour(_ frames: VocoderAnalysis, _ side: Side) throws(UndefinedReason) -> [Double] {
      do throws(AnalysisError) { return try frames.f0(by: method) } catch { throw .tooShortForF0(side) }
    }
    sideBySide({ _ = try? reference.f0(by: method) }, { _ = try? synthesis.f0(by: method) })
    return (try contour(reference, .reference), try contour(synthesis, .synthesis))
  }

  /// Mel-cepstra of all frames of both sides, as ``VocoderAnalysis`` has them.
  var melCepstra: (reference: [Double], synthesis: [Double]) {
    sideBySide({ _ = reference.melCepstra }, { _ = synthesis.melCepstra })
    // Both contours first: no cepstra, of an hour 144 MB a side, are held while the other side's F0 is sought.
    _ = (reference.track, synthesis.track)
    return (reference.melCepstra, synthesis.melCepstra)
  }

  /// The reference's frames that have a partner.
  package var referenceFrames: Range<Int> { Self.range(steps.first?.first, steps.last?.first) }
  /// The synthesis' frames that have a partner.
  package var synthesisFrames: Range<Int> { Self.range(steps.first?.second, steps.last?.second) }

  private static func range(_ first: Int?, _ last: Int?) -> Range<Int> {
    first.flatMap { first in last.map { first..<$0 + 1 } } ?? 0..<0
  }

  /// How far the synthesis' frames are from the reference's.
  package struct Placement: Equatable {
    /// Samples of the synthesis to leave out at its start.
    package let dropped: Int
    /// The partner of the reference's frame i is frame i − `offset`.
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

  /// Pairs frames by time.
  /// - Parameters:
  ///   - extent: the reference's frames that count.
  ///   - offset: of the synthesis' grid, from ``Placement``.
  /// - Throws: `tooFewFrames`.
  init(
    reference: VocoderAnalysis, synthesis: VocoderAnalysis, extent: Range<Int>, offset: Int, sideBySide: SideBySide
  ) throws(UndefinedReason) {
    let first = max(extent.lowerBound, offset)
    let end = min(extent.upperBound, reference.frameCount, synthesis.frameCount + offset)
    guard end - first >= Self.minimum else { throw .tooFewFrames(max(0, end - first), minimum: Self.minimum) }
    self.reference = reference
    self.synthesis = synthesis
    self.sideBySide = sideBySide
    steps = (first..<end).map { DynamicTimeWarping.Step(first: $0, second: $0 - offset) }
  }

  /// Pairs frames along a path.
  init(
    reference: VocoderAnalysis, synthesis: VocoderAnalysis, steps: [DynamicTimeWarping.Step], sideBySide: SideBySide
  ) {
    self.reference = reference
    self.synthesis = synthesis
    self.sideBySide = sideBySide
    self.steps = steps
  }
}

extension VocoderAnalysis {
  /// The frames that stand in a stretch of samples.
  static func frames(in samples: Range<Int>, sampleRate: Int) -> Range<Int> {
    // The first frame at or after a sample.
    func frame(at sample: Int) -> Int { (sample * framesPerSecond + sampleRate - 1) / sampleRate }
    return frame(at: samples.lowerBound)..<frame(at: samples.upperBound)
  }
}
