import Matching
package import Registry
import Wire

extension UseReader {
    package func platformUse(in scope: UseScope) async throws -> UseTable {
        try await read(scope) { view in
            guard let period = view.period else { return view.emptyTable }
            let ledger = try view.platforms(period)
            let before = try view.previous.map { try view.platforms($0) }
            var table = view.emptyTable
            table.everything = ledger.everything.figures(schoolDays: ledger.schoolDays)
            table.reportingSchools = ledger.everything.schools.count
            table.coverage = try view.coverage(period, ledger.everything)
            table.platforms = try ledger.uses.indices.compactMap { number in
                guard !ledger.uses[number].days.isEmpty else { return nil }
                let use = try view.use(of: number, ledger, before)
                return scope.includes(use.platform) ? use : nil
            }.sorted { UseRank($0.figures, $0.platform.name) < UseRank($1.figures, $1.platform.name) }
            return table
        }
    }

    package func use(of platform: String, in scope: UseScope) async throws -> PlatformUse? {
        try await read(scope) { view in
            guard let number = view.mapping.numbers(of: .platform(platform))?.first else { return nil }
            guard let period = view.period else {
                let (platform, isRegistered) = view.mapping.platform(number)
                return PlatformUse(platform: platform, isRegistered: isRegistered, figures: UseFigures())
            }
            let ledger = try view.platforms(period, only: [number])
            return try view.use(of: number, ledger, try view.previous.map { try view.platforms($0, only: [number]) })
        }
    }

    /// The use of all tools of each status over time, in the same steps for each: what ``trend(of:in:by:)`` gives of each.
    package func statusTrends(in scope: UseScope, by step: TrendStep) async throws -> [Status: [TrendPoint]] {
        try await read(scope) { view in
            guard let period = view.period else { return [:] }
            let ledger = try view.platforms(period)
            var trends: [Status: [TrendPoint]] = [:]
            for status in Status.allCases {
                let use = ledger.largest(of: view.mapping.numbers(of: .status(status)) ?? [])
                trends[status] = use.points(of: period, by: step, schoolDays: ledger.schoolDays)
            }
            return trends
        }
    }

    package func trend(of subject: UseSubject, in scope: UseScope, by step: TrendStep) async throws -> [TrendPoint] {
        try await read(scope) { view in
            guard let period = view.period else { return [] }
            let numbers = view.mapping.numbers(of: subject)
            let ledger = try view.platforms(period, only: numbers ?? [])
            let use = numbers.map { ledger.largest(of: $0) } ?? ledger.everything
            return use.points(of: period, by: step, schoolDays: ledger.schoolDays)
        }
    }

    package func hoursOfDay(of subject: UseSubject, in scope: UseScope) async throws -> HourProfile {
        try await read(scope) { view in
            guard let whole = view.period else { return HourProfile(period: nil, schoolDays: 0, devices: []) }
            // Read from the rows: of one school four weeks are soon read, of a district one.
            let isSchool = if case .school = scope.schools { true } else { false }
            let period = Period(max(whole.first, whole.last.advanced(by: isSchool ? -27 : -6)), whole.last)
            let numbers = view.mapping.numbers(of: subject)
            let ledger = try view.hours(period, of: numbers)
            let schoolDays = ledger.schoolDays
            var hours = HourCounts()
            for (index, told) in ledger.hours.enumerated() where schoolDays[index] { hours.add(told) }
            return HourProfile(
                period: period, schoolDays: schoolDays.count { $0 }, devices: (0..<24).map { hours[$0] })
        }
    }

    package func schools(using subject: UseSubject, in scope: UseScope) async throws -> [SchoolUse] {
        try await read(scope) { view in
            guard let period = view.period else { return [] }
            let ledger = try view.perSchool(period, of: view.mapping.numbers(of: subject))
            return view.schools.enumerated().compactMap { position, school in
                let use = ledger.uses[position]
                guard !use.days.isEmpty else { return nil }
                return SchoolUse(
                    school: school.name, region: school.region, figures: use.figures(schoolDays: ledger.schoolDays),
                    lastSeen: use.lastDay.map(period.first.advanced(by:)))
            }.sorted { UseRank($0.figures, $0.school) < UseRank($1.figures, $1.school) }
        }
    }

    package func names(of platform: String, in scope: UseScope, page: ListPage) async throws -> Paged<NameUse> {
        try await read(scope) { view in
            guard let number = view.mapping.numbers(of: .platform(platform))?.first else {
                return Paged(items: [], total: 0)
            }
            guard let period = view.period else { return Paged(items: [], total: 0) }
            let names = try view.names(of: number).sorted()
            // All of a few are told, and need not be found first.
            if names.count <= page.limit, page.offset == 0 { return try view.seen(names, in: period) }
            return try view.names(page) { try view.tally(ofNamesOf: number, $0, schoolDays: $1) }
        }
    }

    package func unknownNames(in scope: UseScope, page: ListPage) async throws -> Paged<NameUse> {
        try await read(scope) { view in
            let found = page.search.isEmpty ? nil : try view.names(containing: page.search)
            let isWanted = found.map { found in { (name: Int64) in found.contains(name) } }
            return try view.names(page) { try view.unknownSums($0, schoolDays: $1, where: isWanted).tally }
        }
    }

    /// How many names that belong to no platform were seen.
    package func unknownNameCount(in scope: UseScope) async throws -> Int {
        try await read(scope) { view in try view.period.map { try view.unknownCount($0) } ?? 0 }
    }
}

extension View {
    /// The use of a platform.
    fileprivate func use(of number: Int, _ ledger: UseLedger, _ before: UseLedger?) throws -> PlatformUse {
        let (platform, isRegistered) = mapping.platform(number)
        return PlatformUse(
            platform: platform, isRegistered: isRegistered,
            figures: ledger.uses[number].figures(schoolDays: ledger.schoolDays),
            previous: before.map { $0.uses[number].figures(schoolDays: $0.schoolDays) },
            schools: ledger.uses[number].schools.count, firstSeen: try firstDay(of: number))
    }

    /// A page of names of which `tally` tells the devices, most devices first, then those that the district saw first.
    fileprivate func names(
        _ page: ListPage, _ tally: (_ period: Period, _ schoolDays: [Bool]) throws -> NameTally
    ) throws -> Paged<NameUse> {
        guard let period else { return Paged(items: [], total: 0) }
        let schoolDays = try everything(period).schoolDays(of: period.count)
        let tally = try tally(period, schoolDays)
        return Paged(items: try uses(of: tally.names(of: page), in: period), total: tally.names.count)
    }

    /// The use of those names of a few that were seen, most devices first, then those that the district saw first.
    fileprivate func seen(_ names: [Int64], in period: Period) throws -> Paged<NameUse> {
        let uses = try self.uses(of: names, in: period).filter { $0.figures.daysSeen > 0 }
        let devices = uses.map { min($0.figures.devicesOnSchoolDays, 1 << 31) }
        let order = uses.indices.sorted { (devices[$1], $0) < (devices[$0], $1) }
        return Paged(items: order.map { uses[$0] }, total: uses.count)
    }

    /// The use of names, in their order.
    func uses(of names: [Int64], in period: Period) throws -> [NameUse] {
        guard !names.isEmpty else { return [] }
        let ledger = try self.names(period, names)
        let schoolDays = ledger.schoolDays
        let before = try previous.map { try self.names($0, names) }
        return try names.enumerated().map { slot, name in
            let (text, firstDay) = try text(of: name)
            let evidence = mapping.matcher.evidence(for: text)
            return NameUse(
                name: text, pattern: evidence?.pattern, isRegistered: evidence?.isRegistered ?? false,
                figures: ledger.uses[slot].figures(schoolDays: schoolDays),
                previous: before.map { $0.uses[slot].figures(schoolDays: $0.schoolDays) },
                schools: ledger.uses[slot].schools.count, firstSeen: firstDay)
        }
    }
}

extension UseLedger {
    /// Some platforms together: the same devices may use all of them, so the devices are those of the largest each day.
    fileprivate func largest(of numbers: [Int]) -> Use {
        numbers.count == 1 ? uses[numbers[0]] : Use(largestOf: numbers.map { uses[$0] }.filter { !$0.days.isEmpty })
    }
}

extension Use {
    /// A point for each step of a period.
    fileprivate func points(of period: Period, by step: TrendStep, schoolDays: [Bool]) -> [TrendPoint] {
        let days = period.ordinals
        return step.starts(of: days).map { start in
            let part = step.days(from: start).clamped(to: days)
            let range = (part.lowerBound - days.lowerBound)..<(part.upperBound - days.lowerBound + 1)
            return TrendPoint(day: SchoolDay(ordinal: start), figures: figures(of: range, schoolDays: schoolDays))
        }
    }
}

extension TrendStep {
    /// The first day of each step that has one of these days.
    fileprivate func starts(of days: ClosedRange<Int>) -> [Int] {
        switch self {
        case .day: Array(days)
        case .week: Array(stride(from: Week(day: days.lowerBound).monday, through: days.upperBound, by: 7))
        }
    }

    fileprivate func days(from start: Int) -> ClosedRange<Int> {
        switch self {
        case .day: start...start
        case .week: start...(start + 6)
        }
    }
}
