/// A version of QUIC, by its number on the wire.
package struct QUICVersion: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// RFC 9000.
    package static let v1 = QUICVersion(rawValue: 0x0000_0001)
    /// RFC 9369.
    package static let v2 = QUICVersion(rawValue: 0x6b33_43cf)
    /// In place of a version: version negotiation (RFC 8999 section 6).
    static let negotiation = QUICVersion(rawValue: 0)
    /// Google's last versions before the RFC that use TLS.
    static let t050 = QUICVersion(rawValue: 0x5430_3530)
    static let t051 = QUICVersion(rawValue: 0x5430_3531)
    /// Facebook's, of the times of drafts 22 and 27.
    private static let mvfst22 = QUICVersion(rawValue: 0xface_b001)
    private static let mvfst27 = [QUICVersion(rawValue: 0xface_b002), QUICVersion(rawValue: 0xface_b00e)]

    /// The number of the IETF draft; nil for what is none.
    private var draft: Int? {
        rawValue >> 8 == 0xff_0000 ? Int(rawValue & 0xff) : nil
    }

    /// The salt of the Initial secret (RFC 9001 section 5.2, RFC 9369 section 3.3.1); nil for a version that nobody
    /// published one for, or that is older than the long header as it is now (draft 22).
    ///
    /// It is the key of HKDF-Extract, which is an HMAC (RFC 5869 section 2.2).
    var initialExtractor: PreparedHMAC? {
        switch self {
        case .v1: Self.saltOfV1
        case .v2: Self.saltOfV2
        case .t050: Self.saltOfT050
        case .t051: Self.saltOfT051
        case .mvfst22: Self.saltOfDraft21
        case _ where Self.mvfst27.contains(self): Self.saltOfDraft23
        default:
            switch draft ?? 0 {
            case 22: Self.saltOfDraft21
            case 23...28: Self.saltOfDraft23
            case 29...32: Self.saltOfDraft29
            case 33...34: Self.saltOfV1
            default: nil
            }
        }
    }

    /// The type of CRYPTO frames (RFC 9000 section 19.6), which Google numbered differently.
    var cryptoFrameType: UInt64 {
        self == .t050 || self == .t051 ? 0x08 : 0x06
    }

    /// Whether a datagram begins as a long header packet does (RFC 8999 section 5.1) of a version with known keys.
    static func mayBeLongHeader(_ datagram: Span<UInt8>) -> Bool {
        guard datagram.count >= 7, datagram[0] & 0x80 != 0 else { return false }
        let version = QUICVersion(rawValue: datagram.uint32(at: 1))
        return version.initialExtractor != nil
    }

    private static let saltOfDraft21 = extractor([
        0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
        0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a,
    ])
    private static let saltOfDraft23 = extractor([
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
        0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02,
    ])
    private static let saltOfDraft29 = extractor([
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
        0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99,
    ])
    private static let saltOfV1 = extractor([
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
        0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a,
    ])
    private static let saltOfV2 = extractor([
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
        0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
    ])
    private static let saltOfT050 = extractor([
        0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
        0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10,
    ])
    private static let saltOfT051 = extractor([
        0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
        0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d,
    ])

    private static func extractor(_ salt: [UInt8]) -> PreparedHMAC {
        PreparedHMAC(key: salt.span)
    }
}
