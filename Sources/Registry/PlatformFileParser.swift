import Wire

/// Reads rows and collects every mistake, so that a file is corrected in one go.
struct PlatformFileParser {
    let file: String
    private(set) var mistakes: [PlatformFileError.Mistake] = []

    init(file: String) {
        self.file = file
    }

    /// The rows, each with what of it could be read: one mistake must not lead to another.
    mutating func rows(of bytes: [UInt8]) -> [PlatformFile.Row] {
        let records: [CSVRecord]
        do {
            records = try CSVReader.records(of: bytes)
        } catch {
            note(error.line, error.reason.sentence)
            return []
        }
        guard let header = records.first else {
            note(1, "the file is empty; its first line names the columns: \(Self.columnNames)")
            return []
        }
        guard let columns = columns(of: header) else { return [] }
        return records.dropFirst().compactMap { row($0, columns) }
    }

    mutating func note(_ line: Int, _ message: String) {
        mistakes.append(PlatformFileError.Mistake(file: file, line: line, message: message))
    }

    private static let columnNames = PlatformFile.Column.allCases.map(\.rawValue).joined(separator: ",")

    /// Where each column stands; nil when the rows cannot be read by it.
    private mutating func columns(of header: CSVRecord) -> [PlatformFile.Column: Int]? {
        let before = mistakes.count
        var columns: [PlatformFile.Column: Int] = [:]
        for (index, field) in header.fields.enumerated() {
            let name = field.trimmed.lowercased()
            if name.isEmpty { continue }
            guard let column = PlatformFile.Column(rawValue: name) else {
                let names = PlatformFile.Column.allCases.map(\.rawValue)
                note(
                    header.line,
                    "unknown column \"\(field.trimmed)\"; the columns are \(Self.columnNames)"
                        + Suggestion.sentence(for: name, among: names))
                continue
            }
            if columns.updateValue(index, forKey: column) != nil {
                note(header.line, "column \"\(name)\" stands there twice; leave one of them out")
            }
        }
        if columns[.platform] == nil {
            note(header.line, "there is no column \"platform\"; the first line names the columns: \(Self.columnNames)")
        }
        return mistakes.count == before ? columns : nil
    }

    private mutating func row(_ record: CSVRecord, _ columns: [PlatformFile.Column: Int]) -> PlatformFile.Row? {
        let fields = record.fields.map(\.trimmed)
        guard fields.contains(where: { !$0.isEmpty }) else { return nil }
        func text(_ column: PlatformFile.Column) -> String {
            columns[column].flatMap { $0 < fields.count ? Formula.read(fields[$0]) : nil } ?? ""
        }
        let width = (columns.values.max() ?? 0) + 1
        if fields.dropFirst(width).contains(where: { !$0.isEmpty }) {
            note(
                record.line,
                "there are \(fields.count) fields, but \(width) columns; put a field with a comma in it in quotes")
        }
        let platform = Platform(
            name: name(text(.platform), record.line), vendor: line(text(.vendor), .vendor, record.line),
            category: line(text(.category), .category, record.line), kind: kind(text(.kind), record.line),
            status: status(text(.status), record.line), patterns: patterns(text(.patterns), record.line),
            conditions: text(.conditions), replacement: line(text(.replacement), .replacement, record.line),
            notes: text(.notes), terms: terms(text, record.line), privacy: privacy(text, record.line))
        return platform.name.isEmpty ? nil : PlatformFile.Row(line: record.line, platform: platform)
    }

    private mutating func name(_ text: String, _ line: Int) -> String {
        if text.isEmpty {
            note(line, "platform is empty; every row names one")
        } else if text.count > 200 {
            note(line, "platform \"\(text.prefix(40))…\" is longer than 200 characters; shorten it")
        }
        return self.line(text, .platform, line)
    }

    /// A field that has to be on one line, because pages and tables show it on one.
    private mutating func line(_ text: String, _ column: PlatformFile.Column, _ line: Int) -> String {
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            let shown = String(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "␤" : Character($0) })
            note(line, "\(column) \"\(shown)\" has a line break or control character in it; write it on one line")
        }
        return text
    }

    private mutating func kind(_ text: String, _ line: Int) -> Platform.Kind {
        if text.isEmpty { return .tool }
        if let kind = Platform.Kind(rawValue: text.lowercased()) { return kind }
        let kinds = Platform.Kind.allCases.map(\.rawValue)
        note(
            line,
            "kind \"\(text)\" is not one of \(kinds.joined(separator: ", "))"
                + Suggestion.sentence(for: text.lowercased(), among: kinds))
        return .tool
    }

    private mutating func status(_ text: String, _ line: Int) -> Status {
        if text.isEmpty { return .unlisted }
        if let status = Status(text: text) { return status }
        let statuses = Status.allCases.map(\.rawValue)
        note(
            line,
            "status \"\(text)\" is not one of \(statuses.joined(separator: ", "))"
                + Suggestion.sentence(for: text.lowercased(), among: statuses))
        return .unlisted
    }

    private mutating func patterns(_ text: String, _ line: Int) -> [NamePattern] {
        var patterns: [NamePattern] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            do {
                let pattern = try NamePattern(String(word))
                if !patterns.contains(pattern) { patterns.append(pattern) }
            } catch {
                note(line, "patterns: \"\(word)\" \(error)")
            }
        }
        return patterns
    }
}

extension PlatformFileParser {
    private mutating func terms(_ text: (PlatformFile.Column) -> String, _ line: Int) -> Terms {
        Terms(
            relationship: relationship(text(.relationship), line),
            contract: self.line(text(.contract), .contract, line),
            priceVehicle: self.line(text(.priceVehicle), .priceVehicle, line),
            licences: licences(text(.licences), line),
            audiences: list(text(.audiences), .audiences, line),
            approvalExpires: day(text(.approvalExpires), .approvalExpires, line))
    }

    private mutating func privacy(_ text: (PlatformFile.Column) -> String, _ line: Int) -> PrivacyFacts {
        let signed = day(text(.agreementSigned), .agreementSigned, line)
        let expires = day(text(.agreementExpires), .agreementExpires, line)
        let link = text(.agreement)
        for (column, day) in [(PlatformFile.Column.agreementSigned, signed), (.agreementExpires, expires)]
        where link.isEmpty && day != nil {
            note(
                line,
                "\(column.rawValue) stands there without an agreement; write the agreement's address, or neither")
        }
        if let signed, let expires, expires < signed {
            note(line, "agreement_expires \(expires) is before agreement_signed \(signed); write the later day there")
        }
        if !link.isEmpty { checkAddress(link, .agreement, line) }
        return PrivacyFacts(
            studentData: list(text(.studentData), .studentData, line),
            ageLimit: self.line(text(.ageLimit), .ageLimit, line),
            agreement: link.isEmpty ? nil : PrivacyFacts.Agreement(link: link, signed: signed, expires: expires),
            ratings: ratings(text(.ratings), line))
    }

    private mutating func relationship(_ text: String, _ line: Int) -> Terms.Relationship? {
        if text.isEmpty { return nil }
        let word = String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        if let relationship = Terms.Relationship(rawValue: word) { return relationship }
        let all = Terms.Relationship.allCases.map(\.rawValue)
        note(
            line,
            "relationship \"\(text)\" is not one of \(all.joined(separator: ", "))"
                + Suggestion.sentence(for: word, among: all))
        return nil
    }

    private mutating func licences(_ text: String, _ line: Int) -> Int? {
        if text.isEmpty { return nil }
        if let count = Int(text), count >= 0 { return count }
        note(line, "licences \"\(text)\" is no number; write it with digits alone, such as 1200")
        return nil
    }

    private mutating func day(_ text: String, _ column: PlatformFile.Column, _ line: Int) -> SchoolDay? {
        if text.isEmpty { return nil }
        if let day = SchoolDay(text) { return day }
        note(line, "\(column.rawValue) \"\(text)\" is no day; write it as 2026-11-24")
        return nil
    }

    /// What is separated by semicolons, without what is empty.
    private mutating func list(_ text: String, _ column: PlatformFile.Column, _ line: Int) -> [String] {
        self.line(text, column, line).split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    private mutating func ratings(_ text: String, _ line: Int) -> [PrivacyFacts.Rating] {
        var ratings: [PrivacyFacts.Rating] = []
        for entry in list(text, .ratings, line) {
            let words = entry.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count == 2, let day = SchoolDay(words[1]) else {
                note(
                    line,
                    "ratings: \"\(entry)\" is no address and day; write it as https://ratings.example/x 2026-11-24")
                continue
            }
            checkAddress(words[0], .ratings, line)
            ratings.append(PrivacyFacts.Rating(link: words[0], day: day))
        }
        return ratings
    }

    /// Pages show these as links: nothing but a web address may stand there.
    private mutating func checkAddress(_ text: String, _ column: PlatformFile.Column, _ line: Int) {
        let isAddress = ["https://", "http://"].contains { text.lowercased().hasPrefix($0) && text.count > $0.count }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }
        if !isAddress || !isPlain {
            note(
                line,
                "\(column.rawValue): \"\(text)\" is no web address; write it as https://district.example/agreement")
        }
    }
}

extension PlatformFileParser {
    /// What no row can be wrong about alone: names and patterns that two platforms claim, and replacements.
    mutating func checkTogether(_ rows: [PlatformFile.Row], known: KnownPlatforms) {
        var lines: [String: Int] = [:]
        for row in rows {
            if let first = lines[row.platform.key] {
                note(
                    row.line,
                    "platform \"\(row.platform.name)\" stands on line \(first) already; make one row of the two")
            } else {
                lines[row.platform.key] = row.line
            }
        }
        checkPatterns(rows, staying: known.registry.filter { lines[$0.key] == nil })
        let names = (rows.map(\.platform) + known.registry + known.catalogue).map(\.name)
        let replacements = Set(names.map(Platform.key))
        for row in rows where !row.platform.replacement.isEmpty {
            let replacement = row.platform.replacement
            if Platform.key(of: replacement) == row.platform.key {
                note(row.line, "replacement \"\(replacement)\" is the platform itself; name another one or none")
            } else if !replacements.contains(Platform.key(of: replacement)) {
                let remedy = Suggestion.nearest(to: replacement, among: names).map { ". Did you mean \"\($0)\"?" }
                note(
                    row.line,
                    "replacement \"\(replacement)\" is not a platform"
                        + (remedy ?? "; add a row for it or leave the replacement empty"))
            }
        }
    }

    private mutating func checkPatterns(_ rows: [PlatformFile.Row], staying: [Platform]) {
        var owners: [NamePattern: (name: String, line: Int?)] = [:]
        for platform in staying {
            for pattern in platform.patterns { owners[pattern] = (platform.name, nil) }
        }
        for row in rows {
            for pattern in row.platform.patterns {
                guard let owner = owners[pattern] else {
                    owners[pattern] = (row.platform.name, row.line)
                    continue
                }
                // A platform that stands there twice was named already.
                if Platform.key(of: owner.name) == row.platform.key { continue }
                let place = owner.line.map { "on line \($0)" } ?? "in the registry"
                note(
                    row.line,
                    "patterns: \"\(pattern.text)\" of \"\(row.platform.name)\" also belongs to \"\(owner.name)\" "
                        + "\(place); a name has one owner, leave it out of one of them")
            }
        }
    }
}

extension CSVError.Reason {
    /// What is wrong and the remedy.
    package var sentence: String {
        switch self {
        case .unclosedQuote: "a quoted field begins here and never ends; close it with a quote"
        case .textAfterQuote:
            "there is text after a closing quote; double the quotes that belong to the text, as in \"a \"\"b\"\"\""
        case .notUTF8: "there are bytes that are not UTF-8; save the file as \"CSV UTF-8\""
        }
    }
}

extension String {
    /// The text without white space around it.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
