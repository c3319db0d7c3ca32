/// The ways in which bytes can be wrong.
public enum WireError: UInt8, Error, Sendable, CaseIterable {
    /// The bytes end before the field does.
    case truncated
    /// A length contradicts the bytes around it.
    case badLength = 1
    /// A field has a value that its protocol does not allow.
    case badValue = 2
    /// A DNS compression pointer does not go backwards (RFC 1035 section 4.1.4: to a prior occurrence).
    case forwardPointer = 3
    /// More layers, extensions or fragments than the bound that ends the work.
    case tooDeep = 4
    /// A QUIC Initial whose keys do not open it.
    case undecryptable = 5
    /// A version that nobody has published keys for.
    case unknownVersion = 6
    /// A kind of frame that cannot be looked into.
    case unsupported = 7
}

/// The protocol in which something was wrong.
public enum Layer: UInt8, Sendable, CaseIterable {
    case link, ipv4, ipv6, tunnel, tcp, udp, dns, tls, quic, dtls
}

extension WireError: CustomStringConvertible {
    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .truncated: "ends too early"
        case .badLength: "a length contradicts the bytes around it"
        case .badValue: "a value that the protocol does not have"
        case .forwardPointer: "a compressed name points forwards"
        case .tooDeep: "too many layers, pieces or repeats"
        case .undecryptable: "the keys that its connection ID gives do not open it"
        case .unknownVersion: "a version whose keys nobody published"
        case .unsupported: "a kind of frame that cannot be looked into"
        }
    }
}

extension Layer: CustomStringConvertible {
    /// The protocol's name, for people.
    public var description: String {
        switch self {
        case .link: "link header"
        case .ipv4: "IPv4"
        case .ipv6: "IPv6"
        case .tunnel: "tunnel"
        case .tcp: "TCP"
        case .udp: "UDP"
        case .dns: "DNS"
        case .tls: "TLS"
        case .quic: "QUIC"
        case .dtls: "DTLS"
        }
    }
}

/// What was forgotten early because its table was full, as counters that only grow.
public struct Evictions: Sendable, Equatable {
    /// Directions of TCP connections.
    public var streams = 0
    /// QUIC connections.
    public var connections = 0
    /// Queries, whose retransmission would count again.
    public var queries = 0
    /// Addresses that names were answered with.
    public var answers = 0
    /// IP packets of which fragments were awaited.
    public var fragments = 0
    /// ClientHellos, DNS messages or IP packets in pieces.
    public var assemblies = 0
    /// Addresses known to be resolvers.
    public var resolvers = 0
    /// Public names of ECH.
    public var publicNames = 0
    /// DTLS associations.
    public var associations = 0
    /// Hosts that connections asked for in the clear, which would count again.
    public var hosts = 0
    /// VPNs, whose next message would count again.
    public var tunnels = 0

    /// Each with its name, for people and for JSON.
    public var byTable: [(table: String, count: Int)] {
        [
            ("streams", streams), ("connections", connections), ("queries", queries), ("answers", answers),
            ("fragments", fragments), ("assemblies", assemblies), ("resolvers", resolvers),
            ("public_names", publicNames), ("associations", associations), ("hosts", hosts), ("tunnels", tunnels),
        ]
    }
}

/// What the dissection did, as counters that only grow.
public struct Statistics: Sendable, Equatable {
    /// Frames given to it.
    public internal(set) var frames = 0
    /// Their captured bytes.
    public internal(set) var bytes = 0
    /// Frames in which something was wrong.
    public internal(set) var malformed = 0
    /// The first frame's timestamp in nanoseconds since 1970.
    public internal(set) var firstNanoseconds: Int64?
    /// The last frame's timestamp.
    public internal(set) var lastNanoseconds: Int64?
    private var reasons = [Int](repeating: 0, count: Layer.allCases.count * WireError.allCases.count)

    /// Makes counters at zero.
    public init() {}

    /// How often something was wrong, in words such as `DNS: ends too early`; what never happened is left out.
    public var malformedByReason: [(reason: String, count: Int)] {
        var list: [(String, Int)] = []
        for layer in Layer.allCases {
            for error in WireError.allCases {
                let count = reasons[Self.index(layer, error)]
                if count > 0 { list.append(("\(layer): \(error)", count)) }
            }
        }
        return list
    }

    mutating func count(_ error: WireError, in layer: Layer) {
        reasons[Self.index(layer, error)] += 1
    }

    mutating func began(bytes count: Int, at timestampNanoseconds: Int64) {
        frames += 1
        bytes += count
        if firstNanoseconds == nil { firstNanoseconds = timestampNanoseconds }
        lastNanoseconds = timestampNanoseconds
    }

    private static func index(_ layer: Layer, _ error: WireError) -> Int {
        Int(layer.rawValue) * WireError.allCases.count + Int(error.rawValue)
    }
}
