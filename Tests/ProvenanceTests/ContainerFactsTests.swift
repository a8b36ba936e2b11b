// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import Testing

@Suite struct ContainerFactsTests {
  private func facts(
    _ files: [String: String], _ environment: [String: String] = [:]
  ) throws -> [String: String] {
    let machine = try FakeMachine()
    for (path, text) in files { try machine.file(path, text) }
    return FactSheet.gather(.init(), from: machine.surroundings(environment)).facts.named("container")
  }

  @Test func none() throws {
    #expect(try facts(["/proc/self/cgroup": "0::/\n", "/proc/1/cgroup": "0::/init.scope\n"]) == [:])
  }

  @Test func podman() throws {
    #expect(
      try facts([
        "/run/.containerenv":
          "engine=\"podman-4.3.1\"\nname=\"x\"\nimage=\"docker.io/library/debian:12\"\nimageid=\"5e1f\"\n"
      ]) == ["kind": "podman", "image": "docker.io/library/debian:12", "image-id": "5e1f"])
    #expect(try facts(["/run/.containerenv": ""]) == ["kind": "podman"])
  }

  @Test func otherKinds() throws {
    #expect(try facts(["/.dockerenv": ""]) == ["kind": "docker"])
    #expect(try facts(["/.dockerenv": ""], ["CI_JOB_IMAGE": "tts:1"]) == ["kind": "docker", "image": "tts:1"])
    #expect(try facts(["/.dockerenv": ""], ["KUBERNETES_SERVICE_HOST": "10.0.0.1"]) == ["kind": "kubernetes"])
    #expect(try facts([:], ["container": "lxc"]) == ["kind": "lxc"])
    #expect(try facts(["/run/systemd/container": "systemd-nspawn\n"]) == ["kind": "systemd-nspawn"])
    #expect(try facts(["/proc/1/cgroup": "12:pids:/kubepods/besteffort/pod1\n"]) == ["kind": "kubernetes"])
    #expect(try facts([:], ["CI_JOB_IMAGE": "tts:1"]) == [:])
  }

  @Test func apptainerTellsTheFileNotTheFolder() throws {
    #expect(
      try facts([:], ["APPTAINER_CONTAINER": "/home/somebody/tts.sif"]) == ["kind": "apptainer", "image": "tts.sif"])
    #expect(try facts([:], ["SINGULARITY_NAME": "old.simg"]) == ["kind": "apptainer", "image": "old.simg"])
  }

  @Test func theTightestLimitOnTheWayUp() throws {
    #expect(
      try facts([
        "/proc/self/cgroup": "0::/user.slice/job\n", "/sys/fs/cgroup/user.slice/memory.max": "8589934592\n",
        "/sys/fs/cgroup/user.slice/job/memory.max": "max\n", "/sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/user.slice/job/cpu.max": "250000 100000\n",
      ]) == ["cgroup": "/user.slice/job", "memory-limit-bytes": "8589934592", "cpu-limit": "2.5"])
  }

  @Test func withinANamespaceTheMountPointIsTheGroup() throws {
    #expect(
      try facts(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "1073741824\n"])
        == ["memory-limit-bytes": "1073741824"])
  }

  @Test func versionOne() throws {
    let id = String(repeating: "4f", count: 32)
    let groups = "5:cpu,cpuacct:/docker/\(id)\n3:memory:/docker/\(id)\n1:name=systemd:/docker/\(id)\n"
    #expect(
      try facts([
        "/proc/self/cgroup": groups, "/sys/fs/cgroup/memory/memory.limit_in_bytes": "4294967296\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "75000\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ]) == ["cgroup": "/docker/*", "memory-limit-bytes": "4294967296", "cpu-limit": "0.75"])
    #expect(
      try facts([
        "/proc/self/cgroup": groups, "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ]) == ["cgroup": "/docker/*"])
  }

  @Test func idsAreShortened() throws {
    let path = "/kubepods.slice/pod0e6d2a3b_1111_2222_3333_444455556666.slice/cri-containerd-0123456789abcdef.scope"
    #expect(
      try facts(["/proc/self/cgroup": "0::\(path)\n"])["cgroup"] == "/kubepods.slice/pod*.slice/cri-containerd-*.scope")
  }

  @Test func garbage() throws {
    #expect(
      try facts([
        "/proc/self/cgroup": "\u{0}:::\n0::/a\nnonsense\n", "/sys/fs/cgroup/a/memory.max": "-5x\n",
        "/sys/fs/cgroup/a/cpu.max": "1 0\n",
      ]) == ["cgroup": "/a"])
  }
}
