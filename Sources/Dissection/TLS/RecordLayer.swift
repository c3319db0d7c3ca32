/// TLS records (RFC 8446 section 5.1), as far as a ClientHello needs them.
///
///     type 1 (22: handshake) | legacy_record_version 2 | length 2 | fragment
enum RecordLayer {
    static let headerLength = 5
    private static let handshake: UInt8 = 22
    /// RFC 8446 allows 2^14 bytes in a plaintext record; some stacks exceed it a little.
    private static let maximumLength = 1 << 14 + 2048

    /// How bytes at the place where a stream may begin look.
    enum Beginning {
        case clientHello
        /// They are as a ClientHello begins, but too few to tell.
        case tooFew
        case other
    }

    /// Whether bytes are, or may become, the first record of a ClientHello.
    static func beginning(_ bytes: Span<UInt8>) -> Beginning {
        guard bytes.count > 0 else { return .tooFew }
        guard bytes[0] == handshake else { return .other }
        if bytes.count > 1, bytes[1] != 3 { return .other }
        if bytes.count > 2, bytes[2] > 4 { return .other }
        guard bytes.count >= headerLength else { return .tooFew }
        let length = Int(bytes.uint16(at: 3))
        guard length > 0, length <= maximumLength else { return .other }
        guard bytes.count > headerLength else { return .tooFew }
        guard bytes[headerLength] == 1 else { return .other }
        // A record that holds more of the message tells its length; no ClientHello is that long.
        if length >= 2, bytes.count > headerLength + 1, bytes[headerLength + 1] != 0 { return .other }
        return .clientHello
    }

    /// Whether bytes, in the middle of who knows what, are the first record of a ClientHello.
    static func isLikelyClientHello(_ bytes: Span<UInt8>) -> Bool {
        bytes.count > headerLength && bytes[0] == handshake && beginning(bytes) == .clientHello
    }

    /// Whether bytes begin as what a balancer says of the client before the client's own bytes (the PROXY protocol).
    static func isProxyHeader(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= 6 && bytes[0] == UInt8(ascii: "P") && bytes.starts(with: "PROXY ")
    }

    /// Where a ClientHello begins behind other bytes of the client's, as of a proxy request that it was sent along with, or
    /// where it may begin, for all that the last bytes say.
    ///
    /// The message's own version makes the pattern strict enough for the middle of a stream.
    static func clientHelloStart(in bytes: Span<UInt8>) -> Int? {
        guard bytes.count > 1 else { return nil }
        for start in 1..<bytes.count where bytes[start] == handshake {
            let rest = bytes.extracting(droppingFirst: start)
            let beginning = beginning(rest)
            guard beginning != .other else { continue }
            let version = headerLength + 4
            let isVersion3 = rest.count <= version || rest[version] == 3
            if isVersion3, rest.count <= version + 1 || rest[version + 1] <= 4 { return start }
        }
        return nil
    }

    /// Reads a ClientHello from its first record on; nil when the records hold something else.
    static func readClientHello(_ records: Span<UInt8>, name: inout NameBuffer) -> ClientHelloOutcome? {
        let only = onlyFragment(records)
        if !only.isEmpty { return ClientHello.read(only, name: &name) }
        guard let handshake = joinedFragments(of: records) else { return nil }
        return ClientHello.read(handshake.span, name: &name)
    }

    /// The handshake bytes of the first record when they are all of it that is needed: the usual case, without a copy.
    ///
    /// Empty when the message goes on in another record.
    @_lifetime(copy bytes)
    private static func onlyFragment(_ bytes: Span<UInt8>) -> Span<UInt8> {
        guard bytes.count >= headerLength + 4 else { return bytes.extracting(first: 0) }
        let length = Int(bytes.uint16(at: 3))
        let fragment = bytes.extracting(droppingFirst: headerLength).extracting(first: length)
        guard fragment.count >= 4 else { return bytes.extracting(first: 0) }
        let message = 4 + (Int(fragment[1]) << 16 | Int(fragment.uint16(at: 2)))
        return message > length ? bytes.extracting(first: 0) : fragment
    }

    /// The fragments of the handshake records one behind the other; nil when something else comes first.
    private static func joinedFragments(of bytes: Span<UInt8>) -> [UInt8]? {
        var handshake: [UInt8] = []
        var reader = ByteReader(bytes)
        while reader.count >= headerLength, handshake.count < ClientHello.maximumLength {
            guard (try? reader.uint8()) == Self.handshake, let version = try? reader.uint16(), version >> 8 == 3,
                let length = try? reader.uint16(), length > 0
            else { return handshake.isEmpty ? nil : handshake }
            let fragment = reader.prefix(upTo: Int(length)).rest
            for index in fragment.indices { handshake.append(fragment[index]) }
        }
        return handshake
    }
}
