// SPDX-License-Identifier: GPL-3.0-or-later
// No buffer here is empty, so each has a base address.
// swift-format-ignore-file: NeverForceUnwrap
//
// The single-precision discrete Fourier transform whose *rounding* PESQ depends on.
//
// In digital silence, and in the overwritten analysis window of the utterance splitter, the
// decisions of the established PESQ programs rest on the rounding noise of their own float32
// radix-2 transform. Agreeing with them to 1e-6 therefore means performing the same butterflies,
// with the same twiddle factors, rounded in the same order:
//
//   p' = (r1 + C r2) + S i2 , (i1 - S r2) + C i2
//   q' = (r1 - C r2) - S i2 , (i1 + S r2) - C i2      (inverse: S replaced by -S)
//
// over stages of 1, 2, 4 ... N/2 groups, natural order in, bit-reversed order out. Everything done
// here for speed keeps each of those roundings:
//
// * four or eight points of one stage are worked on in the lanes of a vector; lanes never mix,
// * two stages are fused into one pass over memory, the intermediate values staying in registers,
// * products with exact zeros and ones (a real input, the first group) are left out, which can
//   change nothing but the sign of a zero,
// * results that nobody reads (the upper half of a real signal's spectrum, the imaginary part of a
//   real signal) are not computed,
// * the last pass transposes 4 x 4 blocks so that bit reversal costs no pass of its own.
//
// `PESQFourier.definition` is the plain form of the algorithm; tests hold the fast one to it, bit
// for bit. No fused multiply-add may appear in it or in the butterflies.
//
// Unsafe pointers: bounds checks in the butterflies would cost more than the arithmetic, so this
// file, `Spectra`, `Butterflies`, `LastPass`, `Magnitudes` and the cascade of `InputFilter`, alone in PESQ, work through pointers.
// They never leave the `withUnsafe...` closure that made them, and every offset is below the transform
// length, which `init` fixes and on which the scratch arrays are sized.

internal import VectorLoops

/// The transform of one length (a power of two, at least 4), with its scratch memory.
package struct PESQFourier: Sendable {
  let length: Int
  private let plan: PESQTransformPlan
  /// Scratch, and the result of `filter`.
  package private(set) var re: [Float]
  private var im: [Float]

  package init(length: Int) {
    self.length = length
    plan = PESQTransformPlan.serving(length: length)
    re = [Float](repeating: 0, count: length)
    im = re
  }

  /// Bins 0 ... N/2 of `source[start ..< start + count]` times `window`, followed by zeros.
  ///
  /// `window` is `nil` or has `count` values; `count` is at most the length.
  package mutating func forward(
    _ source: [Float], from start: Int, count: Int, window: [Float]?, into spectra: inout PESQSpectra,
    slot: Int = 0
  ) {
    precondition(start >= 0 && start + count <= source.count && count <= length)
    precondition(window?.count ?? count == count && spectra.stride > length / 2)
    guard length >= 16 else {
      load(source, from: start, count: count)
      if let window { for i in 0..<count { re[i] *= window[i] } }
      for i in 0..<length { im[i] = 0 }
      Self.definition(re: &re, im: &im, twiddles: plan.twiddles, inverse: false)
      return spectra.withPointers(slot) { outRe, outIm in
        for k in 0...length / 2 { (outRe[k], outIm[k]) = (re[k], im[k]) }
      }
    }
    if let window, count == length {
      // No pass over memory for the window alone.
      withButterflies(inverse: false) { kernel in
        source.withUnsafeBufferPointer { source in
          window.withUnsafeBufferPointer { window in
            kernel.allButLastPass(of: source.baseAddress! + start, window: window.baseAddress!)
          }
        }
        spectra.withPointers(slot) { kernel.finishForward($0, $1) }
      }
    } else {
      precondition(window == nil)
      load(source, from: start, count: count)
      withButterflies(inverse: false) { kernel in
        kernel.allButLastPass(real: true)
        spectra.withPointers(slot) { kernel.finishForward($0, $1) }
      }
    }
  }

  /// The real signal whose bins 0 ... N/2 are `conj(a) b`, or `a b` if `conjugate` is false.
  package mutating func inverseProduct(
    _ a: PESQSpectra, _ slotA: Int, _ b: PESQSpectra, _ slotB: Int, conjugate: Bool,
    into signal: inout [Float]
  ) {
    precondition(a.stride > length / 2 && b.stride > length / 2 && signal.count == length)
    let length = length
    let sign: Float = conjugate ? -1 : 1
    guard length >= 16 else {
      let (p, q) = (slotA * a.stride, slotB * b.stride)
      for k in 0...length / 2 {
        let (r, i) = (a.re[p + k], sign * a.im[p + k])
        (re[k], im[k]) = (r * b.re[q + k] - i * b.im[q + k], r * b.im[q + k] + i * b.re[q + k])
      }
      mirror()
      Self.definition(re: &re, im: &im, twiddles: plan.twiddles, inverse: true)
      signal = re
      return
    }
    withScratch { re, im in
      a.withPointers(slotA) { ar, ai in
        b.withPointers(slotB) { br, bi in VectorLoops.products(ar, ai, sign, br, bi, length, re, im) }
      }
    }
    withButterflies(inverse: true) { kernel in
      kernel.allButLastPass(real: false)
      signal.withUnsafeMutableBufferPointer { kernel.finishInverse($0.baseAddress!) }
    }
  }

  /// Filters `source[start ..< start + count]`, followed by zeros, in a circle of the length: its
  /// bins 0 ... N/2 are multiplied by `gain`. The result is left in `re`.
  ///
  /// For long signals (the length is at least 16): all happens in the scratch memory.
  package mutating func filter(_ source: [Float], from start: Int, count: Int, gain: [Float]) {
    precondition(start >= 0 && start + count <= source.count && count <= length && length >= 16)
    precondition(gain.count == length / 2 + 1)
    load(source, from: start, count: count)
    withButterflies(inverse: false) { kernel in
      kernel.allButLastPass(real: true)
      kernel.finishForwardInPlace()
    }
    let half = length / 2
    withScratch { re, im in
      gain.withUnsafeBufferPointer { gain in
        for k in 0...half {
          re[k] *= gain[k]
          im[k] *= gain[k]
        }
      }
    }
    mirror()
    withButterflies(inverse: true) { kernel in
      kernel.allButLastPass(real: false)
      kernel.finishInverseInPlace()
    }
  }

  // MARK: - Steps

  /// Puts `source[start ..< start + count]` and zeros into `re`.
  private mutating func load(_ source: [Float], from start: Int, count: Int) {
    let length = length
    re.withUnsafeMutableBufferPointer { re in
      source.withUnsafeBufferPointer { source in
        re.baseAddress!.update(from: source.baseAddress! + start, count: count)
        (re.baseAddress! + count).update(repeating: 0, count: length - count)
      }
    }
  }

  /// Sets the bins above N/2 to the conjugates of those below.
  private mutating func mirror() {
    let length = length
    withScratch { re, im in
      // Four at a time, the last ones of all by themselves; a length below 8 has no four.
      var k = 1
      while k + 4 <= length / 2 {
        let (r, i) = (PESQButterflies.load(re, k), PESQButterflies.load(im, k))
        PESQButterflies.store(SIMD4(r[3], r[2], r[1], r[0]), re, length - k - 3)
        PESQButterflies.store(-SIMD4(i[3], i[2], i[1], i[0]), im, length - k - 3)
        k += 4
      }
      for k in k..<length / 2 { (re[length - k], im[length - k]) = (re[k], -im[k]) }
    }
  }

  private mutating func withScratch(
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    re.withUnsafeMutableBufferPointer { re in
      im.withUnsafeMutableBufferPointer { im in body(re.baseAddress!, im.baseAddress!) }
    }
  }

  private mutating func withButterflies(inverse: Bool, _ body: (PESQButterflies) -> Void) {
    let plan = plan
    plan.twiddles.cosine.withUnsafeBufferPointer { cosine in
      plan.twiddles.sine.withUnsafeBufferPointer { sine in
        plan.lastPass.withUnsafeBufferPointer { lastPass in
          plan.target.withUnsafeBufferPointer { target in
            withScratch { re, im in
              body(
                PESQButterflies(
                  length: plan.length, re: re, im: im, cosine: cosine.baseAddress!,
                  sine: sine.baseAddress!, lastPass: lastPass.isEmpty ? nil : lastPass.baseAddress,
                  target: target.isEmpty ? nil : target.baseAddress, sign: inverse ? -1 : 1))
            }
          }
        }
      }
    }
  }

  /// The transform as its definition reads; for lengths below 16, and to test the fast form.
  package static func definition(
    re: inout [Float], im: inout [Float], twiddles: PESQTwiddles, inverse: Bool
  ) {
    let n = re.count
    let bits = n.trailingZeroBitCount
    var groups = 1
    while groups < n {
      let half = n / groups / 2
      for c in 0..<groups {
        let (wc, ws) = (twiddles.cosine[c], inverse ? -twiddles.sine[c] : twiddles.sine[c])
        for p in c * 2 * half..<c * 2 * half + half {
          let (r1, i1, r2, i2) = (re[p], im[p], re[p + half], im[p + half])
          re[p] = r1 + wc * r2 + ws * i2
          im[p] = i1 - ws * r2 + wc * i2
          re[p + half] = r1 - wc * r2 - ws * i2
          im[p + half] = i1 + ws * r2 - wc * i2
        }
      }
      groups *= 2
    }
    let scale: Float = inverse ? 1 / Float(n) : 1
    let (r, i) = (re, im)
    for k in 0..<n {
      let source = PESQTwiddles.reverse(k, bits: bits)
      re[k] = r[source] * scale
      im[k] = i[source] * scale
    }
  }
}
