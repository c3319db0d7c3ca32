private import COpenSSL

/// HMAC-SHA-256 (RFC 2104) under one key: the key's two padded blocks are hashed once, and their states copied for each
/// message.
package struct PreparedHMAC {
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
        let digest = inner.finish()
        var outer = outer
        outer.update(digest.span)
        return outer.finish()
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

/// A SHA-256 hash (FIPS 180-4) being taken.
private struct SHA256 {
    private var context = SHA256_CTX()

    init() {
        unsafe SHA256_Init(&context)
    }

    /// Adds bytes to what is hashed.
    mutating func update(_ bytes: Span<UInt8>) {
        _ = unsafe bytes.withUnsafeBytes { unsafe SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    /// The hash of what was added; nothing may be added afterwards.
    mutating func finish() -> InlineArray<32, UInt8> {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        _ = unsafe span.withUnsafeMutableBufferPointer { unsafe SHA256_Final($0.baseAddress, &context) }
        return digest
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
