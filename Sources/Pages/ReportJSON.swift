import FoundationEssentials
import Registry
public import Usage

/// The report as JSON, byte for byte the same for the same report: keys are sorted, and every number is an integer.
public func reportJSON(_ report: UseReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(ReportDocument(report)), as: UTF8.self) + "\n"
}

/// The report as its JSON is laid out.
private struct ReportDocument: Encodable {
    var scope: Scope
    var tools: [Tool]
    var unknown: [Name]
    var infrastructure: Infrastructure
    var coverage: CoverageDocument

    init(_ report: UseReport) {
        scope = Scope(report.scope)
        tools = report.tools.map(Tool.init)
        unknown = report.unknown.map(Name.init)
        infrastructure = Infrastructure(report.infrastructure)
        coverage = CoverageDocument(report.coverage)
    }

    /// What the report covers; null where nothing was asked for or nothing was there.
    struct Scope: Encodable {
        var school: String?
        var from: String?
        var to: String?
        var firstDay: String?
        var lastDay: String?
        var schools: [String]

        init(_ scope: UseReport.Scope) {
            (school, from, to) = (scope.school, scope.from, scope.to)
            (firstDay, lastDay, schools) = (scope.firstDay, scope.lastDay, scope.schools.sorted())
        }

        enum CodingKeys: String, CodingKey {
            case school, from, to
            case firstDay = "first_day"
            case lastDay = "last_day"
            case schools
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            // Written out, for a missing field would have to be told from a null by every reader.
            try container.encode(school, forKey: .school)
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
            try container.encode(firstDay, forKey: .firstDay)
            try container.encode(lastDay, forKey: .lastDay)
            try container.encode(schools, forKey: .schools)
        }
    }

    struct Tool: Encodable {
        var platform: String
        var vendor: String
        var status: String
        var category: String
        var schools: [String]
        var devices: Int
        var dns: Int
        var tls: Int
        var quic: Int
        var attributed: Int
        var names: [Name]

        init(_ use: ToolUse) {
            (platform, vendor, category) = (use.platform.name, use.platform.vendor, use.platform.category)
            status = use.platform.status.rawValue
            (schools, devices) = (use.schools.sorted(), use.devices)
            (dns, tls, quic, attributed) = (use.counts.dns, use.counts.tls, use.counts.quic, use.counts.attributed)
            names = use.names.map(Name.init)
        }
    }

    struct Name: Encodable {
        var name: String
        var schools: [String]
        var devices: Int
        var dns: Int
        var tls: Int
        var quic: Int
        var attributed: Int

        init(_ use: NameUse) {
            (name, schools, devices) = (use.name, use.schools.sorted(), use.devices)
            (dns, tls, quic, attributed) = (use.counts.dns, use.counts.tls, use.counts.quic, use.counts.attributed)
        }
    }

    struct Infrastructure: Encodable {
        /// How many names there are.
        var names: Int
        var dns: Int
        var tls: Int
        var quic: Int
        var attributed: Int
        var categories: [Category]

        init(_ uses: [ToolUse]) {
            let all = sum(uses.map(\.counts))
            (dns, tls, quic, attributed) = (all.dns, all.tls, all.quic, all.attributed)
            categories = InfrastructureCategory.all(of: uses).map(Category.init)
            names = categories.reduce(0) { $0 + $1.names.count }
        }
    }

    struct Category: Encodable {
        var category: String
        var schools: [String]
        var devices: Int
        var dns: Int
        var tls: Int
        var quic: Int
        var attributed: Int
        var names: [Name]

        init(_ use: InfrastructureCategory) {
            (category, schools, devices) = (use.category, use.schools, use.devices)
            (dns, tls, quic, attributed) = (use.counts.dns, use.counts.tls, use.counts.quic, use.counts.attributed)
            names = use.names.map(Name.init)
        }
    }
}

/// The coverage as the JSON of the report lays it out; the same words as the agent's.
private struct CoverageDocument: Encodable {
    var named: Seen
    var attributed: Int
    var unnamed: Unnamed
    var encryptedDNS: EncryptedDNS
    var withheld: Withheld
    var agents: Int

    init(_ coverage: Coverage) {
        named = Seen(dns: coverage.named.dns, tls: coverage.named.tls, quic: coverage.named.quic)
        attributed = coverage.attributed
        unnamed = Unnamed(tls: coverage.unnamedTLS, quic: coverage.unnamedQUIC)
        let seen = coverage.encryptedDNS
        encryptedDNS = EncryptedDNS(dot: seen.dot, doq: seen.doq, doh: seen.doh)
        let held = coverage.withheld
        withheld = Withheld(
            dns: held.dns, tls: held.tls, quic: held.quic, attributed: held.attributed, names: coverage.withheldNames)
        agents = coverage.agents
    }

    enum CodingKeys: String, CodingKey {
        case named, attributed, unnamed
        case encryptedDNS = "encrypted_dns"
        case withheld, agents
    }

    struct Seen: Encodable {
        var dns: Int
        var tls: Int
        var quic: Int
    }

    struct Unnamed: Encodable {
        var tls: Int
        var quic: Int
    }

    struct EncryptedDNS: Encodable {
        var dot: Int
        var doq: Int
        var doh: Int
    }

    struct Withheld: Encodable {
        var dns: Int
        var tls: Int
        var quic: Int
        var attributed: Int
        var names: Int
    }
}
