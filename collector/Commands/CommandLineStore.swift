import Foundation
import Identity
import Store

extension Who {
    /// Who runs a command: the person behind `sudo`, where there is one.
    static var commandLine: Who {
        let environment = ProcessInfo.processInfo.environment
        return Who(name: environment["SUDO_USER"] ?? environment["USER"] ?? NSUserName(), way: .command)
    }
}

extension SQLiteStore {
    /// Keeps that somebody took something away by a command.
    func recordExport(_ what: String) async throws {
        try await record(
            AuditEntry(at: Int(Date().timeIntervalSince1970), who: .commandLine, what: "export", subject: what))
    }
}

extension CollectorSettings {
    /// Opens the store for a command, and closes it after.
    func withStore<Value>(_ body: (SQLiteStore, Int) async throws -> Value) async throws -> Value {
        let store = try SQLiteStore(path: database)
        defer { try? store.close() }
        do {
            return try await body(store, Int(Date().timeIntervalSince1970))
        } catch let refusal as PeopleRefusal {
            throw Failure(refusal.sentence)
        }
    }

    /// The address of a one-time link.
    func address(of link: PersonSecret, port: Int? = nil) -> String {
        let host = listen.host.contains(":") ? "[\(listen.host)]" : listen.host
        let listening = "\(tls == nil ? "http" : "https")://\(host):\(port ?? listen.port)"
        return (access.publicAddress ?? listening) + "/link/" + link.text
    }
}
