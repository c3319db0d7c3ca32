/// A name in the form in which it is counted: lower case, no trailing dot, odd bytes escaped (RFC 4343 section 2.1).
///
/// It is used again for each name, so that reading one allocates nothing.
struct NameBuffer {
    /// The most bytes of a host name without escapes (RFC 1035 section 2.3.4, less the root's label).
    static let maximumLength = 253

    private var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(4 * 255)
    }

    var isEmpty: Bool { bytes.isEmpty }

    var span: Span<UInt8> {
        @_lifetime(borrow self) borrowing get { bytes.span }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Becomes a name that already has the form.
    mutating func set(_ name: Span<UInt8>) {
        removeAll()
        for index in name.indices { bytes.append(name[index]) }
    }

    /// Becomes a server name of TLS (RFC 6066 section 3); false, and empty, for what is no host name.
    ///
    /// RFC 6066 allows no addresses there. They are sent all the same, and say no more than the packet's own address.
    mutating func set(serverName: Span<UInt8>) -> Bool {
        removeAll()
        var end = serverName.count
        while end > 0, serverName[end - 1] == UInt8(ascii: ".") { end -= 1 }
        guard end > 0, end <= Self.maximumLength else { return false }
        for index in 0..<end { append(serverName[index], escapingDot: false) }
        if isAddress {
            removeAll()
            return false
        }
        return true
    }

    /// Adds a label of a DNS name, with a dot before it if it is not the first.
    mutating func append(label: Span<UInt8>) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ".")) }
        for index in label.indices { append(label[index], escapingDot: true) }
    }

    /// Whether the name is an IPv4 address, or has the colons of an IPv6 address.
    private var isAddress: Bool {
        var dots = 0
        var colons = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "."): dots += 1
            case UInt8(ascii: ":"): colons += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "a")...UInt8(ascii: "f") where colons > 0 || dots == 0: break
            case UInt8(ascii: "["), UInt8(ascii: "]"): break
            default: return false
            }
        }
        return colons >= 2 || dots == 3 && colons == 0 && bytes.allSatisfy { $0 < UInt8(ascii: "a") }
    }

    private mutating func append(_ byte: UInt8, escapingDot: Bool) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
        case UInt8(ascii: ".") where escapingDot, UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x21...0x7e: bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(UInt8(ascii: "0") + byte / 100)
            bytes.append(UInt8(ascii: "0") + byte / 10 % 10)
            bytes.append(UInt8(ascii: "0") + byte % 10)
        }
    }
}
