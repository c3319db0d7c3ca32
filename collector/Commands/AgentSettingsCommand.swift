import ArgumentParser
import Foundation
import Identity
import Registry
import Settings
import Store
import Wire

/// `rollcall-collector settings`: what agents are told to do, which never widens what their own files allow.
struct AgentSettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Sets what agents do, from afar.",
        discussion: """
            Agents get them with the answer to their next report. They can only narrow what an agent's own file lets it \
            observe and tell: the larger k counts, names that are left out are left out, hours are those that both allow.
            """,
        subcommands: [Show.self, Set.self, Clear.self])

    /// `--school` or `--agent`, or neither for all.
    struct ScopeOptions: ParsableArguments {
        @Option(help: "For the agents of this school alone.") var school: String?
        @Option(help: "For this agent alone, by its identifier.") var agent: String?

        func validate() throws {
            guard school == nil || agent == nil else {
                throw ValidationError("--school and --agent are two things; give one, or neither for all schools.")
            }
        }

        var scope: SettingsScope { agent.map { .agent($0) } ?? school.map { .school($0) } ?? .everybody }
    }

    /// `rollcall-collector settings show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what is set for whom, and which agents have it.")

        @OptionGroup var config: ConfigOption

        func run() async throws {
            let store = try SQLiteStore(path: config.settings().database)
            defer { try? store.close() }
            let all = try await store.agentSettings()
            if all.isEmpty {
                Terminal.print("nothing is set; agents count the registry's platforms over all their names")
            }
            for scoped in all { Terminal.print("\(scoped.scope): \(scoped.settings.sentence)") }
            for agent in try await store.settingsProgress() {
                let has = agent.has.map { $0 == 0 ? "none yet" : "version \($0)" } ?? "unknown"
                let given = agent.given.map { "version \($0)" } ?? "none yet"
                let verdict = agent.has == agent.given ? "" : ", gets them with its next report"
                Terminal.print("\(agent.school), agent \(agent.agent): given \(given), has \(has)\(verdict)")
            }
        }
    }

    /// `rollcall-collector settings set`.
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sets what the agents of a scope do, all of it anew.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var scope: ScopeOptions
        @Option(help: "How many devices have to share a name before it is told, 1 to 64.") var k: Int?
        @Option(help: "How often to report, 1m to 1d.") var interval: String?
        @Option(
            name: .customLong("exclude-name"),
            help: "A pattern of names that are not counted, such as example.com; may be repeated.")
        var excludeNames: [String] = []
        @Option(
            name: .customLong("keep-apart"),
            help: "A pattern whose names never count with the name above; may be repeated.")
        var keepApart: [String] = []
        @Option(help: "The hours of the day in which is counted, in full hours: 7-17.") var schoolHours: String?

        func validate() throws { _ = try settings() }

        func run() async throws {
            let settings = try settings()
            let store = try SQLiteStore(path: config.settings().database)
            defer { try? store.close() }
            try await store.setAgentSettings(
                settings, for: scope.scope, by: .commandLine, at: Int(Date().timeIntervalSince1970))
            Terminal.print("\(scope.scope): \(settings.sentence)")
        }

        private func settings() throws -> RemoteSettings {
            var settings = RemoteSettings(version: 0)
            if let k {
                guard (1...64).contains(k) else { throw ValidationError("--k is \(k); it has to be from 1 to 64.") }
                settings.k = k
            }
            if let interval {
                guard let seconds = Duration(settingsText: interval)?.components.seconds,
                    (60...86_400).contains(seconds)
                else { throw ValidationError("--interval \"\(interval)\" is not from 1m to 1d.") }
                settings.intervalSeconds = Int(seconds)
            }
            settings.excludeNames = try Self.checked(excludeNames, "--exclude-name")
            settings.keepApart = try Self.checked(keepApart, "--keep-apart")
            if let schoolHours { settings.schoolHours = try Self.hours(schoolHours) }
            guard settings != RemoteSettings(version: 0) else {
                throw ValidationError(
                    "nothing to set; give --k, --interval, --exclude-name, --keep-apart or --school-hours.")
            }
            return settings
        }

        private static func checked(_ patterns: [String], _ option: String) throws -> [String] {
            try patterns.map { text in
                do throws(PatternMistake) {
                    return try NamePattern(text).text
                } catch {
                    throw ValidationError("\(option) \"\(text)\" \(error)")
                }
            }
        }

        private static func hours(_ text: String) throws -> RemoteSettings.Hours {
            let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let from = numbers[0], let until = numbers[1], from >= 0, from < until,
                until <= 24
            else { throw ValidationError("--school-hours \"\(text)\" is no span of hours; write full hours as 7-17.") }
            return RemoteSettings.Hours(from: from, until: until)
        }
    }

    /// `rollcall-collector settings clear`.
    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes back what was set for a scope.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var scope: ScopeOptions

        func run() async throws {
            let store = try SQLiteStore(path: config.settings().database)
            defer { try? store.close() }
            try await store.setAgentSettings(
                nil, for: scope.scope, by: .commandLine, at: Int(Date().timeIntervalSince1970))
            Terminal.print("\(scope.scope): nothing is set")
        }
    }
}

extension RemoteSettings {
    /// What they say, in a sentence.
    fileprivate var sentence: String {
        var parts: [String] = []
        if let k { parts.append("k is at least \(k)") }
        if let intervalSeconds { parts.append("a report every \(intervalSeconds) s") }
        if let schoolHours { parts.append("only from \(schoolHours.from) to \(schoolHours.until) o'clock") }
        if !excludeNames.isEmpty { parts.append("without \(excludeNames.joined(separator: ", "))") }
        if !keepApart.isEmpty { parts.append("apart: \(keepApart.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }
}
