import Foundation
import Shipping
import Tally
import Wire

/// Who this agent is to its collector: `STATE/identity.json`, which only the agent may read.
struct AgentIdentity: Codable, Equatable {
    var collector: String
    var agent: String
    var secret: String
    var school: String

    /// The identity in a state folder; nil when there is none.
    static func load(from folder: String) throws -> AgentIdentity? {
        let path = folder + "/identity.json"
        guard let bytes = try StateFile.read(path) else { return nil }
        guard let identity = try? JSONDecoder().decode(AgentIdentity.self, from: Data(bytes)) else {
            throw AgentError("\(path): is no identity; move it away and enrol again")
        }
        return identity
    }

    /// Keeps the identity.
    func save(in folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try StateFile.makeFolder(folder)
        try StateFile.write(Array(try encoder.encode(self)) + [10], to: folder + "/identity.json")
    }

    /// Whether it is one for a collector with these addresses; without any, it says itself where to go.
    func isFor(_ collectors: [CollectorAddress]) -> Bool {
        collectors.isEmpty || collectors.contains { $0.description == collector }
    }

    /// Gets an identity with the token of the settings, and keeps it.
    static func enrol(_ settings: AgentSettings, token: String?, client: CollectorClient) async throws -> AgentIdentity
    {
        guard let token else {
            let known = try load(from: settings.state)
            let why = known.map { "the identity in \(settings.state) is for \($0.collector)" }
            throw AgentError(
                "\(why ?? "there is no identity in \(settings.state)"); run rollcall-agent enroll "
                    + "--collector \(client.collector) --state \(settings.state) --token …")
        }
        return try await enrol(token: token, school: settings.school, folder: settings.state, client: client)
    }

    /// Asks the collector for an identity with a join token, and keeps it.
    static func enrol(
        token: String, school: String?, folder: String, client: CollectorClient
    ) async throws -> AgentIdentity {
        let request = EnrolmentRequest(
            school: school, host: ProcessInfo.processInfo.hostName, version: rollcallVersion)
        let enrolment = try await client.enrol(request, token: token)
        let identity = AgentIdentity(
            collector: client.collector.description, agent: enrolment.agent, secret: enrolment.secret,
            school: enrolment.school)
        try identity.save(in: folder)
        return identity
    }
}

extension AgentSettings {
    /// The join token, from the file or the settings; nil without one, or where nobody needs it any more.
    func joinToken() throws -> String? {
        if let token { return token }
        guard let tokenFile, try AgentIdentity.load(from: state) == nil else { return nil }
        guard let bytes = try StateFile.read(tokenFile) else {
            throw AgentError("\(tokenFile): there is no such file; put the join token there, or change token_file")
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// A failure in words: what, where, and what to do about it.
struct AgentError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
