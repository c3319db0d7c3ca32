/// The paths of the collector's interface for agents.
public enum Path {
    /// `POST` an ``EnrolmentRequest`` with a join token as bearer token; answers 201 with an ``Enrolment``.
    public static let agents = "/v1/agents"
    /// `POST` a ``Report`` with the agent's secret as bearer token; answers 200 with a ``Receipt``.
    public static let reports = "/v1/reports"
    /// `GET` this and a host name, with the agent's secret as bearer token; answers 200 with a ``NameStanding``.
    public static let names = "/v1/names"
    /// `GET` answers 200 when the collector can work, to anybody.
    public static let health = "/healthz"
}

/// The media types of what crosses the network.
public enum MediaType {
    /// A ``Report``; the version grows when an older collector could misread it.
    public static let report = "application/vnd.rollcall.report.v1+json"
    /// Everything else.
    public static let json = "application/json"
    /// Errors: problem details (RFC 9457).
    public static let problem = "application/problem+json"
}

/// What a gateway says of itself when it asks for an identity.
public struct EnrolmentRequest: Codable, Sendable, Equatable {
    /// The school, where the join token is not bound to one.
    public var school: String?
    /// The gateway's host name, for people to tell gateways apart.
    public var host: String
    /// The agent's version.
    public var version: String

    /// Makes a request.
    public init(school: String?, host: String, version: String) {
        self.school = school
        self.host = host
        self.version = version
    }
}

/// An agent's identity, as the collector hands it out, once.
public struct Enrolment: Codable, Sendable, Equatable {
    /// The agent's identifier, which may be shown.
    public var agent: String
    /// The bearer token of its reports.
    ///
    /// The collector keeps only a hash of it.
    public var secret: String
    /// The school that the agent reports for.
    public var school: String

    /// Makes an identity.
    public init(agent: String, secret: String, school: String) {
        self.agent = agent
        self.secret = secret
        self.school = school
    }
}

/// The collector's confirmation: everything in the report but the skipped rows is on its disk.
public struct Receipt: Codable, Sendable, Equatable {
    /// How many rows were stored.
    public var stored: Int
    /// The rows that were not, each with where and why.
    ///
    /// Sending them again would not help.
    public var skipped: [Skipped]
    /// The settings for the agent, where it does not have these yet.
    public var settings: RemoteSettings?

    /// Makes a receipt.
    public init(stored: Int, skipped: [Skipped] = [], settings: RemoteSettings? = nil) {
        self.stored = stored
        self.skipped = skipped
        self.settings = settings
    }

    /// A row that was not stored.
    public struct Skipped: Codable, Sendable, Equatable {
        /// Where it was: a JSON pointer (RFC 6901) into the report.
        public var pointer: String
        /// Why, for people.
        public var detail: String

        /// Makes an entry.
        public init(pointer: String, detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }
}

/// An error as the collector says it: problem details (RFC 9457).
public struct Problem: Codable, Sendable, Equatable, Error {
    /// The HTTP status code.
    public var status: Int
    /// What kind of problem it is, the same words each time.
    public var title: String
    /// What was wrong this time and what to do about it.
    public var detail: String

    /// Makes a problem.
    public init(status: Int, title: String, detail: String) {
        self.status = status
        self.title = title
        self.detail = detail
    }
}
