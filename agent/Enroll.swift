import ArgumentParser
import Shipping

struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Gets this agent its identity from the collector.",
        discussion: "Can be repeated: an identity for the same collector is kept.")

    @Option(help: "The collector's address, https://collector.example.")
    var collector: String
    @Option(help: "The join token, from `rollcall-collector token create`.")
    var token: String
    @Option(help: "The school, where the token is not bound to one.")
    var school: String?
    @Option(help: "The state folder.")
    var state = AgentSettings.defaultState
    @Option(help: "The certificates to trust, in PEM, in place of the system's.")
    var caFile: String?

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
        let identity = try await AgentIdentity.enrol(
            at: address, token: token, school: school, folder: state, certificateFile: caFile)
        print("enrolled as \(identity.agent) for \(identity.school)")
    }
}
