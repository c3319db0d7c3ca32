/// One record of a CSV text and the line on which it begins.
package struct CSVRecord: Equatable, Sendable {
    /// The line, counted from 1.
    package var line: Int
    /// The fields, without their quotes.
    package var fields: [String]

    /// Makes a record.
    package init(line: Int, fields: [String]) {
        self.line = line
        self.fields = fields
    }
}

/// What makes a text no CSV, and on which line.
package struct CSVError: Error, Equatable {
    /// The line, counted from 1.
    package var line: Int
    /// What is wrong there.
    package var reason: Reason

    /// Makes an error.
    package init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }

    /// The ways to be no CSV.
    package enum Reason: Error, Equatable {
        /// A quoted field never ends.
        case unclosedQuote
        /// There is text between a closing quote and the next delimiter.
        case textAfterQuote
        /// The bytes are not UTF-8.
        case notUTF8
    }
}

/// Reads CSV (RFC 4180) as spreadsheets write it: with a byte order mark, any line ending, and a semicolon or a tab as
/// delimiter where the first line uses that more than commas.
///
/// Lines with nothing in them are passed over. A quote inside a field that does not begin with one is taken literally.
package struct CSVReader {
    private let bytes: ArraySlice<UInt8>
    private let delimiter: UInt8
    private var position: Int
    private var line = 1

    /// Makes a reader of a whole file's bytes.
    package init(_ bytes: [UInt8]) {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        self.bytes = bytes.dropFirst(hasMark ? 3 : 0)
        self.delimiter = Self.delimiter(of: self.bytes)
        self.position = self.bytes.startIndex
    }

    /// All records of a file.
    package static func records(of bytes: [UInt8]) throws(CSVError) -> [CSVRecord] {
        var reader = CSVReader(bytes)
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    /// The next record, or nil at the end.
    package mutating func next() throws(CSVError) -> CSVRecord? {
        // Ends, because each turn consumes a line.
        while position < bytes.endIndex {
            let start = line
            var fields: [String] = []
            repeat { fields.append(try field()) } while skip(delimiter)
            skipLineEnd()
            if fields != [""] { return CSVRecord(line: start, fields: fields) }
        }
        return nil
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipLineEnd() {
        let hadReturn = skip(UInt8(ascii: "\r"))
        if skip(UInt8(ascii: "\n")) || hadReturn { line += 1 }
    }

    private mutating func field() throws(CSVError) -> String {
        guard peek == UInt8(ascii: "\"") else {
            let start = position
            while let byte = peek, byte != delimiter, !Self.isLineEnd(byte) { position += 1 }
            return try text(bytes[start..<position], at: line)
        }
        return try quotedField()
    }

    private mutating func quotedField() throws(CSVError) -> String {
        let start = line
        var content: [UInt8] = []
        position += 1
        while let byte = peek {
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard skip(UInt8(ascii: "\"")) else {
                    guard peek == nil || peek == delimiter || peek.map(Self.isLineEnd) == true else {
                        throw CSVError(line: line, reason: .textAfterQuote)
                    }
                    return try text(content[...], at: start)
                }
            } else if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && peek != UInt8(ascii: "\n")) {
                line += 1
            }
            content.append(byte)
        }
        throw CSVError(line: start, reason: .unclosedQuote)
    }

    private func text(_ bytes: ArraySlice<UInt8>, at line: Int) throws(CSVError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CSVError(line: line, reason: .notUTF8)
        }
        return text
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// What the first line has most of outside of quotes; a comma where it has none.
    private static func delimiter(of bytes: ArraySlice<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if isLineEnd(byte) { break }
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return candidates[counts.firstIndex(of: most) ?? 0]
    }
}
