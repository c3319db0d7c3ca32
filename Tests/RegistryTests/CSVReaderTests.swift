import Registry
import Testing

@Suite struct `CSV` {
    private func fields(_ text: String) throws -> [[String]] {
        try CSVReader.records(of: Array(text.utf8)).map(\.fields)
    }

    @Test(arguments: ["a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\rc,d", "\u{FEFF}a,b\nc,d", "\na,b\n\n\r\nc,d"])
    func `any line ending, a byte order mark and empty lines make no difference`(text: String) throws {
        #expect(try fields(text) == [["a", "b"], ["c", "d"]])
    }

    @Test(arguments: ["a;b\n1,5;2\n", "a\tb\n1,5\t2\n", "a,b\n\"1,5\",2\n"])
    func `the delimiter is what the first line uses most`(text: String) throws {
        #expect(try fields(text) == [["a", "b"], ["1,5", "2"]])
    }

    @Test func `a quoted field may have delimiters, quotes and line ends in it, and lines go on counting`() throws {
        let records = try CSVReader.records(of: Array("a,b\n\"x, \"\"y\"\"\r\nz\",2\n3,4\n".utf8))
        #expect(
            records == [
                CSVRecord(line: 1, fields: ["a", "b"]), CSVRecord(line: 2, fields: ["x, \"y\"\r\nz", "2"]),
                CSVRecord(line: 4, fields: ["3", "4"]),
            ])
    }

    @Test func `an empty field at the end counts`() throws {
        #expect(try fields("a,b,\n,,\n") == [["a", "b", ""], ["", "", ""]])
    }

    @Test func `a quote that never closes is told at the line where it opened`() {
        #expect(throws: CSVError(line: 2, reason: .unclosedQuote)) { try fields("a,b\n1,\"2\n3,4\n") }
    }

    @Test func `text after a closing quote is an error`() {
        #expect(throws: CSVError(line: 2, reason: .textAfterQuote)) { try fields("a\n\"1\"2\n") }
    }

    @Test func `bytes that are not UTF-8 are an error with their line`() {
        let bytes = Array("a,b\n1,".utf8) + [0xE9] + Array("\n".utf8)
        #expect(throws: CSVError(line: 2, reason: .notUTF8)) { try CSVReader.records(of: bytes) }
    }

    @Test(arguments: 0..<200)
    func `what is written is read back`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let alphabet: [Character] = ["a", "é", ",", ";", "\t", "\"", "\n", "\r", " ", "🎓"]
        let records = (0..<Int.random(in: 1...5, using: &random)).map { _ in
            ["first"]
                + (0..<3).map { _ in
                    String(
                        (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
                            alphabet.randomElement(using: &random)
                        })
                }
        }
        var writer = CSVWriter()
        // The header decides on the delimiter.
        writer.write(["a", "b", "c", "d"])
        for record in records { writer.write(record) }
        let read = try CSVReader.records(of: Array(writer.text.utf8)).dropFirst().map(\.fields)
        #expect(read == records)
    }
}

/// Random numbers that a seed repeats.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
