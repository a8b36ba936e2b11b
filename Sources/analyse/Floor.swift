// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import SpeechSignal

// The floor under the time of a stage: the bare Fourier transforms that its algorithm can't do without, by FFTW with the plans
// that we use, on buffers that are in the cache.
//
//   analyse floor RATE   on 8 s of a synthetic voice, as a Markdown table
//
// Harvest: the blocks of its filter bank, two bands to a complex transform. CheapTrick: three transforms of real sequences a
// frame, two frames to a complex one. PESQ: the spectra of both sides' frames; ours are of an FFT of our own in single
// precision, which fixes the bits. STOI: the spectra of both sides' frames of speech. sp2mc, DTW and ESTOI transform nothing.

private enum Transform {
  case real(Int), complex(Int)

  /// CPU seconds of one, the least of several hundreds together.
  var seconds: Double {
    func least(_ run: () -> Void) -> Double {
      let count = 400
      return (0..<15).map { _ in
        let start = clock()
        for _ in 0..<count { run() }
        return Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(count)
      }.min() ?? 0
    }
    switch self {
    case .real(let length):
      var fft = RealFFT(length: length)
      return least { fft.forwardInPlace() }
    case .complex(let length):
      var fft = ComplexFFT(length: length)
      return least { fft.inverse() }
    }
  }
}

private func transforms(_ stage: Stage, _ pair: Stage.Pair) -> [(Transform, Int)] {
  let rate = pair.sampleRate
  switch stage {
  case .harvest:
    return pair.sides.flatMap { side in
      Harvest(sampleRate: rate).transforms(samples: side.count).flatMap {
        [(Transform.real($0.length), $0.real), (.complex($0.length), $0.complex)]
      }
    }
  case .cheaptrick:
    let frames = pair.sides.map { $0.count * 200 / rate + 1 }
    return [(.complex(CheapTrick(sampleRate: rate).fftLength), 3 * frames.reduce(0) { $0 + ($1 + 1) / 2 })]
  case .pesq:
    return [(.real(512), pair.wide.reduce(0) { $0 + $1.count / 256 })]
  case .stoi:
    let cut = SynchronousPair(reference: pair.sides[0], synthesis: pair.sides[1], sampleRate: rate)
    let frames = (try? ThirdOctaveEnvelopes(cut))?.reference.count ?? 0
    return [(.real(512), 2 * frames)]
  case .sp2mc, .dtw, .estoi: return []
  }
}

/// Per stage the time of its transforms, our time, both in ms of CPU per second of the reference, and their ratio.
func floors(_ rate: Int) throws -> String {
  let seconds = 8
  let pair = Stage.Pair.synthetic(sampleRate: rate, seconds: seconds)
  var lines = ["| stage | transforms | ours | times |", "|---|---|---|---|"]
  for stage in Stage.allCases {
    let floor = transforms(stage, pair).reduce(0) { $0 + $1.0.seconds * Double($1.1) } * 1000 / Double(seconds)
    let run = try stage.prepared(pair)
    let own = try timed(run).1 * 1000 / Double(seconds)
    lines.append(
      floor > 0
        ? String(format: "| %@ | %.3f | %.3f | %.1f |", stage.rawValue, floor, own, own / floor)
        : String(format: "| %@ | – | %.3f | – |", stage.rawValue, own))
  }
  return lines.joined(separator: "\n")
}
