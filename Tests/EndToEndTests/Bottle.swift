import Foundation

/// A network of its own that leads nowhere, with one pair of interfaces: `inside`, where an agent listens, and
/// `devices`, where frames go in.
final class Bottle {
    private let holder = Process()
    private let sender: URL

    /// Nil, aloud, where this machine lets nobody make one.
    init?(in folder: URL) throws {
        sender = folder.appending(path: "send.py")
        holder.executableURL = URL(filePath: "/usr/bin/env")
        holder.arguments = ["unshare", "--net", "sleep", "120"]
        holder.standardError = FileHandle.nullDevice
        try Data(Self.sending.utf8).write(to: sender)
        guard geteuid() == 0, try Program("/usr/bin/env").run(["unshare", "--net", "true"]).status == 0 else {
            print("skipped: this machine lets nobody make a network of its own")
            return nil
        }
        try holder.run()
        // `env` and `unshare` become `sleep`, and only then the network is another.
        for _ in 0..<100 {
            let name = try? String(contentsOfFile: "/proc/\(holder.processIdentifier)/comm", encoding: .utf8)
            if name == "sleep\n" { break }
            Thread.sleep(forTimeInterval: 0.02)
        }
        _ = try run(["ip", "link", "set", "lo", "up"])
        // The kernel would look for routers and neighbours over interfaces made from now on, and a test counts each frame.
        _ = try run(["sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"])
        try connect()
    }

    deinit {
        // Not SIGTERM: what was started with it blocked has it blocked.
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
    }

    /// Makes the two interfaces.
    func connect() throws {
        _ = try run(["ip", "link", "add", "inside", "type", "veth", "peer", "name", "devices"])
        for name in ["inside", "devices"] { _ = try run(["ip", "link", "set", name, "up"]) }
    }

    /// Takes the two interfaces away.
    func disconnect() throws { _ = try run(["ip", "link", "del", "inside"]) }

    /// Has each device, by the last byte of its addresses, ask for a name once.
    func ask(for name: String, devices: Range<Int>, subnet: Int = 0) throws {
        let outcome = try run(
            ["python3", sender.path, name, "\(devices.lowerBound)", "\(devices.upperBound)", "\(subnet)", "1"])
        guard outcome.status == 0 else { throw District.Failure(outcome.errors) }
    }

    /// The command by which devices go on asking for a name for some seconds.
    func asking(for name: String, devices: Range<Int>) -> [String] {
        ["python3", sender.path, name, "\(devices.lowerBound)", "\(devices.upperBound)", "0", "100"]
    }

    /// Runs a command to its end in this network.
    func run(_ command: [String]) throws -> Program.Outcome {
        try Program("/usr/bin/env").run(inside(command))
    }

    /// Starts a command in this network, which writes to a file what it says.
    func start(_ command: [String], log: URL, environment: [String: String] = [:]) throws -> Process {
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = inside(command)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = process.standardError
        try process.run()
        return process
    }

    private func inside(_ command: [String]) -> [String] {
        ["nsenter", "--net=/proc/\(holder.processIdentifier)/ns/net"] + command
    }

    /// Queries for A records over Ethernet and IPv4, with a number of their own each, so that none is a retransmission.
    private static let sending = """
        import random, socket, struct, sys, time
        name, (first, end, subnet, rounds) = sys.argv[1], map(int, sys.argv[2:])
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("devices", 0))
        labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\\0"
        for device in list(range(first, end)) * rounds:
            if rounds > 1: time.sleep(0.01)
            dns = struct.pack(">HHHHHH", random.randrange(65536), 0x100, 1, 0, 0, 0) + labels + struct.pack(">HH", 1, 1)
            udp = struct.pack(">HHHH", random.randrange(20000, 60000), 53, 8 + len(dns), 0) + dns
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) \\
                + bytes([10, 77, subnet, device]) + bytes([10, 77, 0, 1])
            wire.send(bytes.fromhex("02aabbccdd01") + bytes([2, 0xaa, 0xbb, 0xcc, 0xee, device]) + b"\\x08\\0" + ip + udp)
        """
}
