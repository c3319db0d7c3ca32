package import Registry

/// What a school or the district paid for a platform.
package struct Spend: Sendable, Equatable, Codable {
    /// The platform.
    package var platform: String
    /// The school; empty for the district.
    package var school: String
    /// The period, such as `2026-27`.
    package var period: String
    /// Cents of the district's currency.
    package var cents: Int
    /// Licences that were bought; nil where that was not said.
    package var licences: Int?

    /// Makes a spend.
    package init(platform: String, school: String, period: String, cents: Int, licences: Int? = nil) {
        self.platform = platform
        self.school = school
        self.period = period
        self.cents = cents
        self.licences = licences
    }
}

/// Spend figures, as a CSV file.
package enum SpendFile {
    /// Reads `platform,school,period,amount,licences`, all or nothing.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: What it is called in mistakes.
    ///   - spelling: What the registry and the catalogue call the platforms: a figure of one that they do not have would be
    ///     added up nowhere.
    /// - Returns: The figures, each under the registry's name.
    /// - Throws: Every mistake.
    package static func read(
        _ bytes: [UInt8], file: String, naming spelling: ToolSpelling
    ) throws(PlatformFileError) -> [Spend] {
        var table = CSVTable(
            bytes, file: file, columns: ["platform", "school", "period", "amount", "licences"],
            required: ["platform", "period", "amount"])
        var spends: [Spend] = []
        while let row = table.next() {
            for column in ["platform", "period"] where row.text(column).isEmpty {
                table.note(row.line, "\(column) is empty; every row says it")
            }
            let amount = row.text("amount")
            let cents = Self.cents(amount)
            if cents == nil { table.note(row.line, "amount \"\(amount)\" is no amount; write it as 1200 or 1200.50") }
            spends.append(
                Spend(
                    platform: Self.platform(row, spelling, &table), school: row.text("school"),
                    period: row.text("period"),
                    cents: cents ?? 0, licences: table.count("licences", of: row)))
        }
        try table.finish()
        return spends
    }

    /// The registry's name of a platform; what was written where nobody knows it, which is a mistake.
    private static func platform(_ row: CSVTable.Row, _ spelling: ToolSpelling, _ table: inout CSVTable) -> String {
        let written = row.text("platform")
        guard !written.isEmpty else { return written }
        let reason: String
        switch spelling.meaning(of: written) {
        case .certain(let name): return name
        case .likely(let names):
            reason = "did you mean \(names.map { "\"\($0)\"" }.joined(separator: " or "))?"
        case .unknown: reason = "add it to the registry first, or write it as there"
        }
        table.note(row.line, "there is no platform \"\(written)\" in registry and catalogue; \(reason)")
        return written
    }

    /// The cents of `1200`, `1,200.50` or `$1200.5`.
    static func cents(_ text: String) -> Int? {
        let plain = text.filter { $0 != "," && $0 != "$" && $0 != " " }
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, !first.isEmpty, first.allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= 2, fraction.allSatisfy(\.isASCIIDigit), let whole = Int(first),
            whole <= 1_000_000_000_000,
            let cents = Int(fraction.isEmpty ? "0" : fraction)
        else { return nil }
        return whole * 100 + (fraction.count == 1 ? cents * 10 : cents)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

/// What a buyer puts before a vendor: how much of a platform the district uses, pays for, and could do without.
package struct Leverage: Sendable, Equatable {
    /// The platforms, most devices first.
    package var lines: [Line]
    /// The categories in which two tools or more are in use, most devices first.
    package var overlaps: [Overlap]

    /// A platform.
    package struct Line: Sendable, Equatable {
        /// Its name.
        package var platform: String
        /// Who makes it.
        package var vendor: String
        /// What it is for.
        package var category: String
        /// What the registry says.
        package var status: Status
        /// Schools lately.
        package var schools: Int
        /// Devices lately, at least.
        package var devices: Int
        /// Devices before, at least.
        package var devicesBefore: Int
        /// Other tools of its category in use.
        package var others: [String]
        /// Licences that were bought; nil where nobody said.
        package var licences: Int?
        /// Cents paid in all periods on record; nil where nobody said.
        package var cents: Int?
        /// How many schools pay for themselves.
        package var payers: Int

        /// The case for one contract of the district, all that speaks for it; nil where nothing does.
        package var argument: String? {
            var reasons: [String] = []
            if let licences, licences > devices, devices > 0 {
                reasons.append(
                    "\(licences) licences are paid for, and its busiest day saw at least \(devices) devices: ask whether fewer will do."
                )
            }
            if payers >= 2 {
                reasons.append(
                    "\(payers) schools pay for themselves: one contract of the district replaces \(payers).")
            } else if schools >= 3 {
                reasons.append("\(schools) schools use it: ask for a price for the whole district.")
            }
            if devices == 0, (cents ?? 0) > 0 || (licences ?? 0) > 0 {
                reasons.append("It is paid for and was not seen in use: end or move the licences.")
            }
            return reasons.isEmpty ? nil : reasons.joined(separator: " ")
        }
    }

    /// A category in which several tools do the same.
    package struct Overlap: Sendable, Equatable {
        /// The category.
        package var category: String
        /// The tools, most devices first.
        package var platforms: [String]
        /// Schools that use one of them at least.
        package var schools: Int
        /// Devices, of the schools' largest tool.
        package var devices: Int
        /// Likewise, in the four weeks before.
        package var devicesBefore: Int
        /// Licences held for all of them; nil where nobody said.
        package var licences: Int?
        /// The tool that a contract of the district would be about: the approved one that is used most; nil for none.
        package var approved: String?
        /// Cents paid for all of them; nil where nobody said.
        package var cents: Int?

        /// The case for one contract of the district.
        package var argument: String {
            let others = platforms.count == 2 ? "the other tool" : "the other \(platforms.count - 1) tools"
            let place = schools == 1 ? "the school" : "all \(schools) schools"
            guard let approved else {
                return "None is approved: once one is, a contract for \(place) may replace \(others)."
            }
            return "\(approved) is approved: one contract for \(place) may replace \(others)."
        }
    }

    /// Weighs use against spend and licences.
    ///
    /// - Parameters:
    ///   - facts: What was seen.
    ///   - spends: What was paid.
    ///   - platforms: All platforms of registry and catalogue: what is paid for and was never seen is among them.
    package init(facts: UseFacts, spends: [Spend], platforms: [Platform]) {
        let spent = Dictionary(grouping: spends.filter { $0.cents > 0 || $0.licences != nil }) {
            Platform.key(of: $0.platform)
        }
        let held = Dictionary(platforms.compactMap { platform in platform.terms.licences.map { (platform.key, $0) } }) {
            first, _ in first
        }
        let seen = Set(facts.tools.map { Platform.key(of: $0.name) })
        let unseen = platforms.filter { !seen.contains($0.key) }
            .map { ToolFacts(name: $0.name, platform: $0, uses: [:]) }
        let tools = (facts.tools + unseen).filter { tool in
            let key = Platform.key(of: tool.name)
            return tool.platform?.kind == .tool
                && (tool.devicesLately > 0 || spent[key] != nil || (held[key] ?? 0) > 0)
        }
        let byCategory = Dictionary(grouping: tools.filter { $0.devicesLately > 0 }) { $0.platform?.category ?? "" }
        lines = tools.map { tool in
            let category = tool.platform?.category ?? ""
            let own = spent[Platform.key(of: tool.name)] ?? []
            let bought = own.compactMap(\.licences)
            return Line(
                platform: tool.name, vendor: tool.platform?.vendor ?? "", category: category, status: tool.status,
                schools: tool.uses.countLately, devices: tool.devicesLately, devicesBefore: tool.devicesBefore,
                others: category.isEmpty
                    ? [] : (byCategory[category] ?? []).map(\.name).filter { $0 != tool.name }.sorted(),
                licences: bought.isEmpty ? held[Platform.key(of: tool.name)] : bought.reduce(0, +),
                cents: own.isEmpty ? nil : own.reduce(0) { $0 + $1.cents },
                payers: Set(own.filter { $0.cents > 0 }.map { $0.school.lowercased() }.filter { !$0.isEmpty }).count)
        }
        lines.sort { ($1.devices, $0.platform) < ($0.devices, $1.platform) }
        overlaps = byCategory.compactMap { category, tools in Overlap(category, tools, spent, held) }
        overlaps.sort { ($1.devices, $0.category) < ($0.devices, $1.category) }
    }
}

extension Leverage.Overlap {
    fileprivate init?(
        _ category: String, _ tools: [ToolFacts], _ spent: [String: [Spend]], _ held: [String: Int]
    ) {
        guard !category.isEmpty, tools.count >= 2 else { return nil }
        let ranked = tools.map { (devices: $0.devicesLately, name: $0.name, isApproved: $0.status == .approved) }
            .sorted { ($1.devices, $0.name) < ($0.devices, $1.name) }
        // The devices of a school's largest tool.
        var largest: [String: (now: Int, before: Int)] = [:]
        for tool in tools {
            for (school, use) in tool.uses {
                let known = largest[school] ?? (0, 0)
                largest[school] = (max(known.now, use.devices), max(known.before, use.before))
            }
        }
        let own = tools.flatMap { spent[Platform.key(of: $0.name)] ?? [] }
        let licences = tools.compactMap { tool in
            let bought = (spent[Platform.key(of: tool.name)] ?? []).compactMap(\.licences)
            return bought.isEmpty ? held[Platform.key(of: tool.name)] : bought.reduce(0, +)
        }
        self.init(
            category: category, platforms: ranked.map(\.name), schools: largest.values.count { $0.now > 0 },
            devices: largest.values.reduce(0) { $0 + $1.now },
            devicesBefore: largest.values.reduce(0) { $0 + $1.before },
            licences: licences.isEmpty ? nil : licences.reduce(0, +),
            approved: ranked.first(where: \.isApproved)?.name,
            cents: own.isEmpty ? nil : own.reduce(0) { $0 + $1.cents })
    }
}
