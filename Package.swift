// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// The loops of Sources/VectorLoops128 are compiled a second time for vectors of 256 bits and fused operations, which not every x86-64
// has; what the processor has is asked for when the program runs (Sources/VectorLoops).
#if arch(x86_64)
  let wide: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma"]), .define("WIDE_VECTORS")]
#else
  let wide: [SwiftSetting] = []
#endif

let package = Package(
  name: "ttseval",
  products: [
    .executable(name: "ttseval", targets: ["ttseval"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    // C libraries, each with exactly one Swift importer.
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CPortAudio", providers: [.apt(["portaudio19-dev"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CEBUR128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CProcessor"),
    .systemLibrary(name: "CSpawn"),

    // Pure functions of their input.
    .target(name: "VectorLoops128"),
    // A link to the same sources.
    .target(name: "VectorLoops256", swiftSettings: wide),
    .target(name: "VectorLoops", dependencies: ["VectorLoops128", "VectorLoops256", "CProcessor"]),
    .target(name: "SpeechSignal", dependencies: ["VectorLoops", "CFFTW"]),
    .target(name: "SpeechMetrics", dependencies: ["SpeechSignal", "VectorLoops"]),
    .target(name: "Statistics", dependencies: ["CGSL"]),

    // Files, the machine, and the run that joins them.
    .target(name: "AudioFiles", dependencies: ["SpeechSignal", "CSndfile", "CSoxr", "CCrypto"]),
    .target(name: "Provenance", dependencies: ["AudioFiles", "SpeechMetrics", "SpeechSignal"]),
    .target(name: "SettingsFile", dependencies: [.product(name: "Yams", package: "Yams")]),
    .target(name: "Synthesis", dependencies: ["AudioFiles", "SettingsFile", "CSpawn"]),
    .target(
      name: "Evaluation",
      dependencies: [
        "SpeechMetrics", "SpeechSignal", "Statistics", "AudioFiles", "Provenance", "SettingsFile", "Synthesis",
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .target(
      name: "ListeningPanel",
      dependencies: ["AudioFiles", "SettingsFile", "SpeechSignal", "Statistics", "CNcurses", "CPortAudio", "CEBUR128"],
      resources: [.embedInCode("Wording/en.yaml"), .embedInCode("Wording/de.yaml"), .embedInCode("Wording/zh.yaml")]),
    .target(
      name: "RunStore",
      dependencies: [
        "AudioFiles", "Evaluation", "Provenance", "SpeechMetrics", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Reporting",
      dependencies: [
        "Evaluation", "ListeningPanel", "Provenance", "SpeechMetrics", "SpeechSignal", "Statistics", "Synthesis",
        "CPNG",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .executableTarget(
      name: "ttseval",
      dependencies: [
        "Evaluation", "RunStore", "Reporting", "Provenance", "AudioFiles", "SpeechMetrics", "SpeechSignal", "CMalloc",
        "Statistics", "Synthesis", "ListeningPanel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    // Known damage done to known speech, for the demo, the tests and the oracles.
    .target(name: "Degradations"),
    .executableTarget(name: "degrade", dependencies: ["Degradations"]),
    // The analyses by themselves, for comparison with the packages they reproduce.
    .executableTarget(name: "analyse", dependencies: ["SpeechSignal", "SpeechMetrics", "Degradations", "CMalloc"]),
    // What verdicts are worth, on simulated comparisons.
    .executableTarget(name: "simulate", dependencies: ["Statistics"]),

    .testTarget(name: "VectorLoopsTests", dependencies: ["VectorLoops", "VectorLoops128", "VectorLoops256"]),
    .testTarget(
      name: "SpeechSignalTests", dependencies: ["SpeechSignal", "Degradations"], resources: [.copy("Goldens")]),
    .testTarget(
      name: "SpeechMetricsTests", dependencies: ["SpeechMetrics", "SpeechSignal", "AudioFiles", "Degradations"],
      resources: [.copy("Goldens"), .copy("PESQ/Fixtures")]),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Statistics", "simulate"], resources: [.copy("Goldens")]),
    .testTarget(
      name: "AudioFilesTests", dependencies: ["AudioFiles", "SpeechSignal"], resources: [.copy("Goldens")]),
    .testTarget(
      name: "ProvenanceTests", dependencies: ["Provenance", "AudioFiles", "SpeechMetrics", "SpeechSignal"]),
    .testTarget(name: "SettingsFileTests", dependencies: ["SettingsFile"]),
    .testTarget(
      name: "ListeningPanelTests",
      dependencies: ["ListeningPanel", "AudioFiles", "SettingsFile", "SpeechSignal", "Statistics"]),
    .testTarget(name: "SynthesisTests", dependencies: ["Synthesis", "AudioFiles", "SpeechSignal"]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Evaluation", "AudioFiles", "Provenance", "SpeechMetrics", "SpeechSignal", "Statistics"]),
    .testTarget(name: "RunStoreTests", dependencies: ["RunStore", "Evaluation", "Provenance", "SpeechMetrics"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting", "Evaluation", "ListeningPanel", "Provenance", "SpeechMetrics", "SpeechSignal", "AudioFiles",
      ]),
    .testTarget(name: "DegradationsTests", dependencies: ["Degradations"]),
    .testTarget(name: "CommandTests", dependencies: ["ttseval", "AudioFiles", "SpeechSignal"]),
  ],
  swiftLanguageModes: [.v6]
)
