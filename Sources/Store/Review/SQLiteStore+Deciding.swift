import GRDB
package import Identity
package import Registry

/// What one click does with names that nobody knows.
extension SQLiteStore {
    /// Makes a platform; refused where one of its patterns belongs to another.
    package func addPlatform(_ platform: Platform, by who: Who, at now: Int) async throws {
        _ = try await importRegistry(replacing: false, by: who.name, at: now) { registry in
            if let other = registry.first(where: { $0.key == platform.key }) {
                throw ReviewRefusal.platformExists(other.name)
            }
            try Self.checkOwners(of: platform.patterns, for: platform.key, in: registry)
            return [platform]
        }
        try await record(
            AuditEntry(
                at: now, who: who, what: "platform.add", subject: platform.name, after: platform.patternText))
    }

    /// Gives patterns to a platform, which the registry has or takes over from the catalogue.
    package func assign(
        _ patterns: [NamePattern], to name: String, catalogue: [Platform], by who: Who, at now: Int
    ) async throws {
        let before = try await registry().first { $0.key == Platform.key(of: name) }
        _ = try await importRegistry(replacing: false, by: who.name, at: now) { registry in
            let listed = catalogue.first { $0.key == Platform.key(of: name) }
            guard var platform = registry.first(where: { $0.key == Platform.key(of: name) }) ?? listed else {
                throw ReviewRefusal.noPlatform(name)
            }
            // What it has from the catalogue it would lose by getting patterns of its own.
            if platform.patterns.isEmpty { platform.patterns = listed?.patterns ?? [] }
            try Self.checkOwners(of: patterns, for: platform.key, in: registry)
            platform.patterns += patterns.filter { !platform.patterns.contains($0) }
            return [platform]
        }
        let after = try await registry().first { $0.key == Platform.key(of: name) }
        try await record(
            AuditEntry(
                at: now, who: who, what: "platform.assign", subject: after?.name ?? name,
                before: before?.patternText, after: after?.patternText))
    }

    private static func checkOwners(
        of patterns: [NamePattern], for key: String, in registry: [Platform]
    ) throws(ReviewRefusal) {
        for pattern in patterns {
            if let owner = registry.first(where: { $0.key != key && $0.patterns.contains(pattern) }) {
                throw .patternTaken(pattern.text, by: owner.name)
            }
        }
    }
}

/// Why names cannot be given to a platform.
package enum ReviewRefusal: Error, Equatable, CustomStringConvertible {
    /// The registry has a platform of that name.
    case platformExists(String)
    /// There is no platform of that name.
    case noPlatform(String)
    /// A pattern belongs to another platform.
    case patternTaken(String, by: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .platformExists(let name):
            "the registry has a platform \"\(name)\" already; give the names to it, or choose another name"
        case .noPlatform(let name):
            "neither the registry nor the catalogue has a platform \"\(name)\"; make it, or choose another"
        case .patternTaken(let pattern, let owner):
            "\(pattern) belongs to \"\(owner)\" already; a name has one owner, take it away there first"
        }
    }
}

extension Platform {
    fileprivate var patternText: String { patterns.map(\.text).joined(separator: " ") }
}
