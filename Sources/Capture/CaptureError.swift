/// Why frames cannot be had, or no more of them.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or the interface.
    public var source: String
    /// What is wrong, and where it helps what to do, for people.
    public var reason: String

    /// Makes an error.
    public init(source: String, reason: String) {
        self.source = source
        self.reason = reason
    }

    /// Both in a line, such as `trace.pcap: truncated dump file`.
    public var description: String { "\(source): \(reason)" }
}
