/// The parameters of an HTTPS or SVCB record (RFC 9460 section 2.2).
///
///     priority 2 | target name | (key 2 | length 2 | value)…
struct ServiceBinding: ~Escapable {
    /// Names a parameter.
    struct Key: RawRepresentable, Hashable {
        var rawValue: UInt16

        static let ipv4hint = Key(rawValue: 4)
        static let ech = Key(rawValue: 5)
        static let ipv6hint = Key(rawValue: 6)
    }

    private let count: Int
    private var rest: ByteReader

    @_lifetime(copy data)
    init(_ data: Span<UInt8>) throws(WireError) {
        count = data.count
        rest = ByteReader(data)
        try rest.skip(2)
        // The target is never compressed (RFC 9460 section 2.2).
        var length = try Int(rest.uint8())
        while length > 0 {
            guard length < 64 else { throw .badValue }
            try rest.skip(length)
            length = try Int(rest.uint8())
        }
    }

    /// The next parameter and the place of its value in the record's data.
    @_lifetime(self: copy self)
    mutating func next() throws(WireError) -> (Key, Range<Int>)? {
        guard !rest.isEmpty else { return nil }
        let key = Key(rawValue: try rest.uint16())
        let length = try Int(rest.uint16())
        let start = count - rest.count
        try rest.skip(length)
        return (key, start..<start + length)
    }

    /// Gives the public names of an ECHConfigList (RFC 9849 section 4).
    ///
    ///     version 2 | length 2 | config_id 1 | kem_id 2 | public_key<2> | cipher_suites<2> | maximum_name_length 1 |
    ///     public_name<1> | extensions<2>
    static func publicNames(
        in value: Span<UInt8>, _ body: (Span<UInt8>) -> Void
    ) throws(WireError) {
        var reader = ByteReader(value)
        var list = try reader.sub(Int(reader.uint16()))
        while !list.isEmpty {
            let version = try list.uint16()
            var config = try list.sub(Int(list.uint16()))
            guard version == 0xfe0d else { continue }
            try config.skip(3)
            try config.skip(Int(config.uint16()))
            try config.skip(Int(config.uint16()))
            try config.skip(1)
            body(try config.sub(Int(config.uint8())).rest)
        }
    }
}
