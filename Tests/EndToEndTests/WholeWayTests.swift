import Capture
import Foundation
import Testing
import Wire

/// The captures of the demo's schools: several devices each, so that k has something to do.
private let schools = Program.package.appending(path: "config/demo")

private func captures(of school: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
        at: schools.appending(path: school), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "pcap" }.sorted { $0.path < $1.path }
}

private let schoolNames = ["sample-middle", "sample-north-high"]

@Suite struct `The whole way from captures to the report` {
    @Test(arguments: [1, 3])
    func `reports sent three times in any order change no total`(k: Int) throws {
        let district = try District()
        try district.startCollector()
        var sent: [(report: URL, secret: String)] = []
        for school in schoolNames {
            try district.enrol(school, k: k)
            for capture in try captures(of: school) {
                let outcome = try Program.agent.run(district.replay(capture, at: school))
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
            let secret = try district.secret(of: school)
            sent += try district.reports(of: school).map { ($0, secret) }
        }
        let before = try district.report()
        #expect(before.contains("\"platform\""))
        for (report, secret) in (sent + sent + sent).shuffled() {
            #expect(try district.resend(report, secret: secret) == "200")
        }
        #expect(try district.report() == before)
    }

    @Test func `a collector that is asked to stop does so in good order, also with a connection open`() throws {
        let district = try District()
        try district.startCollector()
        try district.enrol("sample-middle")
        #expect(try Data(contentsOf: URL(string: district.address + "/healthz")!).isEmpty == false)
        let (status, errors) = try district.stopCollector()
        #expect(status == 0)
        #expect(!errors.contains("error"), "\(errors)")
    }

    @Test func `agents and a collector that are killed again and again end with the totals of an undisturbed run`()
        throws
    {
        func run(disturbed: Bool) throws -> String {
            let district = try District()
            try district.startCollector()
            for school in schoolNames {
                try district.enrol(school, k: 3)
                for capture in try captures(of: school).prefix(2) {
                    let command = district.replay(capture, at: school)
                    for delay in disturbed ? [0.005, 0.02, 0.03, 0.04, 0.06, 0.1] : [] {
                        try kill(command, after: delay * Double.random(in: 0.5...1.5))
                        district.killCollector()
                        if Bool.random() { try kill(command, after: 0.05) }
                        try district.startCollector()
                    }
                    let outcome = try Program.agent.run(command)
                    #expect(outcome.status == 0, "\(outcome.errors)")
                }
            }
            return try district.report()
        }
        #expect(try run(disturbed: true) == run(disturbed: false))
    }

    @Test func `no address of a client is in any report, in the agents' state or in the database`() throws {
        // A match of a few bytes by chance, in random numbers, does not come twice; an address that leaks does.
        let found = try (0..<2).map { _ in try leakedAddresses() }
        #expect(found[0].intersection(found[1]).isEmpty)
    }

    private func kill(_ command: [String], after delay: Double) throws {
        let process = Process()
        process.executableURL = Program.agent.path
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: delay)
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The addresses of the captures' frames that are found, as bytes or as text, in what was sent or stored.
    private func leakedAddresses() throws -> Set<String> {
        let district = try District()
        try district.startCollector()
        var addresses = Set<[UInt8]>()
        for school in schoolNames {
            try district.enrol(school, k: 1)
            for capture in try captures(of: school) {
                addresses.formUnion(try clientAddresses(in: capture))
                #expect(try Program.agent.run(district.replay(capture, at: school)).status == 0)
            }
        }
        #expect(addresses.count > 10)
        // The search itself works: it finds an address where there is one.
        let first = try Data(contentsOf: try #require(captures(of: schoolNames[0]).first))
        #expect(addresses.contains { address in forms(of: address).contains { first.range(of: $0) != nil } })
        var haystacks: [Data] = []
        for school in schoolNames {
            haystacks += try district.reports(of: school).map { report in
                Data(try Gzip.decompress([UInt8](Data(contentsOf: report)), limit: 1 << 24))
            }
            let state = district.folder.appending(path: "\(school)/state")
            haystacks += try FileManager.default.contentsOfDirectory(at: state, includingPropertiesForKeys: nil)
                .map { try Data(contentsOf: $0) }
        }
        #expect(haystacks.count > schoolNames.count)
        district.killCollector()
        for suffix in ["", "-wal"] {
            haystacks.append(try Data(contentsOf: URL(filePath: district.database.path + suffix)))
        }
        var found = Set<String>()
        for address in addresses {
            for needle in forms(of: address) where haystacks.contains(where: { $0.range(of: needle) != nil }) {
                found.insert("\(address)")
            }
        }
        return found
    }

    /// An address as it is, backwards, and as text in the usual ways.
    private func forms(of address: [UInt8]) -> [Data] {
        func hexadecimal(_ separator: String) -> String {
            address.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: separator)
        }
        var texts = [hexadecimal(":"), hexadecimal("-"), hexadecimal("")]
        if address.count == 4 { texts.append(address.map(String.init).joined(separator: ".")) }
        return [Data(address), Data(address.reversed())] + texts.map { Data($0.utf8) }
    }

    /// The hardware and network addresses of the clients: who asks port 53, and who sends a SYN.
    private func clientAddresses(in capture: URL) throws -> Set<[UInt8]> {
        var source = try CaptureFile(capture.path)
        var addresses = Set<[UInt8]>()
        while let frame = try source.next() {
            var bytes: [UInt8] = []
            for index in frame.bytes.indices { bytes.append(frame.bytes[index]) }
            var header = 12
            while bytes.count > header + 4, bytes[header] == 0x81, bytes[header + 1] == 0 { header += 4 }
            guard bytes.count >= header + 2 + 40 else { continue }
            let packet = Array(bytes[(header + 2)...])
            let isIPv4 = packet[0] >> 4 == 4
            let ports = isIPv4 ? Int(packet[0] & 15) * 4 : 40
            guard packet.count >= ports + 14 else { continue }
            let next = isIPv4 ? packet[9] : packet[6]
            let isQuery = next == 17 && packet[ports + 2] == 0 && packet[ports + 3] == 53
            let isSYN = next == 6 && packet[ports + 13] & 0x12 == 0x02
            guard isQuery || isSYN else { continue }
            addresses.insert(Array(bytes[6..<12]))
            addresses.insert(Array(isIPv4 ? packet[12..<16] : packet[8..<24]))
        }
        return addresses
    }
}
