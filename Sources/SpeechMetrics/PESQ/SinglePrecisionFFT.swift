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
// * four points of one stage are worked on in the lanes of a SIMD4; lanes never mix,
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
// file, `Butterflies` and `Magnitudes`, alone in PESQ, work through pointers. They never leave the `withUnsafe...` closure that
// made them, and every offset is below the transform length, which `init` fixes and on which the
// scratch arrays are sized.

/// Bins 0 ... N/2 of the transforms of real signals, one signal after the other.
package struct PESQSpectra: Sendable {
  package private(set) var re: [Float] = []
  package private(set) var im: [Float] = []
  /// Values from one spectrum to the next.
  let stride: Int

  /// - Parameters:
  ///   - length: The transform's.
  ///   - count: Number of spectra.
  package init(length: Int, count: Int = 1) {
    stride = length / 2 + 4
    grow(to: count)
  }

  var count: Int { re.count / stride }

  /// Makes room for `count` spectra.
  mutating func grow(to count: Int) {
    guard count > self.count else { return }
    let added = count * stride - re.count
    re.append(contentsOf: repeatElement(0, count: added))
    im.append(contentsOf: repeatElement(0, count: added))
  }

  /// Real and imaginary parts of one spectrum, to write to.
  mutating func withPointers(
    _ slot: Int, _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(slot >= 0 && slot < count)
    let offset = slot * stride
    re.withUnsafeMutableBufferPointer { re in
      im.withUnsafeMutableBufferPointer { im in
        body(re.baseAddress! + offset, im.baseAddress! + offset)
      }
    }
  }

  /// The same, to read.
  func withPointers(
    _ slot: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    precondition(slot >= 0 && slot < count)
    let offset = slot * stride
    re.withUnsafeBufferPointer { re in
      im.withUnsafeBufferPointer { im in
        body(re.baseAddress! + offset, im.baseAddress! + offset)
      }
    }
  }
}

/// The transform of one length (a power of two, at least 4), with its scratch memory.
package struct PESQFourier: Sendable {
  let length: Int
  private let bits: Int
  private let cosine: [Float]
  private let sine: [Float]
  /// Twiddles of the last pass, in the order of its lanes: C and S of the last stage but one, then
  /// of the first and the second butterfly of the last stage; 24 values per step.
  private let lastPass: [Float]
  /// Where each step of the last pass stores its results.
  private let lastPassTarget: [Int32]
  private var re: [Float]
  private var im: [Float]

  package init(length: Int, twiddles: inout PESQTwiddles) {
    precondition(length >= 4 && length & (length - 1) == 0, "a power of two")
    twiddles.reserve(length: length)
    let (cosine, sine) = (twiddles.cosine, twiddles.sine)
    let bits = length.trailingZeroBitCount
    let steps = length / 16
    self.length = length
    self.bits = bits
    self.cosine = cosine
    self.sine = sine
    re = [Float](repeating: 0, count: length)
    im = re
    lastPass = [Float](unsafeUninitializedCapacity: 24 * steps) { table, count in
      for k in 0..<steps {
        for lane in 0..<4 {
          // Lane l works on the block whose two top bits are l's, reversed.
          let group = k + (lane >> 1 | (lane & 1) << 1) * steps
          let entry = 24 * k + lane
          table[entry] = cosine[group]
          table[entry + 4] = sine[group]
          table[entry + 8] = cosine[2 * group]
          table[entry + 12] = sine[2 * group]
          table[entry + 16] = cosine[2 * group + 1]
          table[entry + 20] = sine[2 * group + 1]
        }
      }
      count = 24 * steps
    }
    lastPassTarget = (0..<steps).map { Int32(4 * PESQTwiddles.reverse($0, bits: bits - 4)) }
  }

  // MARK: - Transforms

  /// Bins 0 ... N/2 of `source[start ..< start + count]` times `window`, followed by zeros.
  ///
  /// `window` is `nil` or has at least `count` values; `count` is at most the length.
  package mutating func forward(
    _ source: [Float], from start: Int, count: Int, window: [Float]?, into spectra: inout PESQSpectra,
    slot: Int = 0
  ) {
    precondition(start >= 0 && start + count <= source.count && count <= length)
    precondition(window?.count ?? count >= count && spectra.stride > length / 2)
    let length = length
    re.withUnsafeMutableBufferPointer { re in
      source.withUnsafeBufferPointer { source in
        let (target, x) = (re.baseAddress!, source.baseAddress! + start)
        if let window {
          window.withUnsafeBufferPointer { window in
            let w = window.baseAddress!
            for i in 0..<count { target[i] = x[i] * w[i] }
          }
        } else {
          target.update(from: x, count: count)
        }
        (target + count).update(repeating: 0, count: length - count)
      }
    }
    transformReal(into: &spectra, slot)
  }

  /// The real signal whose bins 0 ... N/2 are `conj(a) b`, or `a b` if `conjugate` is false.
  mutating func inverseProduct(
    _ a: PESQSpectra, _ slotA: Int, _ b: PESQSpectra, _ slotB: Int, conjugate: Bool,
    into signal: inout [Float]
  ) {
    precondition(a.stride > length / 2 && b.stride > length / 2)
    let half = length / 2
    let sign: Float = conjugate ? -1 : 1
    withScratch { re, im in
      a.withPointers(slotA) { ar, ai in
        b.withPointers(slotB) { br, bi in
          for k in 0...half {
            let (r, i) = (ar[k], sign * ai[k])
            re[k] = r * br[k] - i * bi[k]
            im[k] = r * bi[k] + i * br[k]
          }
        }
      }
    }
    inverseReal(into: &signal)
  }

  /// The real signal whose bins 0 ... N/2 are those of `a` times the real `gain`.
  package mutating func inverse(_ a: PESQSpectra, gain: [Float], into signal: inout [Float]) {
    precondition(a.stride > length / 2 && gain.count == length / 2 + 1)
    let half = length / 2
    withScratch { re, im in
      a.withPointers(0) { ar, ai in
        gain.withUnsafeBufferPointer { gain in
          for k in 0...half {
            re[k] = ar[k] * gain[k]
            im[k] = ai[k] * gain[k]
          }
        }
      }
    }
    inverseReal(into: &signal)
  }

  private mutating func withScratch(
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    re.withUnsafeMutableBufferPointer { re in
      im.withUnsafeMutableBufferPointer { im in body(re.baseAddress!, im.baseAddress!) }
    }
  }

  private mutating func withPESQButterflies(inverse: Bool, _ body: (PESQButterflies) -> Void) {
    cosine.withUnsafeBufferPointer { cosine in
      sine.withUnsafeBufferPointer { sine in
        lastPass.withUnsafeBufferPointer { lastPass in
          lastPassTarget.withUnsafeBufferPointer { target in
            let length = length
            withScratch { re, im in
              body(
                PESQButterflies(
                  length: length, re: re, im: im, cosine: cosine.baseAddress!,
                  sine: sine.baseAddress!, lastPass: lastPass.baseAddress!,
                  target: target.baseAddress!, sign: inverse ? -1 : 1))
            }
          }
        }
      }
    }
  }

  // MARK: - Stages

  /// Transforms the real signal in `re`.
  private mutating func transformReal(into spectra: inout PESQSpectra, _ slot: Int) {
    guard length >= 16 else {
      for i in 0..<length { im[i] = 0 }
      Self.definition(re: &re, im: &im, cosine: cosine, sine: sine, inverse: false)
      return spectra.withPointers(slot) { outRe, outIm in
        for k in 0...length / 2 { (outRe[k], outIm[k]) = (re[k], im[k]) }
      }
    }
    withPESQButterflies(inverse: false) { kernel in
      kernel.allButLastPass(real: true)
      spectra.withPointers(slot) { kernel.finishForward($0, $1) }
    }
  }

  /// Inverse transform of bins 0 ... N/2 in `re` and `im`, the others being their conjugates.
  private mutating func inverseReal(into signal: inout [Float]) {
    precondition(signal.count == length)
    let length = length
    withScratch { re, im in
      for k in 1..<length / 2 {
        re[length - k] = re[k]
        im[length - k] = -im[k]
      }
    }
    guard length >= 16 else {
      Self.definition(re: &re, im: &im, cosine: cosine, sine: sine, inverse: true)
      signal = re
      return
    }
    withPESQButterflies(inverse: true) { kernel in
      kernel.allButLastPass(real: false)
      signal.withUnsafeMutableBufferPointer { kernel.finishInverse($0.baseAddress!) }
    }
  }

  /// The transform as its definition reads; for lengths below 16, and to test the fast form.
  package static func definition(
    re: inout [Float], im: inout [Float], cosine: [Float], sine: [Float], inverse: Bool
  ) {
    let n = re.count
    let bits = n.trailingZeroBitCount
    var groups = 1
    while groups < n {
      let half = n / groups / 2
      for c in 0..<groups {
        let (wc, ws) = (cosine[c], inverse ? -sine[c] : sine[c])
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
