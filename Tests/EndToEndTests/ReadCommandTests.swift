import Foundation
import Testing

@Suite struct `The read command` {
    @Test func `wrong usage is told in words and exits with 2`() throws {
        for arguments in [["read"], ["read", "-k", "0", "x"], ["read", "--format", "xml", "x"], ["reed"]] {
            let outcome = try Program.agent.run(arguments)
            #expect(outcome.status == 2, "\(arguments)")
            #expect(outcome.errors.contains("Usage: rollcall-agent"), "\(arguments)")
        }
    }

    @Test func `a file that is not there, or no capture, is named with the reason and exits with 1`() throws {
        let missing = try Program.agent.run(["read", "/nowhere.pcap"])
        #expect(missing.status == 1)
        #expect(missing.errors == "rollcall-agent: /nowhere.pcap: No such file or directory\n")
        let noCapture = try Program.agent.run(["read", "-"], input: Data("this is no capture".utf8))
        #expect(noCapture.status == 1)
        #expect(noCapture.errors == "rollcall-agent: standard input: unknown file format\n")
    }

    @Test func `what could be read of a capture that is cut off is printed before the error`() throws {
        let frame = Frames.query(for: "learn.example.org")
        let whole = Frames.capture([frame, frame + [0]])
        let outcome = try Program.agent.run(["read", "--format", "csv", "-"], input: whole.dropLast(3))
        #expect(outcome.status == 1)
        #expect(outcome.output == "name,dns,tls,quic,http,attributed,devices\nlearn.example.org,1,0,0,0,0,1\n")
        #expect(outcome.errors.hasPrefix("rollcall-agent: standard input: truncated dump file"))
    }

    @Test func `the JSON has the names, what stayed unnamed and the capture's figures`() throws {
        let outcome = try Program.agent.run(
            ["read", "--format", "json", "-"], input: Frames.capture([Frames.query(for: "learn.example.org")]))
        #expect(outcome.status == 0)
        let report = try JSONDecoder().decode(Printed.self, from: Data(outcome.output.utf8))
        #expect(report.names.map(\.name) == ["learn.example.org"])
        #expect(report.names.map(\.dns) == [1])
        #expect(report.unnamed == ["tls": 0, "quic": 0])
        #expect(report.encrypted_dns == ["dot": 0, "doq": 0, "doh": 0])
        #expect(report.capture.frames == 1)
        #expect(report.capture.first == "2026-11-24T12:00:00.000Z")
    }

    @Test func `with -k a name of too few devices is withheld`() throws {
        let input = Frames.capture([Frames.query(for: "learn.example.org")])
        let outcome = try Program.agent.run(["read", "-k", "2", "--format", "json", "-"], input: input)
        let report = try JSONDecoder().decode(Printed.self, from: Data(outcome.output.utf8))
        #expect(report.names.isEmpty)
        #expect(report.withheld["dns"] == 1)
    }

    private struct Printed: Decodable {
        struct Name: Decodable {
            var name: String
            var dns: Int
        }
        struct Capture: Decodable {
            var frames: Int
            var first: String
        }
        var names: [Name]
        var unnamed: [String: Int]
        var encrypted_dns: [String: Int]
        var withheld: [String: Int]
        var capture: Capture
    }
}
