// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
public import SpeechSignal

// Spectrograms of a pair on one grid, and what they are apart.
//
// Short-time power |X|² of frames of 25 ms under a periodic Hann window, every 5 ms or a little more often, the ends mirrored so that column 0 is about
// time 0; from 0 Hz to 8 kHz, or to half the rate where that is less. Frames and bins are brought to the picture's size by the mean of
// the powers that fall on a pixel, where they are more than it has. Levels in dB below the loudest pixel of the pair, −80…0: both
// pictures have one scale, and a difference in level shows. The difference is synthesis − reference in dB between levels that are
// both at least −80, −30…30: silence has no noise of differences. Whoever wants it to mean something hands in signals in step.

/// Both spectrograms of a pair and their difference, as PNGs of one size.
public struct SpectrogramPictures: Sendable, Equatable {
  /// The natural recording.
  public let reference: PNGImage
  /// What the system made.
  public let synthesis: PNGImage
  /// Synthesis less reference: blue where it lacks power, orange where it has too much.
  public let difference: PNGImage
  /// What the pictures' width stands for, seconds.
  public let seconds: Double
  /// What their height stands for, Hz.
  public let hertz: Double

  /// dB below the loudest pixel that are shown.
  static let range = 80.0
  /// dB of difference that are shown to either side.
  static let greatestDifference = 30.0

  /// The pictures of a pair in step.
  /// - Parameters:
  ///   - reference: shape `[n]`, at least 25 ms.
  ///   - synthesis: at the same rate; of another length, the shorter one is followed by silence.
  ///   - width: the greatest width, pixels: 640 by 128 are some 50 kB a picture.
  ///   - height: the greatest height, pixels.
  /// - Throws: for signals of two rates, or shorter than a frame.
  public init(reference: Waveform, synthesis: Waveform, width: Int = 640, height: Int = 128) throws(PictureError) {
    let levels = try SpectrogramLevels(reference: reference, synthesis: synthesis, width: width, height: height)
    func picture(_ levels: [Double], _ grid: Grid) throws(PictureError) -> PNGImage {
      try Self.picture(levels.map { 1 + $0 / Self.range }, grid.width, ColourTable.level)
    }
    self.reference = try picture(levels.reference, levels.grid)
    self.synthesis = try picture(levels.synthesis, levels.grid)
    difference = try Self.picture(
      levels.difference.map { 0.5 + $0 / (2 * Self.greatestDifference) }, levels.grid.width, ColourTable.difference)
    seconds = Double(levels.grid.samples) / Double(reference.sampleRate)
    hertz = levels.grid.hertz
  }

  /// - Parameter shades: 0…1; what lies beyond is cut.
  private static func picture(_ shades: [Double], _ width: Int, _ palette: [UInt8]) throws(PictureError) -> PNGImage {
    let top = Double(ColourTable.count - 1)
    return try PNGImage(
      width: width, pixels: shades.map { UInt8(min(top, max(0, ($0 * top).rounded()))) }, palette: palette)
  }
}

/// What the pictures show, in dB: row by row from the top, shape `[height · width]`.
package struct SpectrogramLevels {
  /// −80…0.
  package let reference: [Double]
  /// −80…0.
  package let synthesis: [Double]
  /// Pixels.
  package var width: Int { grid.width }
  /// Pixels.
  package var height: Int { grid.height }
  let grid: Grid

  /// Synthesis less reference.
  package var difference: [Double] { zip(reference, synthesis).map { $1 - $0 } }

  package init(reference: Waveform, synthesis: Waveform, width: Int, height: Int) throws(PictureError) {
    let fs = reference.sampleRate
    guard fs == synthesis.sampleRate else {
      throw PictureError(reason: "\(fs) and \(synthesis.sampleRate) Hz, no common grid")
    }
    let samples = max(reference.count, synthesis.count)
    grid = Grid(fs: fs, samples: samples, width: max(1, width), height: max(1, height))
    guard samples > grid.fftLength else { throw PictureError(reason: "too short for a spectrogram") }
    let (ref, syn) = (grid.power(reference.samples), grid.power(synthesis.samples))
    let loudest = max(ref.max() ?? 0, syn.max() ?? 0)
    func levels(_ power: [Double]) -> [Double] {
      power.map { power in
        power > 0 && loudest > 0
          ? max(-SpectrogramPictures.range, 10 * log10(power / loudest)) : -SpectrogramPictures.range
      }
    }
    self.reference = levels(ref)
    self.synthesis = levels(syn)
  }
}

/// Which frames and bins fall on which pixel.
struct Grid {
  let fftLength: Int
  let windowLength: Int
  let hop: Int
  let frames: Int
  let bins: Int
  let width: Int
  let height: Int
  /// At the upper edge.
  let hertz: Double
  let samples: Int

  init(fs: Int, samples: Int, width: Int, height: Int) {
    self.samples = samples
    windowLength = max(2, Int((0.025 * Double(fs)).rounded()))
    fftLength = 1 << Int(log2(Double(windowLength)).rounded(.up))
    // At most 5 ms, and as many frames in each column as in the others: otherwise columns of two look smoother than those of one.
    let longest = max(1, Int((0.005 * Double(fs)).rounded()))
    let perColumn = max(1, (1 + samples / longest + width - 1) / width)
    hop = samples / longest < width ? longest : max(1, samples / (width * perColumn))
    frames = samples / longest < width ? 1 + samples / longest : width * perColumn
    hertz = min(8000, Double(fs) / 2)
    bins = max(1, Int(hertz / Double(fs) * Double(fftLength)))
    self.width = min(width, frames)
    self.height = min(height, bins)
  }

  /// Mean powers by pixel, row by row from the top, shape `[height · width]`.
  func power(_ signal: [Double]) -> [Double] {
    let padded = ShortTimePower.reflected(
      signal + [Double](repeating: 0, count: samples - signal.count), by: fftLength / 2)
    var transform = ShortTimePower(fftLength: fftLength, window: Window.hann(windowLength), hop: hop)
    let frames = min(frames, transform.frameCount(padded.count))
    var sums = [Double](repeating: 0, count: width * height)
    var counts = [Double](repeating: 0, count: width * height)
    var spectrum = [Double](repeating: 0, count: bins)
    for frame in 0..<frames {
      var bins = spectrum.mutableSpan
      transform.power(of: padded.span, frame: frame, into: &bins)
      let column = frame * width / self.frames
      for bin in spectrum.indices {
        let pixel = (height - 1 - bin * height / spectrum.count) * width + column
        sums[pixel] += spectrum[bin]
        counts[pixel] += 1
      }
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }
}
