private import Glibc

/// The service manager that started this program, if one did: systemd, or anything else that sets `NOTIFY_SOCKET`
/// (sd_notify(3)).
///
///     let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
///     manager.tell(.ready, status: "counting on eth1")
package struct ServiceManager: Sendable {
    /// What can be told.
    package enum Event: Sendable, Equatable {
        /// The service does its work; also after ``reloading(monotonicMicroseconds:)``.
        case ready
        /// The settings are being read again.
        case reloading(monotonicMicroseconds: UInt64)
        /// The service is about to end.
        case stopping
        /// The service is alive.
        case watchdog
        /// Nothing but the text beside it.
        case status
    }

    private let address: String?
    /// How often the manager wants to hear that the service is alive; nil when it does not.
    package let watchdog: Duration?

    /// Reads what the manager asks for.
    package init(environment: [String: String], process: Int32 = getpid()) {
        address = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isForThis = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
        watchdog = environment["WATCHDOG_USEC"].flatMap { isForThis ? Int64($0) : nil }
            .flatMap { $0 > 0 ? .microseconds($0) : nil }
    }

    /// Tells the manager something; whoever does not listen misses it.
    package func tell(_ event: Event, status: String? = nil) {
        guard let address else { return }
        var lines = event.lines
        if let status { lines.append("STATUS=" + status.replacing("\n", with: " ")) }
        Datagram.send(lines.joined(separator: "\n"), to: address)
    }
}

extension ServiceManager.Event {
    fileprivate var lines: [String] {
        switch self {
        case .ready: ["READY=1"]
        case .reloading(let microseconds): ["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"]
        case .stopping: ["STOPPING=1"]
        case .watchdog: ["WATCHDOG=1"]
        case .status: []
        }
    }
}

/// Microseconds of the clock that the service manager compares with (CLOCK_MONOTONIC).
package func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    // One structure, which is only written.
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
}

/// A message to a socket of this machine.
private enum Datagram {
    /// Sends without waiting; an address that begins with `@` is an abstract one (unix(7)).
    static func send(_ text: String, to address: String) {
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        let path = Array(address.utf8)
        guard path.count < MemoryLayout.size(ofValue: socketAddress.sun_path) else { return }
        // The path fits, and what is behind it is zero.
        unsafe withUnsafeMutableBytes(of: &socketAddress.sun_path) { place in
            for (index, byte) in path.enumerated() { unsafe place[index] = byte }
            if path[0] == UInt8(ascii: "@") { unsafe place[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        // Address and text are valid during the call.
        _ = unsafe withUnsafePointer(to: &socketAddress) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe sendto(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL), pointer, length)
                }
            }
        }
    }
}
