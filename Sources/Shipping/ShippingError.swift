/// Why reports or an enrolment cannot get through, and what to do about it.
package enum ShippingError: Error, Sendable, Equatable, CustomStringConvertible {
    case badAddress(String, reason: String)
    case badCertificates(path: String, reason: String)
    /// The collector does not know the agent's secret.
    case unauthorized(collector: String, detail: String)
    /// The collector understood the request and will not have it.
    case refused(collector: String, status: Int, detail: String)
    /// The collector will not have a day, and took everything else.
    case dayRefused(collector: String, detail: String)
    /// The join token is not good.
    case tokenRefused(collector: String, detail: String)
    /// The collector understood the enrolment and will not have it.
    case enrolmentRefused(collector: String, detail: String)
    /// The collector did not answer, or not so that it could be understood.
    case unavailable(collector: String, reason: String)

    package var description: String {
        switch self {
        case .badAddress(let text, let reason):
            "the collector's address \"\(text)\" \(reason)"
        case .badCertificates(let path, let reason):
            "\(path): cannot be used as certificates (\(reason)); name a PEM file"
        case .unauthorized(let collector, let detail):
            "\(collector) does not accept this agent (\(detail)); it was revoked, or the collector's database is another: "
                + "enrol again with a new token. What was counted is kept and is sent then"
        case .refused(let collector, let status, let detail):
            "\(collector) refused the report with status \(status): \(detail). What was counted is kept"
        case .dayRefused(let collector, let detail):
            "\(collector) will not have a day: \(detail). What was counted is kept, and tried again after the next start"
        case .tokenRefused(let collector, let detail):
            "\(collector) refused the token (\(detail)); get a new one with rollcall-collector token create"
        case .enrolmentRefused(let collector, let detail):
            "\(collector) refused the enrolment: \(detail)"
        case .unavailable(let collector, let reason):
            "\(collector) cannot be reached: \(reason)"
        }
    }
}

extension ShippingError {
    /// Whether it is about one report, so that another may well get through.
    package var isOfOneReport: Bool {
        switch self {
        case .refused, .dayRefused: true
        default: false
        }
    }

    /// The reason alone, without the collector's address.
    var reason: String {
        switch self {
        case .unavailable(_, let reason): reason
        default: description
        }
    }
}
