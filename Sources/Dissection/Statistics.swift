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
}

/// The protocol in which something was wrong.
public enum Layer: UInt8, Sendable, CaseIterable {
    case link, ipv4, ipv6, tunnel, tcp, udp, dns, tls, quic
}

/// What the dissection did, as counters that only grow.
public struct Statistics: Sendable, Equatable {
    /// Frames given to it.
    public internal(set) var frames = 0
    /// Their captured bytes.
    public internal(set) var bytes = 0
    /// Frames in which something was wrong.
    public internal(set) var malformed = 0
    /// Flows, fragments, answers or queries that were forgotten early because their table was full.
    public internal(set) var evictions = 0
    /// The first frame's timestamp in nanoseconds since 1970.
    public internal(set) var firstNanoseconds: Int64?
    /// The last frame's timestamp.
    public internal(set) var lastNanoseconds: Int64?
    private var reasons = [Int](repeating: 0, count: Layer.allCases.count * WireError.allCases.count)

    /// Makes counters at zero.
    public init() {}

    /// How often something was wrong, by its name, such as `dns: truncated`; what never happened is left out.
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
