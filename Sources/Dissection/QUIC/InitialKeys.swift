/// The client's keys of Initial packets, which follow from the connection ID that it chose (RFC 9001 section 5.2).
package struct InitialKeys {
    /// Of AES-128-GCM.
    package let key: InlineArray<16, UInt8>
    /// Of AES-128-GCM, before the packet number is laid over it.
    package let iv: InlineArray<12, UInt8>
    /// Of the AES block that hides the packet number.
    package let headerProtection: InlineArray<16, UInt8>

    /// Derives the keys; nil for a version without published salt.
    package init?(version: QUICVersion, destinationID: Span<UInt8>) {
        guard let extractor = version.initialExtractor else { return nil }
        let labels = version == .v2 ? InitialLabels.v2 : InitialLabels.v1
        let secret = extractor.code(of: destinationID)
        let clientSecret = PreparedHMAC(key: secret.span).code(of: InitialLabels.client)
        let client = PreparedHMAC(key: clientSecret.span)
        key = Self.prefix(of: client.code(of: labels.key))
        iv = Self.prefix(of: client.code(of: labels.iv))
        headerProtection = Self.prefix(of: client.code(of: labels.headerProtection))
    }

    private static func prefix<let length: Int>(of code: InlineArray<32, UInt8>) -> InlineArray<length, UInt8> {
        var bytes = InlineArray<length, UInt8>(repeating: 0)
        for index in bytes.indices { bytes[index] = code[index] }
        return bytes
    }
}
