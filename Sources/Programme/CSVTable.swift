import Registry

/// A CSV file whose first line names its columns, read with every mistake that is in it.
///
///     var table = CSVTable(bytes, file: "survey.csv", columns: ["school", "tool"], required: ["school", "tool"])
///     while let row = table.next() { … }
///     try table.finish()
struct CSVTable {
    private let file: String
    private var records: ArraySlice<CSVRecord> = []
    private var columns: [String: Int] = [:]
    private var mistakes: [PlatformFileError.Mistake] = []

    /// One line of the file.
    struct Row {
        var line: Int
        fileprivate var fields: [String]
        fileprivate var columns: [String: Int]

        /// What stands in a column, without white space around it; empty where there is nothing.
        func text(_ column: String) -> String {
            guard let index = columns[column], index < fields.count else { return "" }
            let text = fields[index]
            return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
    }

    init(_ bytes: [UInt8], file: String, columns known: [String], required: [String]) {
        self.file = file
        do {
            records = try CSVReader.records(of: bytes)[...]
        } catch {
            note(error.line, error.reason.sentence)
            return
        }
        guard let header = records.popFirst() else {
            note(1, "the file is empty; its first line names the columns: \(known.joined(separator: ","))")
            return
        }
        for (index, field) in header.fields.enumerated() {
            let name = field.lowercased().filter { !$0.isWhitespace }
            if name.isEmpty { continue }
            if known.contains(name) {
                columns[name] = index
            } else {
                let hint = Suggestion.nearest(to: name, among: known).map { ". Did you mean \"\($0)\"?" } ?? ""
                note(header.line, "unknown column \"\(field)\"; the columns are \(known.joined(separator: ","))\(hint)")
            }
        }
        for name in required where columns[name] == nil {
            note(
                header.line,
                "there is no column \"\(name)\"; the first line names the columns: \(known.joined(separator: ","))")
        }
        if !mistakes.isEmpty { records = [] }
    }

    /// The next line that has something in it.
    mutating func next() -> Row? {
        // Ends, because each turn takes a record.
        while let record = records.popFirst() {
            guard record.fields.contains(where: { $0.contains { !$0.isWhitespace } }) else { continue }
            return Row(line: record.line, fields: record.fields, columns: columns)
        }
        return nil
    }

    /// Remembers a mistake.
    mutating func note(_ line: Int, _ message: String) {
        mistakes.append(PlatformFileError.Mistake(file: file, line: line, message: message))
    }

    /// The whole number in a column; nil where there is nothing, and a mistake where there is something else.
    mutating func count(_ column: String, of row: Row) -> Int? {
        let text = row.text(column)
        if text.isEmpty { return nil }
        guard let number = Int(text), (0...100_000_000).contains(number) else {
            note(row.line, "\(column) \"\(text)\" is no whole number; write it as 120")
            return nil
        }
        return number
    }

    /// Throws for what is wrong.
    func finish() throws(PlatformFileError) {
        if !mistakes.isEmpty { throw PlatformFileError(mistakes) }
    }
}
