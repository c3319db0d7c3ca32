/// One name seen once, or one handshake whose name could not be seen.
///
/// The name's bytes lie in the ``Sightings`` that the sighting came in.
public struct Sighting: Sendable {
    /// What carried the name.
    public enum Means: UInt8, Sendable {
        /// A client's query for A, AAAA or HTTPS.
        case dns
        /// The ClientHello of a TCP connection.
        case tls
        /// The ClientHello of a QUIC connection.
        case quic
        /// The Host of a request of HTTP/1 in the clear.
        case http
        /// The first message of a VPN, which never has a name.
        case vpn
    }

    /// How the name is known.
    public enum Naming: UInt8, Sendable {
        /// It was read off the wire.
        case read
        /// It was concluded from the DNS answer that gave this client this server's address.
        case attributed
        /// It is not known.
        case unnamed
    }

    /// An encrypted DNS transport.
    public enum EncryptedDNS: UInt8, Sendable {
        /// DNS over TLS (RFC 7858).
        case dot
        /// DNS over QUIC (RFC 9250).
        case doq
        /// DNS over HTTPS (RFC 8484), to a known resolver.
        case doh
    }

    /// What a service hides by being between a client and whom it speaks to.
    public enum Hidden: UInt8, Sendable {
        /// An oblivious or private relay (RFC 9458, RFC 9298).
        case relay
        /// A VPN or proxy service.
        case vpn
    }

    /// What carried the name.
    public var means: Means
    /// How the name is known.
    public var naming: Naming
    /// Set where the connection is one to encrypted DNS; it counts there beside its name.
    public var encryptedDNS: EncryptedDNS?
    /// Set where the connection hides others; it counts there beside its name.
    public var hidden: Hidden?
    /// Whether the client is a resolver that asks for others: its queries count, but it is no device.
    public var isFromResolver: Bool
    /// Who used the name.
    public var client: Client
    /// When, in nanoseconds since 1970.
    public var timestampNanoseconds: Int64
    /// Where the name's bytes lie in ``Sightings/bytes``; empty for an unnamed handshake.
    var nameRange: Range<Int>
}

/// How a resolver answered one of the names by which a network says that it declines something.
public struct PolicyAnswer: Sendable, Equatable {
    /// What is asked.
    public enum Question: UInt8, Sendable {
        /// Whether browsers may turn on encrypted DNS by themselves: `use-application-dns.net`.
        case encryptedDNS
        /// Whether Apple's devices may use their private relay: `mask.icloud.com`, `mask-h2.icloud.com`.
        case privateRelay
    }

    /// What was asked.
    public var question: Question
    /// Whether the answer says no: there is no such name, or it has no address.
    public var isDeclined: Bool
    /// When, in nanoseconds since 1970.
    public var timestampNanoseconds: Int64

    /// Makes an answer.
    public init(_ question: Question, isDeclined: Bool, timestampNanoseconds: Int64) {
        self.question = question
        self.isDeclined = isDeclined
        self.timestampNanoseconds = timestampNanoseconds
    }
}

/// The sender of a query or of a ClientHello, as its frame says.
public struct Client: Sendable, Hashable {
    /// The hardware address in the low 48 bits; nil where the link has none.
    public var hardwareAddress: UInt64?
    /// The network address; an IPv4 address is in its IPv4-mapped form (RFC 4291 section 2.5.5.2).
    public var address: IPAddress
    /// The outermost VLAN identifier (IEEE 802.1Q), where there is a tag.
    public var vlan: UInt16?

    /// Makes a client.
    public init(hardwareAddress: UInt64?, address: IPAddress, vlan: UInt16? = nil) {
        self.hardwareAddress = hardwareAddress
        self.address = address
        self.vlan = vlan
    }
}

/// An IPv6 address, or an IPv4 address in its IPv4-mapped form.
public struct IPAddress: Sendable, Hashable {
    /// The first eight bytes, in network order.
    public var high: UInt64
    /// The last eight bytes, in network order.
    public var low: UInt64

    /// Makes an IPv6 address from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes the IPv4-mapped form `::ffff:a.b.c.d` of an IPv4 address.
    public init(v4: UInt32) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(v4))
    }

    /// Whether this is an IPv4 address in its IPv4-mapped form.
    public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }
}

/// What one frame showed: a handful of sightings and the bytes of their names, in buffers that are used again.
public struct Sightings: Sendable {
    /// The sightings, in the order of the frame.
    public private(set) var elements: [Sighting] = []
    /// What the frame said of the network's policy.
    public private(set) var policyAnswers: [PolicyAnswer] = []
    private static let keptElements = 64
    private static let keptBytes = 16_384

    /// The names' bytes: presentation form, lower case, without a trailing dot.
    private var bytes: [UInt8] = []

    /// Makes an empty list.
    public init() {}

    /// Whether nothing was seen.
    public var isEmpty: Bool { elements.isEmpty && policyAnswers.isEmpty }

    /// The name of one of the ``elements``; empty for an unnamed handshake.
    @_lifetime(borrow self)
    public func name(of sighting: Sighting) -> Span<UInt8> {
        bytes.span.extracting(sighting.nameRange)
    }

    /// Forgets the sightings and keeps the room.
    public mutating func removeAll() {
        // Most frames follow one that showed nothing.
        guard !isEmpty else { return }
        policyAnswers.removeAll(keepingCapacity: true)
        // What a frame full of names took is given back.
        elements.removeAll(keepingCapacity: elements.capacity <= Self.keptElements)
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytes)
    }

    /// Adds what a resolver said of the network's policy.
    public mutating func append(_ answer: PolicyAnswer) {
        policyAnswers.append(answer)
    }

    /// Adds a sighting of `name`, which is already in the form that ``name(of:)`` gives.
    public mutating func append(
        _ means: Sighting.Means, _ naming: Sighting.Naming, name: Span<UInt8>, client: Client,
        timestampNanoseconds: Int64, encryptedDNS: Sighting.EncryptedDNS? = nil, hidden: Sighting.Hidden? = nil,
        isFromResolver: Bool = false
    ) {
        let start = bytes.count
        for index in name.indices { bytes.append(name[index]) }
        elements.append(
            Sighting(
                means: means, naming: naming, encryptedDNS: encryptedDNS, hidden: hidden,
                isFromResolver: isFromResolver, client: client, timestampNanoseconds: timestampNanoseconds,
                nameRange: start..<bytes.count))
    }

    /// The same for a name that was just read.
    mutating func append(
        _ means: Sighting.Means, _ naming: Sighting.Naming, name: borrowing NameBuffer, client: Client,
        timestampNanoseconds: Int64, encryptedDNS: Sighting.EncryptedDNS? = nil, hidden: Sighting.Hidden? = nil,
        isFromResolver: Bool = false
    ) {
        append(
            means, naming, name: name.span, client: client, timestampNanoseconds: timestampNanoseconds,
            encryptedDNS: encryptedDNS, hidden: hidden, isFromResolver: isFromResolver)
    }
}
