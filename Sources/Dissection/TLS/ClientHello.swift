/// What a ClientHello, whole or only its beginning, says about the name.
enum ClientHelloOutcome {
    /// The bytes end before it is decided.
    case needsMore
    /// It has a server name.
    case named(ClientHelloTraits)
    /// It is whole and has no server name, or one that is no host name.
    case nameless(ClientHelloTraits)
    /// It is no ClientHello.
    case notClientHello
}

/// What else counts about a ClientHello.
struct ClientHelloTraits {
    /// Whether all of it was there to be looked at.
    var isWhole = false
    /// Whether it has an encrypted_client_hello extension (RFC 9849), genuine or GREASE.
    var hasEncryptedClientHello = false
    /// Whether its application protocols are those of DNS (RFC 7858, RFC 9250).
    var offersDNS = false
}

/// Reads ClientHellos (RFC 8446 section 4.1.2).
///
///     struct {
///         HandshakeType msg_type;                      // 1
///         uint24 length;
///         ProtocolVersion legacy_version;
///         Random random;                               // 32 bytes
///         opaque legacy_session_id<0..32>;
///         CipherSuite cipher_suites<2..2^16-2>;
///         opaque legacy_compression_methods<1..2^8-1>;
///         Extension extensions<8..2^16-1>;
///     }
enum ClientHello {
    /// The most bytes of a handshake message that are waited for.
    static let maximumLength = 65_000
    /// Version, random and the three empty lists.
    private static let minimumLength = 2 + 32 + 1 + 2 + 1
    private static let messageType: UInt8 = 1

    private enum Extension {
        static let serverName: UInt16 = 0
        static let applicationProtocols: UInt16 = 16
        static let encryptedClientHello: UInt16 = 0xfe0d
    }

    /// Reads a handshake message from its type on, as far as it is there, and leaves the server name in `name`.
    ///
    /// A name counts as soon as it is there: it is not made to wait for what a lost segment held.
    static func read(_ handshake: Span<UInt8>, name: inout NameBuffer) -> ClientHelloOutcome {
        var reader = ByteReader(handshake)
        name.removeAll()
        do {
            guard try reader.uint8() == messageType else { return .notClientHello }
            let length = try reader.uint24()
            guard length >= minimumLength, length <= maximumLength else { return .notClientHello }
            guard try reader.uint8() == 3 else { return .notClientHello }
            try reader.skip(1)
            let isWhole = reader.count >= length - 2
            return body(reader.prefix(upTo: length - 2), isWhole: isWhole, hasCookie: false, name: &name)
        } catch {
            return .needsMore
        }
    }

    /// Reads the message of DTLS (RFC 6347 section 4.2.1, RFC 9147 section 5.3) from its version on, as far as it is there.
    static func read(dtlsBody bytes: Span<UInt8>, length: Int, name: inout NameBuffer) -> ClientHelloOutcome {
        var reader = ByteReader(bytes)
        name.removeAll()
        guard length >= minimumLength + 1, length <= maximumLength else { return .notClientHello }
        guard reader.count >= 2 else { return .needsMore }
        guard (try? reader.uint8()) == DTLSRecord.majorVersion, (try? reader.skip(1)) != nil else {
            return .notClientHello
        }
        return body(reader, isWhole: bytes.count >= length, hasCookie: true, name: &name)
    }

    /// Whether a handshake message that begins with these bytes is all there.
    static func isWhole(_ handshake: Span<UInt8>) -> Bool {
        handshake.count >= 4 && handshake.count - 4 >= Int(handshake[1]) << 16 | Int(handshake.uint16(at: 2))
    }

    /// Reads what follows the version.
    ///
    /// Inside a whole message a field that is cut is a lie, not a wait.
    private static func body(
        _ body: ByteReader, isWhole: Bool, hasCookie: Bool, name: inout NameBuffer
    ) -> ClientHelloOutcome {
        var hello = body
        do {
            try hello.skip(32)
            let sessionIDLength = try Int(hello.uint8())
            guard sessionIDLength <= 32 else { return .notClientHello }
            try hello.skip(sessionIDLength)
            if hasCookie { try hello.skip(Int(hello.uint8())) }
            try hello.skip(Int(hello.uint16()))
            try hello.skip(Int(hello.uint8()))
        } catch {
            return isWhole ? .notClientHello : .needsMore
        }
        var traits = ClientHelloTraits(isWhole: isWhole)
        do {
            // TLS 1.2 may have no extensions at all (RFC 5246 section 7.4.1.2).
            if !(isWhole && hello.isEmpty) {
                let length = try Int(hello.uint16())
                try extensions(hello.prefix(upTo: length), &traits, name: &name)
            }
        } catch {
            if name.isEmpty, !isWhole { return .needsMore }
        }
        if !name.isEmpty { return .named(traits) }
        return isWhole ? .nameless(traits) : .needsMore
    }

    private static func extensions(
        _ extensions: ByteReader, _ traits: inout ClientHelloTraits, name: inout NameBuffer
    ) throws(WireError) {
        var list = extensions
        while !list.isEmpty {
            let type = try list.uint16()
            let value = try list.sub(Int(list.uint16()))
            switch type {
            // There may be one (RFC 8446 section 4.2); a second takes nothing back.
            case Extension.serverName where name.isEmpty: readServerName(value, into: &name)
            case Extension.applicationProtocols: traits.offersDNS = offersDNS(value)
            case Extension.encryptedClientHello: traits.hasEncryptedClientHello = true
            default: break
            }
        }
    }

    /// The server_name extension (RFC 6066 section 3): a list of which only host_name (0) was ever defined.
    ///
    /// An extension of wrong form is read as one without a name: the connection is counted, as unnamed.
    private static func readServerName(_ value: ByteReader, into name: inout NameBuffer) {
        var value = value
        do {
            var list = try value.sub(Int(value.uint16()))
            while !list.isEmpty, name.isEmpty {
                let type = try list.uint8()
                let entry = try list.sub(Int(list.uint16()))
                if type == 0 { _ = name.set(serverName: entry.rest) }
            }
        } catch {
            name.removeAll()
        }
    }

    /// Whether the first protocol offered (RFC 7301) is `dot`, `doq` or one of DoQ's drafts (`doq-i…`).
    private static func offersDNS(_ value: ByteReader) -> Bool {
        var value = value
        guard let list = try? value.uint16(), list >= 4, let length = try? value.uint8(), length >= 3,
            let first = try? value.sub(3)
        else { return false }
        let isDNS = first.rest[0] == UInt8(ascii: "d") && first.rest[1] == UInt8(ascii: "o")
        let isExact = length == 3 && (first.rest[2] == UInt8(ascii: "t") || first.rest[2] == UInt8(ascii: "q"))
        let isDraft = length > 3 && first.rest[2] == UInt8(ascii: "q")
        return isDNS && (isExact || isDraft)
    }
}
