import Foundation
import Testing

/// Captures of real clients, with what the clients did beside them; their README says how they are made again.
private let folder = Program.package.appending(path: "Tests/Fixtures/captures")

@Suite struct `Captures of our own making` {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".expected.json") }.map { String($0.dropLast(".expected.json".count)) }
            .sorted()
    }()

    @Test func `there are some`() {
        #expect(Self.names.count >= 20)
    }

    @Test(arguments: names)
    func `what the clients did is found, exactly`(capture: String) throws {
        let expected = try JSONDecoder().decode(
            Deeds.self, from: Data(contentsOf: folder.appending(path: "\(capture).expected.json")))
        let outcome = try Program.agent.run(
            ["read", "--format", "json", folder.appending(path: "\(capture).pcap").path])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try JSONDecoder().decode(Deeds.self, from: Data(outcome.output.utf8)) == expected)
    }

    /// What clients did, or what the agent found that they did.
    private struct Deeds: Decodable, Equatable {
        struct Name: Decodable, Equatable {
            var name: String
            var dns: Int
            var tls: Int
            var quic: Int
            var attributed: Int
        }
        struct Unnamed: Decodable, Equatable {
            var tls: Int
            var quic: Int
        }
        var names: [Name]
        var unnamed: Unnamed
    }
}
