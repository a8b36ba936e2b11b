// SPDX-License-Identifier: GPL-3.0-or-later

/// What came of importing one library, in a process of its own: one that crashes takes nothing else with it.
public struct PythonImport: Sendable, Hashable {
  /// The module, e.g. `torchaudio`.
  public var name: String
  /// Its `__version__`.
  public var version: String?
  /// More that it says of itself: `cuda`, `cudnn`, `device`, `backends`, `providers`.
  public var details: [String: String]
  /// Why it does not load.
  public var failure: PythonFailure?

  /// A result from its parts.
  public init(name: String, version: String? = nil, details: [String: String] = [:], failure: PythonFailure? = nil) {
    self.name = name
    self.version = version
    self.details = details
    self.failure = failure
  }

  /// torch and torchaudio, and of the others those that are installed.
  static func libraries(of stack: PythonStack) -> [String] {
    let hasRuntime = stack.packages.contains { $0.name == "onnxruntime" || $0.name.hasPrefix("onnxruntime-") }
    return ["torch", "torchaudio"] + (stack["torchcodec"] == nil ? [] : ["torchcodec"])
      + (hasRuntime ? ["onnxruntime"] : [])
  }

  static func attempt(_ name: String, in python: PythonProgram, _ timeout: Double) -> PythonImport {
    do throws(PythonFailure) {
      let answer: Answer = try python.answer(to: program, [name], timeout: timeout)
      return PythonImport(name: name, version: answer.version, details: answer.details)
    } catch {
      return PythonImport(name: name, failure: error)
    }
  }

  private struct Answer: Decodable {
    var version: String?
    var details: [String: String]
  }

  private static let program = """
    import importlib
    name = sys.argv[1]
    m = importlib.import_module(name)
    details = {}
    def note(key, look):
        try: value = look()
        except Exception: return
        if value not in (None, "", []): details[key] = ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
    if name == "torch":
        note("cuda", lambda: m.version.cuda)
        note("rocm", lambda: m.version.hip)
        note("cudnn", lambda: m.backends.cudnn.version())
        note("device", lambda: m.cuda.get_device_name(0) if m.cuda.is_available() else None)
        note("simd", lambda: m.backends.cpu.get_cpu_capability())
    if name == "torchaudio": note("backends", lambda: m.list_audio_backends())
    if name == "onnxruntime":
        note("device", lambda: m.get_device())
        note("providers", lambda: m.get_available_providers())
    version = getattr(m, "__version__", None)
    tell(version=None if version is None else str(version), details=details)
    """
}
