// SPDX-License-Identifier: GPL-3.0-or-later

/// The machine a run was made on.
public struct Host: Sendable, Equatable {
  /// Stable for a machine, and gives no serial number away; or the name its user gave it.
  public var id: String
  /// Model name of the processor.
  public var cpu: String
  /// Logical processors.
  public var cores: Int
  /// Main memory, bytes.
  public var memoryBytes: Int
  /// Graphics card, when there is one.
  public var gpu: String?
  /// Name and version of the operating system.
  public var os: String
  /// Kind of container, when inside one.
  public var container: String?

  /// A host from its parts.
  public init(
    id: String, cpu: String, cores: Int, memoryBytes: Int, gpu: String?, os: String, container: String?
  ) {
    self.id = id
    self.cpu = cpu
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.gpu = gpu
    self.os = os
    self.container = container
  }
}
