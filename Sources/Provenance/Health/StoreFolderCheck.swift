// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Glibc

/// Whether a store can be kept at a path: its folder takes files, has room, and lies on this machine. Whether the
/// database in it is sound is for who opens it.
public enum StoreFolderCheck {
  /// What is known of the folder of a store.
  public struct Folder: Sendable, Hashable {
    /// The folder, or the nearest one above it that is there.
    public var path: String
    /// Why a file in it could not be made; nil where one was, and is gone again.
    public var fault: String?
    /// Bytes this user may still fill; nil where the system does not say.
    public var freeBytes: Int?
    /// The kind of network it lies on, e.g. `nfs`; nil for a disk.
    public var network: String?

    /// A folder as somebody else knows it.
    public init(path: String, fault: String?, freeBytes: Int?, network: String?) {
      self.path = path
      self.fault = fault
      self.freeBytes = freeBytes
      self.network = network
    }

    /// Looks at the folder of a store, by making a file in it: who is root may write anywhere, except where the disk is
    /// read-only.
    public init(ofStore store: String, from surroundings: Surroundings = .here()) {
      var folder = URL(filePath: store).deletingLastPathComponent().path
      while !FileManager.default.fileExists(atPath: folder), folder != "/", !folder.isEmpty {
        folder = URL(filePath: folder).deletingLastPathComponent().path
      }
      path = folder
      fault = Self.tryToWrite(folder) ?? Self.faultOfFile(store)
      var facts = statvfs()
      // File systems without blocks have no room to tell of, and some say that theirs has no end.
      let free = statvfs(folder, &facts) == 0 && facts.f_blocks > 0 ? facts : nil
      freeBytes = free.flatMap { Int(exactly: Double($0.f_bavail) * Double($0.f_frsize)) }
      network = Self.network(of: folder, mounts: surroundings.text("/proc/self/mountinfo") ?? "")
    }

    /// The kind of the file system that holds a folder, where it is a network's (proc_pid_mountinfo(5): the fifth field is
    /// where it is mounted, the first after the dash what it is).
    static func network(of folder: String, mounts: String) -> String? {
      let real = URL(filePath: folder).resolvingSymlinksInPath().path
      var holder = (place: "", kind: "")
      for line in mounts.lines {
        let halves = line.split(separator: " - ", maxSplits: 1)
        let fields = halves.first?.split(separator: " ") ?? []
        guard halves.count == 2, fields.count > 4, let kind = halves[1].split(separator: " ").first else { continue }
        // Blanks in names are written in octal.
        let place = String(fields[4]).replacing("\\040", with: " ")
        let holds = place == "/" || real == place || real.hasPrefix("\(place)/")
        // A later mount lies over an earlier one.
        if holds, place.count >= holder.place.count { holder = (place, String(kind)) }
      }
      return networks.contains(holder.kind) ? holder.kind : nil
    }

    private static let networks: Set<String> = [
      "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "afs", "fuse.sshfs",
    ]

    private static func tryToWrite(_ folder: String) -> String? {
      let name = "\(folder)/.ttseval-\(UUID().uuidString)"
      let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard file >= 0 else { return String(cString: strerror(errno)) }
      defer {
        close(file)
        unlink(name)
      }
      return write(file, "ttseval", 7) == 7 ? nil : String(cString: strerror(errno))
    }

    private static func faultOfFile(_ store: String) -> String? {
      guard FileManager.default.fileExists(atPath: store) else { return nil }
      return access(store, R_OK | W_OK) == 0 ? nil : "the store: \(String(cString: strerror(errno)))"
    }
  }

  /// A store of 100,000 pairs takes that much; what a run needs besides is little.
  public static let leastBytes = 100_000_000

  /// `store-folder`.
  /// - Parameters:
  ///   - store: the path of a store, there or not.
  ///   - folder: what is known of where it lies.
  public static func run(store: String, folder: Folder? = nil, from surroundings: Surroundings = .here())
    -> [HealthCheck]
  {
    let folder = folder ?? Folder(ofStore: store, from: surroundings)
    func failed(_ found: String, _ advice: String) -> [HealthCheck] {
      [HealthCheck("store-folder", .failed, found: "\(folder.path): \(found)", advice: advice)]
    }
    if let fault = folder.fault {
      return failed("cannot be written to (\(fault))", "choose another place: --db FILE, or TTSEVAL_DB")
    }
    if let network = folder.network {
      return failed(
        "on a network (\(network)), where SQLite's log does not work",
        "keep the store on a local disk, and bring stores together by ttseval merge")
    }
    if let free = folder.freeBytes, free < leastBytes {
      return failed("\(free / 1_000_000) MB free", "make room: \(leastBytes / 1_000_000) MB at least")
    }
    let free = folder.freeBytes.map { ", \($0 / 1_000_000) MB free" } ?? ""
    return [HealthCheck("store-folder", .passed, found: "\(folder.path): takes files\(free)")]
  }
}
