internal import Crypto

/// HMAC-SHA-256 (RFC 2104) under one key: the key's two padded blocks are hashed once, and their states copied for each
/// message.
///
/// The library's own HMAC hashes them for each message, through generic code that nothing specialises: four times slower.
struct PreparedHMAC {
    private let inner: SHA256
    private let outer: SHA256

    /// Takes a key of one block (64 bytes) at most.
    init(key: Span<UInt8>) {
        inner = Self.started(key, 0x36)
        outer = Self.started(key, 0x5c)
    }

    func code(of message: Span<UInt8>) -> InlineArray<32, UInt8> {
        var inner = inner
        inner.update(message)
        let digest = inner.bytes
        var outer = outer
        outer.update(digest.span)
        return outer.bytes
    }

    func code(of message: [UInt8]) -> InlineArray<32, UInt8> {
        code(of: message.span)
    }

    private static func started(_ key: Span<UInt8>, _ padding: UInt8) -> SHA256 {
        var block = InlineArray<64, UInt8>(repeating: padding)
        for index in key.indices { block[index] ^= key[index] }
        var hash = SHA256()
        hash.update(block.span)
        return hash
    }
}

/// The labels of a QUIC version's Initial keys (RFC 9001 section 5.1, RFC 9369 section 3.3.2), as HKDF-Expand wants them.
///
/// No key is longer than a hash, so each is the first block of HKDF-Expand (RFC 5869 section 2.3), whose number follows
/// the label.
struct InitialLabels {
    static let client = expandLabel("client in", 32)
    static let v1 = InitialLabels(prefix: "quic ")
    static let v2 = InitialLabels(prefix: "quicv2 ")

    let key: [UInt8]
    let iv: [UInt8]
    let headerProtection: [UInt8]

    private init(prefix: String) {
        key = Self.expandLabel(prefix + "key", 16)
        iv = Self.expandLabel(prefix + "iv", 12)
        headerProtection = Self.expandLabel(prefix + "hp", 16)
    }

    /// HkdfLabel (RFC 8446 section 7.1) with an empty context.
    private static func expandLabel(_ label: String, _ length: UInt8) -> [UInt8] {
        let full = Array("tls13 \(label)".utf8)
        return [0, length, UInt8(full.count)] + full + [0, 1]
    }
}

extension SHA256 {
    /// Adds bytes to what is hashed.
    mutating func update(_ bytes: Span<UInt8>) {
        // The library reads the bytes before it returns.
        unsafe bytes.withUnsafeBytes { unsafe update(bufferPointer: $0) }
    }

    /// The hash of what was added.
    var bytes: InlineArray<32, UInt8> {
        let digest = finalize()
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        // The library gives a digest's bytes only to closures; they are copied at once.
        unsafe digest.withUnsafeBytes { pointer in
            for index in bytes.indices { unsafe bytes[index] = pointer[index] }
        }
        return bytes
    }
}
