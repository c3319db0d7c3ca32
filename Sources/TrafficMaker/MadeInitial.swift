import Crypto
import CryptoExtras
package import Dissection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A client's QUIC Initial packet (RFC 9000 section 17.2.2) to be sent.
package struct MadeInitial {
    package var version = QUICVersion.v1
    package var destinationID: [UInt8]
    package var sourceID: [UInt8] = [0xc1, 0xd0]
    package var token: [UInt8] = []
    package var packetNumber: UInt8 = 0
    /// Pieces of the CRYPTO stream, with their offsets.
    package var pieces: [(offset: Int, bytes: [UInt8])]
    /// The connection ID that the keys follow from, where it is another than the one in the packet.
    package var keyID: [UInt8]?

    package init(destinationID: [UInt8], _ pieces: [(offset: Int, bytes: [UInt8])]) {
        self.destinationID = destinationID
        self.pieces = pieces
    }

    /// The protected packet, padded to 1200 bytes; empty for a version without keys.
    package func bytes() throws -> [UInt8] {
        let id = keyID ?? destinationID
        guard let keys = InitialKeys(version: version, destinationID: id.span) else { return [] }
        var payload: [UInt8] = []
        for piece in pieces {
            payload.append(0x06)
            payload += Self.varInt(piece.offset) + Self.varInt(piece.bytes.count) + piece.bytes
        }
        var header: [UInt8] = [version == .v2 ? 0xd0 : 0xc0]
        header.append(big: version.rawValue)
        header.append(vector8: destinationID)
        header.append(vector8: sourceID)
        header += Self.varInt(token.count) + token
        let overhead = header.count + 2 + 1 + 16
        payload += [UInt8](repeating: 0, count: max(0, 1200 - overhead - payload.count))
        let length = 1 + payload.count + 16
        header += [0x40 | UInt8(length >> 8), UInt8(length & 0xff), packetNumber]
        return try Self.protect(header, payload, keys, packetNumber)
    }

    /// RFC 9001 sections 5.3 and 5.4, with a packet number of one byte.
    private static func protect(
        _ plainHeader: [UInt8], _ payload: [UInt8], _ keys: InitialKeys, _ number: UInt8
    ) throws -> [UInt8] {
        var header = plainHeader
        var nonce = keys.iv
        nonce[11] ^= number
        let box = try AES.GCM.seal(
            payload, using: SymmetricKey(keys.key), nonce: AES.GCM.Nonce(data: nonce.span.copied()),
            authenticating: header)
        let sealed = Array(box.ciphertext) + Array(box.tag)
        // The sample begins four bytes behind the start of the packet number, which has one.
        var mask = Array(sealed[3..<19])
        try AES.permute(&mask, key: SymmetricKey(keys.headerProtection))
        header[0] ^= mask[0] & 0x0f
        header[header.count - 1] ^= mask[1]
        return header + sealed
    }

    /// A variable-length integer (RFC 9000 section 16).
    private static func varInt(_ number: Int) -> [UInt8] {
        switch number {
        case 0..<64: [UInt8(number)]
        case 64..<16_384: [0x40 | UInt8(number >> 8), UInt8(number & 0xff)]
        default:
            [0x80 | UInt8(number >> 24), UInt8(number >> 16 & 0xff), UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
        }
    }
}

extension SymmetricKey {
    fileprivate init(_ bytes: InlineArray<16, UInt8>) {
        self.init(data: bytes.span.copied())
    }
}
