/// A ClientHello (RFC 8446 section 4.1.2) to be sent.
package struct MadeClientHello {
    package var serverName: [UInt8]?
    /// Bytes of an extension before the server name, as a key share or padding would take.
    package var bytesBeforeName = 0
    /// Likewise behind it.
    package var bytesAfterName = 0
    package var hasEncryptedClientHello = false
    package var applicationProtocols: [String] = []

    package init(_ serverName: String?) {
        self.serverName = serverName.map { Array($0.utf8) }
    }

    /// The handshake message, from its type on.
    package var message: [UInt8] {
        var body: [UInt8] = [3, 3]
        body += [UInt8](repeating: 0x5a, count: 32)
        body.append(vector8: [UInt8](repeating: 0x77, count: 32))
        body.append(vector16: [0x13, 0x01, 0x13, 0x02])
        body.append(vector8: [0])
        body.append(vector16: extensions)
        return [1, 0, UInt8(body.count >> 8), UInt8(body.count & 0xff)] + body
    }

    /// The message in TLS records, each with as many bytes of it as `lengths` says, the last with the rest.
    package func records(of lengths: [Int] = []) -> [UInt8] {
        var rest = message[...]
        var records: [UInt8] = []
        for length in lengths + [message.count] where !rest.isEmpty {
            records += [22, 3, 1]
            records.append(vector16: Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return records
    }

    /// The message in records of DTLS 1.2 (RFC 6347 section 4.2), each with a fragment of as many bytes as `lengths` says,
    /// the last with the rest.
    ///
    /// - Parameters:
    ///   - lengths: Of the fragments.
    ///   - number: The message's: 1 for the second one, which has the cookie.
    ///   - cookie: What the server asked for.
    /// - Returns: The records, in order.
    package func dtlsRecords(of lengths: [Int] = [], number: UInt16 = 0, cookie: [UInt8] = []) -> [[UInt8]] {
        let plain = Array(message.dropFirst(4))
        var body: [UInt8] = [254, 253]
        body += plain[2..<67]
        body.append(vector8: cookie)
        body += plain[67...]
        var records: [[UInt8]] = []
        var offset = 0
        for length in lengths + [body.count] where offset < body.count {
            let fragment = Array(body[offset..<min(offset + length, body.count)])
            var handshake: [UInt8] = [1] + Self.uint24(body.count)
            handshake.append(big: number)
            handshake += Self.uint24(offset) + Self.uint24(fragment.count) + fragment
            var record: [UInt8] = [22, 254, 255, 0, 0, 0, 0, 0, 0, 0, UInt8(records.count)]
            record.append(vector16: handshake)
            records.append(record)
            offset += fragment.count
        }
        return records
    }

    private static func uint24(_ number: Int) -> [UInt8] {
        [UInt8(number >> 16), UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
    }

    private var extensions: [UInt8] {
        var list: [UInt8] = []
        func add(_ type: UInt16, _ value: [UInt8]) {
            list.append(big: type)
            list.append(vector16: value)
        }
        if bytesBeforeName > 0 { add(51, [UInt8](repeating: 1, count: bytesBeforeName)) }
        if let serverName {
            var entry: [UInt8] = [0]
            entry.append(vector16: serverName)
            var value: [UInt8] = []
            value.append(vector16: entry)
            add(0, value)
        }
        if !applicationProtocols.isEmpty {
            var names: [UInt8] = []
            for name in applicationProtocols { names.append(vector8: Array(name.utf8)) }
            var value: [UInt8] = []
            value.append(vector16: names)
            add(16, value)
        }
        if hasEncryptedClientHello { add(0xfe0d, [UInt8](repeating: 0x0e, count: 40)) }
        if bytesAfterName > 0 { add(21, [UInt8](repeating: 0, count: bytesAfterName)) }
        return list
    }
}
