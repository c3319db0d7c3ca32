import ArgumentParser
import Foundation
import Identity
import Pages
import Store

/// `rollcall-collector agent`: the gateways' identities.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Shows the gateways' agents, and takes back, renews and moves their identities.",
        subcommands: [List.self, Revoke.self, Rotate.self, Move.self])

    /// `rollcall-collector agent list`: every agent that joined.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints identifier, school, host, version, last report and state, with tabs between.")

        @Option(help: "Only this school.") var school: String?
        @OptionGroup var config: ConfigOption

        func run() async throws {
            let settings = try config.settings()
            let catalogue = try settings.readCatalogue()
            try await settings.withStore { store, now in
                let wanted = school.map(SchoolName.key)
                for agent in try await UseReader(store: store, catalogue: catalogue).agents(at: now)
                where wanted.map({ $0 == SchoolName.key(of: agent.school) }) ?? true {
                    let state =
                        agent.revokedAt != nil
                        ? "revoked" : agent.problems.contains(.usedTwice) ? "used by two gateways" : "on"
                    Terminal.print(
                        [
                            agent.identifier, agent.school, agent.host, agent.version, Moment.written(agent.reportedAt),
                            state,
                        ].joined(separator: "\t"))
                }
            }
        }
    }

    /// `rollcall-collector agent revoke`: no more reports.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes an agent's identity back; what it reported stays. The gateway may join again with a token."
        )

        @Argument(help: "The agent's identifier, of `agent list`.") var agent: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await config.settings().withStore { store, now in
                try await store.revoke(agent: agent, by: .commandLine, at: now)
            }
        }
    }

    /// `rollcall-collector agent rotate`: another secret.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a join token with which the gateway gets another secret for the identity that it has.",
            discussion: """
                On the gateway, remove identity.json and run `rollcall-agent enroll` with the token, within seven days. \
                Until then the old secret holds; from then on it is void. Counts go on as they are.
                """)

        @Argument(help: "The agent's identifier, of `agent list`.") var agent: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await config.settings().withStore { store, now in
                var random = SystemRandomNumberGenerator()
                let token = JoinToken(using: &random)
                try await store.keepRenewal(token, of: agent, until: now + 7 * 86_400, by: .commandLine, at: now)
                Terminal.print(token.text)
            }
        }
    }

    /// `rollcall-collector agent move`: another school.
    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets an agent report for another school; the days that it reported so far stay where they are.")

        @Argument(help: "The agent's identifier, of `agent list`.") var agent: String
        @Option(help: "The school, as it is known here.") var school: String
        @OptionGroup var config: ConfigOption

        func run() async throws {
            try await config.settings().withStore { store, now in
                try await store.move(agent: agent, to: school, by: .commandLine, at: now)
            }
        }
    }
}
