package import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The client's keys of Initial packets, which follow from the connection ID that it chose (RFC 9001 section 5.2).
package struct InitialKeys {
    /// Of AES-128-GCM.
    package let key: SymmetricKey
    /// Of AES-128-GCM, before the packet number is laid over it.
    package let iv: [UInt8]
    /// Of the AES block that hides the packet number.
    package let headerProtection: SymmetricKey

    /// Derives the keys; nil for a version without published salt.
    package init?(version: QUICVersion, destinationID: Span<UInt8>) {
        guard let extractor = version.initialExtractor else { return nil }
        let labels = version == .v2 ? InitialLabels.v2 : InitialLabels.v1
        let secret = extractor.code(of: destinationID)
        let clientSecret = PreparedHMAC(key: secret.span).code(of: InitialLabels.client)
        let client = PreparedHMAC(key: clientSecret.span)
        key = Self.key(client.code(of: labels.key))
        iv = Self.prefix(client.code(of: labels.iv), 12)
        headerProtection = Self.key(client.code(of: labels.headerProtection))
    }

    /// Opens an Initial packet (RFC 9001 sections 5.3 and 5.4) and gives its payload; nil when the keys do not fit.
    func open(_ packet: Span<UInt8>, packetNumberOffset: Int) -> Data? {
        let sampleOffset = packetNumberOffset + 4
        guard packet.count >= sampleOffset + 16 else { return nil }
        var mask = packet.extracting(sampleOffset..<sampleOffset + 16).copied()
        guard (try? AES.permute(&mask, key: headerProtection)) != nil else { return nil }

        var header = packet.extracting(first: packetNumberOffset + 4).copied()
        header[0] ^= mask[0] & 0x0f
        let numberLength = Int(header[0] & 3) + 1
        header.removeLast(4 - numberLength)
        // The nonce is the IV with the packet number, in network order, laid over its end; the library wants what is
        // sealed behind it.
        var sealed: [UInt8] = []
        sealed.reserveCapacity(packet.count)
        sealed += iv
        for index in 0..<numberLength {
            header[packetNumberOffset + index] ^= mask[1 + index]
            sealed[12 - numberLength + index] ^= header[packetNumberOffset + index]
        }
        // Appended as a block before the closure returns.
        let rest = packet.extracting(droppingFirst: header.count)
        unsafe rest.withUnsafeBufferPointer { unsafe sealed.append(contentsOf: $0) }
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: key, authenticating: header)
    }

    private static func prefix(_ bytes: InlineArray<32, UInt8>, _ length: Int) -> [UInt8] {
        bytes.span.extracting(first: length).copied()
    }

    private static func key(_ bytes: InlineArray<32, UInt8>) -> SymmetricKey {
        // The library copies the bytes before it returns.
        unsafe bytes.span.extracting(first: 16).withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    }
}

extension Span where Element == UInt8 {
    /// The bytes as an array of their own.
    func copied() -> [UInt8] {
        // Copied as a block before the closure returns; byte by byte it takes ten times as long.
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }
}
