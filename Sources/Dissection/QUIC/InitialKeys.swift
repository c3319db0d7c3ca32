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
        guard let salt = version.initialSalt else { return nil }
        let secret = HKDF<SHA256>.extract(inputKeyMaterial: SymmetricKey(data: destinationID.copied()), salt: salt)
        let client = Self.expand(secret, "client in", 32)
        let prefix = version == .v2 ? "quicv2 " : "quic "
        key = Self.expand(client, prefix + "key", 16)
        // The library gives a key only to closures; the bytes are copied at once.
        iv = unsafe Self.expand(client, prefix + "iv", 12).withUnsafeBytes { unsafe Array($0) }
        headerProtection = Self.expand(client, prefix + "hp", 16)
    }

    /// Opens an Initial packet (RFC 9001 sections 5.3 and 5.4) and gives its payload; nil when the keys do not fit.
    func open(_ packet: Span<UInt8>, packetNumberOffset: Int) -> [UInt8]? {
        let sampleOffset = packetNumberOffset + 4
        guard packet.count >= sampleOffset + 16 else { return nil }
        var mask = packet.extracting(sampleOffset..<sampleOffset + 16).copied()
        guard (try? AES.permute(&mask, key: headerProtection)) != nil else { return nil }

        var header = packet.extracting(first: packetNumberOffset + 4).copied()
        header[0] ^= mask[0] & 0x0f
        let numberLength = Int(header[0] & 3) + 1
        header.removeLast(4 - numberLength)
        // The nonce is the IV with the packet number, in network order, laid over its end.
        var nonce = iv
        for index in 0..<numberLength {
            header[packetNumberOffset + index] ^= mask[1 + index]
            nonce[12 - numberLength + index] ^= header[packetNumberOffset + index]
        }
        let sealed = packet.extracting(droppingFirst: header.count).copied()
        guard
            let box = try? AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce), ciphertext: sealed.dropLast(16), tag: sealed.suffix(16)),
            let payload = try? AES.GCM.open(box, using: key, authenticating: header)
        else { return nil }
        return Array(payload)
    }

    /// HKDF-Expand-Label (RFC 8446 section 7.1) with an empty context.
    private static func expand(_ secret: some ContiguousBytes, _ label: String, _ length: Int) -> SymmetricKey {
        let full = Array("tls13 \(label)".utf8)
        let info = [0, UInt8(length), UInt8(full.count)] + full + [0]
        return HKDF<SHA256>.expand(pseudoRandomKey: secret, info: info, outputByteCount: length)
    }
}

extension Span where Element == UInt8 {
    /// The bytes as an array of their own.
    func copied() -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(count)
        for index in indices { copy.append(self[index]) }
        return copy
    }
}
