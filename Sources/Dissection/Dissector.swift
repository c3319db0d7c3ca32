/// Finds names in frames: DNS queries, the server names of TLS and QUIC ClientHellos.
///
/// ```swift
/// var dissector = Dissector()
/// dissector.dissect(frame, linkType: .ethernet, timestampNanoseconds: time)
/// for sighting in dissector.sightings.elements { … }
/// ```
///
/// It does no I/O and reads no clock. Any bytes give sightings or a counted reason; its memory has a fixed bound.
public struct Dissector: ~Copyable {
    /// What the last frame showed.
    public internal(set) var sightings = Sightings()
    /// What happened so far.
    public internal(set) var statistics = Statistics()

    let hasher: FlowHasher
    /// Client-to-server directions of TCP connections.
    var tcpStreams = BoundedTable(capacity: 16_384, empty: TCPStream())
    var quicConnections = BoundedTable(capacity: 8192, empty: QUICConnection())
    let cipher = InitialCipher()
    /// The payload of the Initial packet that was opened last, at its beginning; used again for each.
    var opened = [UInt8](repeating: 0, count: 2048)
    var dtlsAssociations = BoundedTable(capacity: 1024, empty: DTLSAssociation())
    /// Hosts that connections asked for in the clear, so that each counts once for a connection.
    var requestedHosts = BoundedTable(capacity: 4096, empty: ())
    /// VPNs that began, with the time of their last message in nanoseconds.
    var tunnels = BoundedTable(capacity: 1024, empty: Int64.min)
    /// Queries seen, by everything that a retransmission repeats, with the time in nanoseconds.
    var recentQueries = BoundedTable(capacity: 16_384, empty: Int64.min)
    /// Addresses that answered DNS queries.
    var resolvers = BoundedTable(capacity: 1024, empty: ())
    var answers: AnswerTable
    var publicNames: PublicNames
    let encryptedResolvers: NameSet
    let hiddenServices: HiddenServices
    /// The names by which a network declines encrypted DNS, and private relays.
    let encryptedDNSCanary: NameSet
    let privateRelayCanaries: NameSet
    var fragments = BoundedTable(capacity: 256, empty: FragmentedPacket())
    var assemblies = AssemblyPool(places: 512, maximumBytes: 4 << 20)
    /// Used again for each name.
    var name = NameBuffer()
    /// Whether ClientHellos are read as if they had no server name: to measure how well such are attributed.
    package var hidesServerNames = false

    /// Makes a dissector whose tables are hashed under a seed from `generator`.
    public init(using generator: inout some RandomNumberGenerator) {
        hasher = FlowHasher(using: &generator)
        answers = AnswerTable(hasher: hasher)
        publicNames = PublicNames(hasher: hasher)
        encryptedResolvers = NameSet(KnownNames.encryptedResolvers, hasher: hasher)
        hiddenServices = HiddenServices(hasher: hasher)
        encryptedDNSCanary = NameSet(KnownNames.encryptedDNSCanary, hasher: hasher)
        privateRelayCanaries = NameSet(KnownNames.privateRelayCanaries, hasher: hasher)
    }

    /// Makes a dissector whose tables are hashed under a seed of the system's.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// Looks at one frame; what it showed is in ``sightings`` until the next one.
    ///
    /// - Parameters:
    ///   - frame: The captured bytes, from the link header on.
    ///   - linkType: What the link header is.
    ///   - timestampNanoseconds: When it was captured, in nanoseconds since 1970.
    public mutating func dissect(_ frame: Span<UInt8>, linkType: LinkType, timestampNanoseconds: Int64) {
        sightings.removeAll()
        let time = Packet.plausible(timestampNanoseconds)
        statistics.began(bytes: frame.count, at: time)
        let known = statistics.malformed
        link(frame, linkType, Packet(timestampNanoseconds: time))
        if statistics.malformed > known { statistics.malformed = known + 1 }
    }

    /// What was forgotten early so far because its table was full.
    public var evictions: Evictions {
        Evictions(
            streams: tcpStreams.evictions, connections: quicConnections.evictions, queries: recentQueries.evictions,
            answers: answers.evictions, fragments: fragments.evictions, assemblies: assemblies.evictions,
            resolvers: resolvers.evictions, publicNames: publicNames.evictions,
            associations: dtlsAssociations.evictions, hosts: requestedHosts.evictions, tunnels: tunnels.evictions)
    }

    /// Counts what was wrong in a layer.
    mutating func malformed(_ error: WireError, in layer: Layer) {
        statistics.count(error, in: layer)
        statistics.malformed += 1
    }
}
