/// Why frames cannot be had, or no more of them.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or the interface.
    public var source: String
    /// What is wrong, and where it helps what to do, for people.
    public var reason: String

    /// Whether trying again may help: the interface is away or switched off.
    public var mayPass: Bool

    /// Makes an error.
    public init(source: String, reason: String, mayPass: Bool = false) {
        self.source = source
        self.reason = reason
        self.mayPass = mayPass
    }

    /// Both in a line, such as `trace.pcap: truncated dump file`.
    public var description: String { "\(source): \(reason)" }
}
