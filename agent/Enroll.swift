import ArgumentParser
import Foundation
import Shipping

struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Gets this agent its identity from the collector.",
        discussion: "Can be repeated: an identity for the same collector is kept.")

    @Option(help: "The collector's address, https://collector.example.")
    var collector: String
    @Option(help: "The join token, from `rollcall-collector token create`; without it, it is read from standard input.")
    var token: String?
    @Option(help: "The school, where the token is not bound to one.")
    var school: String?
    @Option(help: "The state folder.")
    var state = AgentSettings.defaultState
    @Option(help: "The certificates to trust, in PEM, in place of the system's.")
    var caFile: String?

    /// A token on the command line is seen by everybody on the machine for a moment; one from standard input is not.
    private func joinToken() throws -> String {
        if let token { return token }
        guard let line = readLine()?.trimmingCharacters(in: .whitespaces), !line.isEmpty else {
            throw AgentError("there is no token; give it with --token, or on standard input")
        }
        return line
    }

    private func proxy() throws -> ProxyRule {
        try ProxyRule(environment: ProcessInfo.processInfo.environment)
    }

    func run() async throws {
        let address = try CollectorAddress(collector)
        if let identity = try AgentIdentity.load(from: state) {
            guard identity.collector == address.description else {
                throw AgentError(
                    "\(state)/identity.json: is for \(identity.collector); move it away to enrol at \(address)")
            }
            print("already enrolled as \(identity.agent) for \(identity.school)")
            return
        }
        let client = try CollectorClient(
            collectors: [address], settings: ConnectionSettings(certificateFile: caFile, proxy: proxy()))
        let outcome: Result<AgentIdentity, any Error>
        do {
            outcome = .success(
                try await AgentIdentity.enrol(token: joinToken(), school: school, folder: state, client: client))
        } catch {
            outcome = .failure(error)
        }
        await client.shutdown()
        let identity = try outcome.get()
        print("enrolled as \(identity.agent) for \(identity.school)")
    }
}
