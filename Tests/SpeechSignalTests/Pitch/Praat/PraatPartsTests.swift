// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct PraatPartsTests {
  /// Boersma's sum, term by term.
  private func between(_ r: (Int) -> Double, _ place: Double, depth: Int) -> Double {
    let lag = Int(place)
    let phase = place - Double(lag)
    func weight(_ distance: Double, _ phase: Double) -> Double {
      let angle = Double.pi * distance
      return sin(angle) / angle * (0.5 + 0.5 * cos(angle / (phase + Double(depth))))
    }
    return (0..<depth).reduce(0) { sum, n in
      sum + r(lag - n) * weight(phase + Double(n), phase)
        + r(lag + 1 + n) * weight(1 - phase + Double(n), 1 - phase)
    }
  }

  /// Noise, so that all frequencies are there; within reach of the last lag the sum is shorter.
  @Test func interpolationIsBoersmasSum() throws {
    let depth = 9
    let noise = SignalGenerator.noise(60, seed: 5)
    let interpolator = LagInterpolator(depth: depth, lastLag: 40, longest: 38)
    noise.withUnsafeBufferPointer { noise in
      for lag in [0, 3, 20, 30, 31, 32, 35, 38] {
        let polynomial = interpolator.polynomial(noise.baseAddress! + 10, from: lag)
        for phase in [0.001, 0.2, 0.5, 0.83, 0.999] {
          let sum = between({ noise[10 + $0] }, Double(lag) + phase, depth: min(depth, 40 - lag))
          #expect(abs(polynomial.value(phase) - sum) < 1e-13, "\(lag) + \(phase)")
        }
        #expect(abs(polynomial.value(0) - noise[10 + lag]) < 1e-13)
        #expect(abs(polynomial.value(1) - noise[11 + lag]) < 1e-13)
      }
    }
  }

  /// At a maximum of a sum of cosines, before or after the nearest lag.
  @Test(arguments: [39.51, 39.6, 39.99, 40, 40.002, 40.45])
  func maximumIsWhereItIs(place: Double) throws {
    let r = (-70...200).map { lag in
      0.7 * cos(0.15 * (Double(lag) - place)) + 0.3 * cos(0.7 * (Double(lag) - place))
    }
    let interpolator = LagInterpolator(depth: 70, lastLag: 200, longest: 130)
    r.withUnsafeBufferPointer { r in
      let (lag, height) = interpolator.maximum(r.baseAddress! + 70, at: 40)
      #expect(abs(lag - place) < 1e-3 && abs(height - 1) < 1e-3, "\(lag) \(height)")
      for other in [lag - 1e-3, lag + 1e-3] { #expect(between({ r[70 + $0] }, other, depth: 70) < height) }
    }
  }

  @Test func brentFindsMaxima() {
    func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-7 }
    let tests: [(place: Double, function: (Double) -> Double)] = [
      (0.3, { 1 - ($0 - 0.3) * ($0 - 0.3) }), (-0.7, { exp(-abs($0 + 0.7)) }), (0.9, { cos(3 * ($0 - 0.9)) }),
      (-1, { -$0 }), (1, { $0 }),
    ]
    for test in tests {
      var calls = 0
      let found = BrentMaximum.find(from: -1, to: 1, tolerance: 1e-10) {
        calls += 1
        return test.function($0)
      }
      #expect(near(found.place, test.place) && near(found.height, test.function(test.place)), "\(test.place)")
      #expect(calls < 60)
    }
    _ = BrentMaximum.find(from: -1, to: 1, tolerance: 1e-10) { _ in .nan }
  }

  /// All paths through a few small frames, one after the other.
  @Test func pathIsTheBestOfAll() {
    let random = SignalGenerator.noise(4000, seed: 8).map { 0.5 + 0.5 * $0 }
    var next = 0
    func draw() -> Double {
      next += 1
      return random[next - 1]
    }
    var voiced = 0
    for _ in 0..<40 {
      let frames = (0..<5).map { _ in
        (
          unvoiced: 0.3 + 0.6 * draw(),
          voiced: (0..<Int(3 * draw())).map { _ in PraatCandidate(frequency: 80 + 400 * draw(), strength: draw()) }
        )
      }
      let (jump, voicing) = (0.8 * draw(), 0.4 * draw())
      var path = PraatPath(octaveJumpCost: jump, voicingCost: voicing)
      var all: [(f0: [Double], total: Double)] = [([], 0)]
      for frame in frames {
        path.append(unvoiced: frame.unvoiced, voiced: frame.voiced)
        all = all.flatMap { head in
          ([PraatCandidate(frequency: 0, strength: frame.unvoiced)] + frame.voiced).map { candidate in
            var cost = 0.0
            if let last = head.f0.last, (last > 0) != (candidate.frequency > 0) { cost = voicing }
            if let last = head.f0.last, last > 0, candidate.frequency > 0 {
              cost = jump * abs(log2(last / candidate.frequency))
            }
            return (head.f0 + [candidate.frequency], head.total + candidate.strength - cost)
          }
        }
      }
      let best = all.max { $0.total < $1.total }
      #expect(path.contour() == best?.f0)
      voiced += path.contour().count { $0 > 0 }
    }
    #expect(voiced > 20 && voiced < 180)
    #expect(PraatPath(octaveJumpCost: 1, voicingCost: 1).contour().isEmpty)
  }
}
