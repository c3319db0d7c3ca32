package import Programme
import Registry
package import Wire

/// When alerts fire; the defaults are the documented ones, and the district's file changes them.
package struct AlertRules: Sendable, Equatable {
    /// The kinds that are switched off.
    package var off: Set<Alert.Kind> = []
    /// A tool without a decision counts as discovered in so many schools, or on so many devices.
    package var discoveredSchools = 2
    /// The devices of which the line before speaks.
    package var discoveredDevices = 10
    /// From so many devices at a school on, a flagged tool is in use.
    package var flaggedDevices = 3
    /// So many times as many devices as before are fast growth.
    package var growthFactor = 3
    /// From so many devices on, growth is worth telling.
    package var growthDevices = 20
    /// So many days before it expires, an approval is about to.
    package var expiringDays = 60
    /// After so many school days without a report, a school is silent.
    package var silentDays = 2
    /// So many percentage points of coverage have to be lost.
    package var coveragePoints = 20
    /// After so many days, what still is so fires again.
    package var rearmDays = 90

    /// Makes the default rules.
    package init() {}
}

/// What the rules weigh.
package struct AlertInput: Sendable {
    /// What was seen.
    package var facts: UseFacts
    /// The approvals that end, by platform.
    package var expiries: [String: SchoolDay]
    /// Why platforms are flagged, by the platform's key.
    package var reasons: [String: String] = [:]
    /// The licences that are held, by the platform's key.
    package var licences: [String: Int]
    /// Where tools for staff alone were seen in the students' network: devices by platform and school.
    package var beyondAudience: [Alert.Subject: Int]

    /// Makes an input.
    package init(
        facts: UseFacts, expiries: [String: SchoolDay] = [:], licences: [String: Int] = [:],
        beyondAudience: [Alert.Subject: Int] = [:]
    ) {
        self.facts = facts
        self.expiries = expiries
        self.licences = licences
        self.beyondAudience = beyondAudience
    }
}

extension AlertRules {
    /// Everything that is so today, whether or not it was told before.
    package func alerts(_ input: AlertInput) -> [Alert] {
        let tools = input.facts.tools.flatMap { tool -> [Alert] in
            let today = input.facts.today
            let own = [discovered(tool, today), growth(tool, today), beyondLicence(tool, input.licences, today)]
            return own.compactMap { $0 } + flagged(tool, input.reasons, today)
        }
        let schools = input.facts.schools.flatMap { school in
            [silent(school, on: input.facts.today), coverageLost(school)].compactMap { $0 }
        }
        let expiries = input.expiries.sorted { $0.key < $1.key }
            .compactMap { expiring($0.key, $0.value, on: input.facts.today) }
        let audiences = input.beyondAudience.sorted {
            ($0.key.platform, $0.key.school) < ($1.key.platform, $1.key.school)
        }
        .map { subject, devices in
            let use = input.facts.tool(named: subject.platform)?.uses[subject.school]
            return beyondAudience(
                subject, devices,
                since: since(use?.firstDay, on: input.facts.today, after: "; the school has used it "))
        }
        return (tools + audiences + expiries + schools).filter { !off.contains($0.subject.kind) }
    }

    /// Whether a name that belongs to no platform can fire a rule, by the schools that used it lately and its devices.
    package func isNotable(schools: Int, devices: Int) -> Bool {
        schools >= discoveredSchools || devices >= min(discoveredDevices, growthDevices)
    }

    private func discovered(_ tool: ToolFacts, _ today: SchoolDay) -> Alert? {
        let (schools, devices) = (tool.schoolsLately, tool.devicesLately)
        guard tool.status == .unlisted, schools.count >= discoveredSchools || devices >= discoveredDevices else {
            return nil
        }
        return Alert(
            subject: Alert.Subject(.discovered, platform: tool.name), armedBy: tool.status.rawValue,
            seen:
                "\(tool.name) is in use\(at(schools)) on at least \(counted(devices, "device"))\(since(tool.since, on: today)).",
            registry: tool.platform == nil ? "No known platform has this name." : "The registry does not have it.",
            ask: tool.platform == nil ? "Say which tool it is, or dismiss it." : "Put it under review, or flag it.",
            link: link(tool), weight: devices)
    }

    private func flagged(_ tool: ToolFacts, _ reasons: [String: String], _ today: SchoolDay) -> [Alert] {
        guard let platform = tool.platform, platform.status == .flagged else { return [] }
        return tool.uses.filter { $0.value.devices >= flaggedDevices }.sorted { $0.key < $1.key }.map { school, use in
            Alert(
                subject: Alert.Subject(.flaggedInUse, platform: platform.name, school: school),
                armedBy: platform.status.rawValue,
                seen: "\(platform.name) is in use at \(school) on at least \(counted(use.devices, "device"))"
                    + "\(since(use.firstDay, on: today)).",
                registry: "It is flagged" + (reasons[platform.key].map { ": \($0)." } ?? "."),
                ask: platform.replacement.isEmpty
                    ? "Agree with the school how its use ends." : "Move the school to \(platform.replacement).",
                link: link(tool), weight: use.devices)
        }
    }

    private func growth(_ tool: ToolFacts, _ today: SchoolDay) -> Alert? {
        let (now, before) = (tool.devicesLately, tool.devicesBefore)
        guard now >= growthDevices, before > 0, now >= growthFactor * before, tool.status != .flagged else {
            return nil
        }
        return Alert(
            subject: Alert.Subject(.growth, platform: tool.name), armedBy: tool.status.rawValue,
            seen: "\(tool.name) grew from at least \(counted(before, "device")) in the four weeks before to \(now) in "
                + "the last seven days\(at(tool.schoolsLately))"
                + "\(since(tool.since, on: today, after: "; it has been in use ")).",
            registry: sentence(tool.status), ask: "Find out why, and whether licences and conditions still fit.",
            link: link(tool), weight: now)
    }

    private func beyondLicence(_ tool: ToolFacts, _ licences: [String: Int], _ today: SchoolDay) -> Alert? {
        guard let held = licences[Platform.key(of: tool.name)], tool.devicesLately > held else { return nil }
        return Alert(
            subject: Alert.Subject(.beyondLicence, platform: tool.name), armedBy: "\(tool.status.rawValue) \(held)",
            seen: "\(tool.name) is in use\(at(tool.schoolsLately)) on at least "
                + "\(counted(tool.devicesLately, "device"))\(since(tool.since, on: today)).",
            registry: "\(counted(held, "licence is", "licences are")) held.",
            ask: "Check the licence count before the vendor does.", link: link(tool), weight: tool.devicesLately - held)
    }

    private func beyondAudience(_ subject: Alert.Subject, _ devices: Int, since: String) -> Alert {
        Alert(
            subject: subject, armedBy: "approved",
            seen: "\(subject.platform) is in use at \(subject.school) on at least \(counted(devices, "device")) in the "
                + "students' network on a day of the last seven\(since).",
            registry: "It is approved for staff alone.", ask: "Ask the school to keep it to staff.",
            link: Alert.link(to: "/tool", platform: subject.platform), weight: devices)
    }

    private func expiring(_ platform: String, _ day: SchoolDay, on today: SchoolDay) -> Alert? {
        let left = day.ordinal - today.ordinal
        guard left > 0, left <= expiringDays else { return nil }
        return Alert(
            subject: Alert.Subject(.expiring, platform: platform), armedBy: day.description,
            seen: "The approval of \(platform) ends on \(day.words), in \(counted(left, "day")).",
            registry: "It is approved.", ask: "Review it again, or let buyers know that it ends.",
            link: Alert.link(to: "/programme/platform", platform: platform), weight: expiringDays - left)
    }

    private func silent(_ school: SchoolFacts, on today: SchoolDay) -> Alert? {
        let missed = (school.lastDay.ordinal + 1..<max(today.ordinal, school.lastDay.ordinal + 1))
            .count { SchoolDay(ordinal: $0).isWeekday }
        guard missed >= silentDays else { return nil }
        return Alert(
            subject: Alert.Subject(.silent, school: school.school), armedBy: school.lastDay.description,
            seen: "\(school.school) has not reported since \(school.lastDay.words): \(counted(missed, "school day")).",
            registry: "Its figures are missing from every report since then.",
            ask: "Look at the school's gateway.", link: "/schools", weight: missed)
    }

    private func coverageLost(_ school: SchoolFacts) -> Alert? {
        guard let now = school.coverage, let before = school.coverageBefore, before - now >= coveragePoints else {
            return nil
        }
        return Alert(
            subject: Alert.Subject(.coverageLost, school: school.school), armedBy: "lost",
            seen: "At \(school.school), \(now)% of connections could be named in the last seven days; it was "
                + "\(before)% in the four weeks before.",
            registry: "Its figures now show less than there is.",
            ask: "Look at what changed in the school's network.", link: "/schools", weight: before - now)
    }

    private func at(_ schools: [String]) -> String {
        if schools.count <= 3 { return schools.isEmpty ? "" : " at " + schools.joined(separator: ", ") }
        return " at \(schools.count) schools"
    }

    /// Since when, as far as the five weeks that were looked at tell.
    private func since(_ day: SchoolDay?, on today: SchoolDay, after beginning: String = ", ") -> String {
        guard let day else { return "" }
        return beginning + (today.ordinal - day.ordinal >= 28 ? "for four weeks or more" : "since \(day.words)")
    }

    private func link(_ tool: ToolFacts) -> String {
        tool.platform == nil
            ? Alert.link(to: "/unknown", as: "search", platform: tool.name)
            : Alert.link(to: "/tool", platform: tool.name)
    }

    private func sentence(_ status: Status) -> String {
        switch status {
        case .approved: "It is approved."
        case .flagged: "It is flagged."
        case .underReview: "It is under review."
        case .unlisted: "The registry does not have it."
        }
    }

    private func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}

extension Alert {
    /// A link to a page about a platform or name, which its address has under a key, percent-encoded (RFC 3986 section 2.1).
    package static func link(to page: String, as key: String = "name", platform name: String) -> String {
        let digits = Array("0123456789ABCDEF")
        let encoded = name.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber || "-._~".contains(character))
                ? String(character) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
        return "\(page)?\(key)=\(encoded.joined())"
    }
}
