/// A fixed set of names, looked up by their bytes.
struct NameSet {
    private let hasher: FlowHasher
    private let hashes: Set<UInt64>

    init(_ names: [String], hasher: FlowHasher) {
        self.hasher = hasher
        hashes = Set(names.map { hasher.bytes(Array($0.utf8).span) })
    }

    func contains(_ name: Span<UInt8>) -> Bool {
        hashes.contains(hasher.bytes(name))
    }
}

/// The public names of ECH: names in a ClientHello that only hide the real one.
///
/// Some are shipped; others are learnt from HTTPS answers on the wire, and forgotten when no answer repeats them.
struct PublicNames {
    /// How long a public name is remembered after an answer told it.
    static let lifetimeNanoseconds: Int64 = 86_400_000_000_000

    private let hasher: FlowHasher
    private let shipped: NameSet
    /// Until when, in nanoseconds since 1970.
    private var learnt = BoundedTable(capacity: 256, empty: Int64.min)

    init(hasher: FlowHasher) {
        self.hasher = hasher
        shipped = NameSet(KnownNames.encryptedClientHelloPublicNames, hasher: hasher)
    }

    /// How many were forgotten early because there were too many.
    var evictions: Int { learnt.evictions }

    mutating func learn(_ name: borrowing NameBuffer, until expiryNanoseconds: Int64) {
        let key = hasher.bytes(name.span)
        let place = learnt.find(key) ?? learnt.insert(key).place
        learnt[place] = expiryNanoseconds
    }

    mutating func contains(_ name: borrowing NameBuffer, at timestampNanoseconds: Int64) -> Bool {
        if shipped.contains(name.span) { return true }
        guard let place = learnt.find(hasher.bytes(name.span)) else { return false }
        return learnt[place] > timestampNanoseconds
    }
}

/// The shipped lists.
enum KnownNames {
    /// Host names of public DNS-over-HTTPS resolvers.
    static let encryptedResolvers = lines(of: PackageResources.encrypted_dns_txt)
    /// Public names of ECH that providers document.
    static let encryptedClientHelloPublicNames = lines(of: PackageResources.ech_public_names_txt)
    /// The name that browsers ask for before they turn on encrypted DNS by themselves.
    static let encryptedDNSCanary = ["use-application-dns.net"]
    /// The names that Apple's devices ask for before they use their private relay.
    static let privateRelayCanaries = ["mask.icloud.com", "mask-h2.icloud.com"]
    /// Domains of oblivious and private relays.
    static let relays = hiddenServices(of: "relay ")
    /// Domains of VPN and proxy services.
    static let vpns = hiddenServices(of: "vpn ")

    /// One name a line; `#` begins a comment.
    private static func lines(of resource: [UInt8]) -> [String] {
        resource.split(separator: UInt8(ascii: "\n")).compactMap { line in
            line.first == UInt8(ascii: "#") ? nil : String(decoding: line, as: UTF8.self)
        }
    }

    /// The domains of a kind, which stands before each.
    private static func hiddenServices(of kind: String) -> [String] {
        lines(of: PackageResources.hidden_services_txt).compactMap { line in
            line.hasPrefix(kind) ? String(line.dropFirst(kind.count)) : nil
        }
    }
}
