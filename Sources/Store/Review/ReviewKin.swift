import Matching
import Registry

/// What platforms have in common with names that nobody knows.
struct ReviewKin {
    private let words: KinWords
    /// Platforms by the schools at which they are used, where those tell.
    private var platforms: [[UInt8]: [String]] = [:]
    private let schoolsOfScope: Int

    init(_ view: View, _ period: Period) throws {
        words = view.mapping.words
        schoolsOfScope = view.schools.count
        let users = try view.users(period)
        for (number, platform) in view.mapping.matcher.platforms.enumerated() where platform.kind == .tool {
            let schools = users[number]
            if ReviewGroups.isTelling(schools.count, of: schoolsOfScope) {
                platforms[schools.bytes, default: []].append(platform.name)
            }
        }
    }

    /// The platforms to which domains probably belong that are one group, most likely first.
    func suggestions(for domains: [String], at schools: SchoolSet) -> [OwnerSuggestion] {
        var reasons = words.reasons(for: domains[0])
        for domain in domains.dropFirst() { reasons.merge(words.reasons(for: domain), uniquingKeysWith: min) }
        if ReviewGroups.isTelling(schools.count, of: schoolsOfScope) {
            for platform in platforms[schools.bytes] ?? [] where reasons[platform] == nil {
                reasons[platform] = .sameSchools
            }
        }
        let sorted = reasons.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        return sorted.prefix(3).map { OwnerSuggestion(platform: $0.key, reason: $0.value) }
    }
}
