// SPDX-License-Identifier: GPL-3.0-or-later
internal import CProcessor
internal import VectorLoops128
internal import VectorLoops256

/// The innermost loops of the analyses, each for the vectors that the processor has.
///
/// A build is for every x86-64, whose vectors have 128 bits; nearly all processors in use have vectors of 256 (AVX2), which take half
/// the instructions, and operations that fuse a product with a sum (FMA). So the same sources, Sources/VectorLoops128, are
/// compiled twice, and this chooses when the program runs.
/// The results are the same bits, but for `harmonicSums`, `dotsApart` and `project`: both add and multiply in the same lanes in the same
/// order, and neither fuses. Those three, by far the dearest of Harvest, STOI and mel-cepstra, fuse where they can; by that F0 changes by
/// 1e-13 of itself at most, STOI by 1e-15, and MCD by 1e-12 dB.
///
/// What keeps the two apart: they meet here only, as functions of pointers and numbers, since a vector is handed over differently
/// by the one and the other; and they share no function of the standard library that is not inlined, since of two copies of such a
/// function the linker keeps one (`Tests/lint-vectors` looks).
package enum VectorLoops {
  /// Whether the processor has vectors of 256 bits and fused operations.
  package static let isWide = has_wide_vectors() != 0

  package static let fold = isWide ? VectorLoops256.fold : VectorLoops128.fold
  package static let harmonicSums = isWide ? VectorLoops256.harmonicSums : VectorLoops128.harmonicSums
  package static let flanagan = isWide ? VectorLoops256.flanagan : VectorLoops128.flanagan
  package static let filterPair = isWide ? VectorLoops256.filterPair : VectorLoops128.filterPair
  package static let signs = isWide ? VectorLoops256.signs : VectorLoops128.signs
  package static let events = isWide ? VectorLoops256.events : VectorLoops128.events
  package static let intervals = isWide ? VectorLoops256.intervals : VectorLoops128.intervals
  package static let lines = isWide ? VectorLoops256.lines : VectorLoops128.lines
  package static let vote = isWide ? VectorLoops256.vote : VectorLoops128.vote
  package static let logarithms = isWide ? VectorLoops256.logarithms : VectorLoops128.logarithms
  package static let distances = isWide ? VectorLoops256.distances : VectorLoops128.distances
  package static let project = isWide ? VectorLoops256.project : VectorLoops128.project
  package static let dotsApart = isWide ? VectorLoops256.dotsApart : VectorLoops128.dotsApart
  package static let butterflies = isWide ? VectorLoops256.butterflies : VectorLoops128.butterflies
  package static let hann = isWide ? VectorLoops256.hann : VectorLoops128.hann
  package static let spread = isWide ? VectorLoops256.spread : VectorLoops128.spread
  package static let windowed = isWide ? VectorLoops256.windowed : VectorLoops128.windowed
  package static let centred = isWide ? VectorLoops256.centred : VectorLoops128.centred
  package static let interleave = isWide ? VectorLoops256.interleave : VectorLoops128.interleave
  package static let part = isWide ? VectorLoops256.part : VectorLoops128.part
  package static let powers = isWide ? VectorLoops256.powers : VectorLoops128.powers
  package static let runningSums = isWide ? VectorLoops256.runningSums : VectorLoops128.runningSums
  package static let differences = isWide ? VectorLoops256.differences : VectorLoops128.differences
  package static let lifter = isWide ? VectorLoops256.lifter : VectorLoops128.lifter
  package static let beforeTransform = isWide ? VectorLoops256.beforeTransform : VectorLoops128.beforeTransform
  package static let afterTransform = isWide ? VectorLoops256.afterTransform : VectorLoops128.afterTransform
  package static let noiseSums = isWide ? VectorLoops256.noiseSums : VectorLoops128.noiseSums
  package static let normal = isWide ? VectorLoops256.normal : VectorLoops128.normal
  package static let simpleButterflies = isWide ? VectorLoops256.simpleButterflies : VectorLoops128.simpleButterflies
  package static let windowedStage = isWide ? VectorLoops256.windowedStage : VectorLoops128.windowedStage
  package static let finishForward = isWide ? VectorLoops256.finishForward : VectorLoops128.finishForward
  package static let finishInverse = isWide ? VectorLoops256.finishInverse : VectorLoops128.finishInverse
  package static let products = isWide ? VectorLoops256.products : VectorLoops128.products
  package static let cascade = isWide ? VectorLoops256.cascade : VectorLoops128.cascade
  package static let correlations = isWide ? VectorLoops256.correlations : VectorLoops128.correlations
}
