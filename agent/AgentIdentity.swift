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

    /// Asks the collector for an identity with a join token, and keeps it.
    static func enrol(
        at collector: CollectorAddress, token: String, school: String?, folder: String, certificateFile: String?
    ) async throws -> AgentIdentity {
        let client = try CollectorClient(collector: collector, certificateFile: certificateFile)
        let request = EnrolmentRequest(
            school: school, host: ProcessInfo.processInfo.hostName, version: rollcallVersion)
        let answer: Result<Enrolment, ShippingError>
        do throws(ShippingError) {
            answer = .success(try await client.enrol(request, token: token))
        } catch {
            answer = .failure(error)
        }
        await client.shutdown()
        let enrolment = try answer.get()
        let identity = AgentIdentity(
            collector: collector.description, agent: enrolment.agent, secret: enrolment.secret,
            school: enrolment.school)
        try identity.save(in: folder)
        return identity
    }
}

/// A failure in words: what, where, and what to do about it.
struct AgentError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
