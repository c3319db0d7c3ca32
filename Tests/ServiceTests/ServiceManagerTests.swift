import Foundation
import Glibc
import Logging
import Service
import Testing

/// A socket that a service manager would listen on.
private final class Manager {
    let path = NSTemporaryDirectory() + "rollcall-\(UUID().uuidString.prefix(8))"
    private let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)

    init() {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(status == 0)
    }

    deinit {
        close(descriptor)
        _ = unsafe unlink(path)
    }

    /// What came next; nil when nothing did.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 1000)
        let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

@Suite struct `Service manager` {
    @Test func `is told when the service is ready, alive, reloading and stopping`() {
        let listening = Manager()
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": listening.path])
        manager.tell(.ready, status: "counting on\neth1")
        manager.tell(.watchdog)
        manager.tell(.reloading(monotonicMicroseconds: 7))
        manager.tell(.stopping)
        #expect(listening.next() == "READY=1\nSTATUS=counting on eth1")
        #expect(listening.next() == "WATCHDOG=1")
        #expect(listening.next() == "RELOADING=1\nMONOTONIC_USEC=7")
        #expect(listening.next() == "STOPPING=1")
        #expect(listening.next() == nil)
    }

    @Test func `need not be there`() {
        for environment in [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "/nowhere/socket"]] {
            let manager = ServiceManager(environment: environment)
            manager.tell(.ready)
            #expect(manager.watchdog == nil)
        }
    }

    @Test func `says how often it wants to hear of this process`() {
        let asked = ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"]
        #expect(ServiceManager(environment: asked, process: 7).watchdog == .seconds(30))
        #expect(ServiceManager(environment: asked, process: 8).watchdog == nil)
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "0"]).watchdog == nil)
    }
}

@Suite struct `Log lines` {
    let date = Date(timeIntervalSince1970: 1_795_500_000)

    @Test func `have their level in front for the journal, and date and level for anybody else`() {
        let journal = ServiceLogHandler(environment: ["JOURNAL_STREAM": "8:1"])
        #expect(journal.line(.warning, "away", ["days": "2"], at: date) == "<4>away days=2\n")
        let plain = ServiceLogHandler(environment: [:])
        #expect(plain.line(.info, "counting", nil, at: date) == "2026-11-24T06:00:00Z info counting\n")
    }

    @Test func `stay one line, whatever is in them`() {
        let journal = ServiceLogHandler(environment: ["JOURNAL_STREAM": "8:1"])
        let line = journal.line(.error, "a\nb", ["detail": "x=\"1\"\n<0>"], at: date)
        #expect(line == "<3>a b detail=\"x=\\\"1\\\" <0>\"\n")
    }
}

@Suite struct `Process figures` {
    @Test func `are those of this process`() {
        let figures = ProcessFigures.now()
        #expect(figures.residentBytes > 1 << 20)
        #expect(figures.cpuMilliseconds > 0)
    }
}
