// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

import Degradations

/// A stand-in for speech: a sum of partials that swells and fades, `seconds` long, well inside 16 bits.
private func voice(seconds: Double, sampleRate: Int) -> [Int16] {
  (0..<Int(seconds * Double(sampleRate))).map { index in
    let time = Double(index) / Double(sampleRate)
    let swell = 0.5 - 0.5 * cos(2 * .pi * 3 * time)
    let partials = (1...8).reduce(0.0) { $0 + sin(2 * .pi * 120 * Double($1) * time) / Double($1) }
    return Int16(4000 * swell * partials)
  }
}

private let sharedClip = voice(seconds: 1, sampleRate: 16_000)

private func energy(_ samples: [Int]) -> Double {
  samples.reduce(0) { $0 + Double($1) * Double($1) }
}

/// Sixteen bits per sample, least significant byte first, hashed: a short name for exact content.
private func digest(_ samples: [Int16]) -> UInt64 {
  samples.reduce(0xCBF2_9CE4_8422_2325) { hash, sample in
    [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)].reduce(hash) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
  }
}

@Suite("The degradations do what their names say")
struct DegradationTests {
  let rate = 16_000
  let clip = sharedClip
  let seed = Degradation.seed(clip: "en-test-0001")

  @Test("names are the folders' names, each once")
  func names() {
    let names = [
      "noise-20db", "noise-10db", "noise-0db", "clipping", "packet-loss", "delay-37ms", "gain-12db",
    ]
    #expect(Degradation.all.map(\.name) == names)
  }

  @Test(
    "noise has the ratio asked for within 0.1 dB",
    arguments: [(Degradation.noise20dB, 20.0), (.noise10dB, 10), (.noise0dB, 0)])
  func noiseRatio(degradation: Degradation, decibels: Double) {
    let noisy = degradation.apply(to: clip, sampleRate: rate, seed: seed)
    #expect(noisy.count == clip.count)
    let added = zip(noisy, clip).map { Int($0) - Int($1) }
    let ratio = 10 * log10(energy(clip.map(Int.init)) / energy(added))
    #expect(abs(ratio - decibels) < 0.1)
  }

  @Test("the three noises are one noise at three strengths")
  func noiseShared() {
    let strong = Degradation.noise0dB.apply(to: clip, sampleRate: rate, seed: seed)
    let middle = Degradation.noise20dB.apply(to: clip, sampleRate: rate, seed: seed)
    // Half a step of rounding in the strong one, ten times half a step in the middle one.
    #expect(
      clip.indices.allSatisfy { index in
        let tenfold = 10 * (Int(middle[index]) - Int(clip[index]))
        return abs(tenfold - (Int(strong[index]) - Int(clip[index]))) <= 5
      })
  }

  @Test("noise on a loud clip is held at the 16-bit limits")
  func noiseHeld() {
    let square = (0..<4000).map { Int16($0 % 20 < 10 ? 32_767 : -32_768) }
    let noisy = Damage.noise(square, powerRatio: 1, seed: 1)
    #expect(noisy.max() == 32_767)
    #expect(noisy.min() == -32_768)
  }

  @Test("clipping limits to a quarter of the peak and leaves the rest alone")
  func clipping() {
    let clipped = Degradation.clipping.apply(to: [0, 100, -250, 251, 1000, -900, -32], sampleRate: rate, seed: 0)
    #expect(clipped == [0, 100, -250, 250, 250, -250, -32])
    #expect(Damage.clipping([.min, .max], peakDivisor: 4) == [-8192, 8192])
    #expect(Damage.clipping([.min, .max], peakDivisor: 1) == [.min, .max])
  }

  @Test(
    "packet loss silences exactly one frame in ten and touches no other", arguments: [8000, 16_000, 22_050, 48_000])
  func lossShare(rate: Int) {
    let loud = [Int16](repeating: 1000, count: rate + 7)
    let lossy = Degradation.packetLoss.apply(to: loud, sampleRate: rate, seed: seed)
    let frame = rate / 50
    let frames = stride(from: 0, to: loud.count, by: frame).map {
      Set(lossy[$0..<min($0 + frame, loud.count)])
    }
    #expect(lossy.count == loud.count)
    #expect(frames.allSatisfy { $0 == [0] || $0 == [1000] })
    #expect(frames.count { $0 == [0] } == (frames.count + 5) / 10)
  }

  @Test("packet loss at the ends of its range")
  func lossExtremes() {
    #expect(Damage.packetLoss(clip, percent: 0, sampleRate: rate, seed: 5) == clip)
    #expect(Damage.packetLoss(clip, percent: 100, sampleRate: rate, seed: 5).allSatisfy { $0 == 0 })
  }

  @Test(
    "the delay is 37 ms to the nearest sample, the clip follows whole",
    arguments: [(8000, 296), (16_000, 592), (22_050, 816), (48_000, 1776)])
  func delay(rate: Int, expected: Int) {
    let late = Degradation.delay37ms.apply(to: clip, sampleRate: rate, seed: seed)
    #expect(late.prefix(expected).allSatisfy { $0 == 0 })
    #expect(Array(late.dropFirst(expected)) == clip)
  }

  @Test("the gain is −12 dB, rounded to the nearest")
  func gain() {
    let soft = Degradation.gain12dB.apply(to: [0, 1, 2, -2, 1000, -1000, .max, .min], sampleRate: rate, seed: 0)
    #expect(soft == [0, 0, 1, -1, 251, -251, 8231, -8231])
    let change = 20 * log10(0.251188643150958)
    #expect(abs(change + 12) < 1e-12)
  }

  @Test("every clip has noise and losses of its own, the same ones each time")
  func determinism() {
    for degradation in Degradation.all {
      let once = degradation.apply(to: clip, sampleRate: rate, seed: seed)
      #expect(once == degradation.apply(to: clip, sampleRate: rate, seed: seed))
    }
    let other = Degradation.seed(clip: "en-test-0002")
    for degradation in [Degradation.noise10dB, .packetLoss] {
      let mine = degradation.apply(to: clip, sampleRate: rate, seed: seed)
      #expect(mine != degradation.apply(to: clip, sampleRate: rate, seed: other))
    }
  }

  // The input is made of whole numbers only and the hashes agree with a second implementation in another language.
  // A change of any of them means that every file made before differs from every file made after.
  @Test(
    "the bits are pinned",
    arguments: [
      (Degradation.noise20dB, 8_465_802_386_165_244_384), (.noise10dB, 3_923_052_660_969_758_815),
      (.noise0dB, 6_349_140_746_389_964_538), (.clipping, 16_472_394_313_901_181_901),
      (.packetLoss, 8_101_659_861_620_734_305), (.delay37ms, 13_343_641_752_315_547_277),
      (.gain12dB, 8_076_210_675_698_942_933),
    ] as [(Degradation, UInt64)])
  func pinned(degradation: Degradation, expected: UInt64) {
    let ramp = (0..<8000).map { Int16(truncatingIfNeeded: ($0 * $0 * 7 + $0 * 13) % 20_001 - 10_000) }
    #expect(digest(degradation.apply(to: ramp, sampleRate: rate, seed: seed)) == expected)
  }

  @Test("an empty clip and a silent one pass through every degradation")
  func nothingToDamage() {
    let silence = [Int16](repeating: 0, count: 500)
    for degradation in Degradation.all {
      let longer = degradation == .delay37ms ? 592 : 0
      #expect(degradation.apply(to: [], sampleRate: rate, seed: seed).count == longer)
      let still = degradation.apply(to: silence, sampleRate: rate, seed: seed)
      #expect(still == [Int16](repeating: 0, count: 500 + longer))
    }
  }
}
