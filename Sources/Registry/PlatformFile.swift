import Wire

/// A file of platforms: the registry as the district keeps it in a spreadsheet, or the catalogue.
///
/// Columns are told by the names in the first line, so that they may stand in any order and all but `platform` may be
/// missing.
package enum PlatformFile {
    /// The columns, in the order in which they are written.
    package enum Column: String, CaseIterable, Sendable {
        /// The platform's name.
        case platform
        /// Who makes it.
        case vendor
        /// What it is for.
        case category
        /// `tool` or `infrastructure`; empty for a tool.
        case kind
        /// What the district decided; empty where it decided nothing.
        case status
        /// Name patterns, separated by spaces.
        case patterns
        /// What use is bound to.
        case conditions
        /// The approved platform to move to.
        case replacement
        /// Remarks.
        case notes
        /// `contract`, `on_demand` or `free`.
        case relationship
        /// The contract's number or name.
        case contract
        /// What one buys by.
        case priceVehicle = "price_vehicle"
        /// How many licences there are.
        case licences
        /// For whom it was approved, separated by semicolons.
        case audiences
        /// The last day of the approval, as 2026-11-24.
        case approvalExpires = "approval_expires"
        /// The data about students that it takes, separated by semicolons.
        case studentData = "student_data"
        /// From which age on it may be used.
        case ageLimit = "age_limit"
        /// Where the data-privacy agreement can be read.
        case agreement
        /// The day on which the agreement was signed.
        case agreementSigned = "agreement_signed"
        /// The agreement's last day.
        case agreementExpires = "agreement_expires"
        /// Outside ratings, each an address and a day, separated by semicolons.
        case ratings
    }

    /// A platform and the line that it was read from.
    package struct Row: Equatable, Sendable {
        /// The line on which the row begins.
        package var line: Int
        /// The platform.
        package var platform: Platform

        /// Makes a row.
        package init(line: Int, platform: Platform) {
            self.line = line
            self.platform = platform
        }
    }

    /// Reads a file, all or nothing.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - file: What the file is called in errors.
    ///   - known: Platforms that are known besides: what a replacement may also name, and whose patterns are taken
    ///     unless the file has a platform of the same name.
    /// - Returns: The platforms, in the order of the file.
    /// - Throws: Everything that is wrong, each mistake with its line.
    package static func read(
        _ bytes: [UInt8], file: String, known: KnownPlatforms = KnownPlatforms()
    ) throws(PlatformFileError) -> [Platform] {
        var parser = PlatformFileParser(file: file)
        let rows = parser.rows(of: bytes)
        parser.checkTogether(rows, known: known)
        guard parser.mistakes.isEmpty else { throw PlatformFileError(parser.mistakes) }
        return rows.map(\.platform)
    }

    /// Writes platforms, sorted by name, so that a file that was read and written once stays the same byte for byte.
    ///
    /// What a spreadsheet would run has a `'` before it, which reading takes away again.
    package static func write(_ platforms: [Platform]) -> String {
        var writer = CSVWriter()
        writer.write(Column.allCases.map(\.rawValue))
        for platform in platforms.sorted(by: { ($0.key, $0.name) < ($1.key, $1.name) }) {
            writer.write(Column.allCases.map { Formula.written(platform.field($0)) })
        }
        return writer.text
    }
}

/// Platforms that a file may refer to, or must not contradict, without containing them.
package struct KnownPlatforms: Sendable {
    /// Platforms that stay in the registry beside those of the file: their patterns are taken.
    package var registry: [Platform]
    /// The catalogue: its patterns may be claimed by the registry.
    package var catalogue: [Platform]

    /// Makes a list.
    package init(registry: [Platform] = [], catalogue: [Platform] = []) {
        self.registry = registry
        self.catalogue = catalogue
    }
}

extension Platform {
    /// What a column of a file says of the platform.
    func field(_ column: PlatformFile.Column) -> String {
        switch column {
        case .platform: name
        case .vendor: vendor
        case .category: category
        case .kind: kind.rawValue
        case .status: status.rawValue
        case .patterns: patterns.map(\.text).joined(separator: " ")
        case .conditions: conditions
        case .replacement: replacement
        case .notes: notes
        case .relationship: terms.relationship?.rawValue ?? ""
        case .contract: terms.contract
        case .priceVehicle: terms.priceVehicle
        case .licences: terms.licences.map(String.init) ?? ""
        case .audiences: terms.audiences.joined(separator: "; ")
        case .approvalExpires: terms.approvalExpires?.description ?? ""
        case .studentData: privacy.studentData.joined(separator: "; ")
        case .ageLimit: privacy.ageLimit
        case .agreement: privacy.agreement?.link ?? ""
        case .agreementSigned: privacy.agreement?.signed?.description ?? ""
        case .agreementExpires: privacy.agreement?.expires?.description ?? ""
        case .ratings: privacy.ratings.map { "\($0.link) \($0.day)" }.joined(separator: "; ")
        }
    }
}
