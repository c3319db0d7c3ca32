private import Crypto
private import Foundation
internal import NIOSSL

/// The collector's public key, known beforehand: whoever has another is not the collector, whatever authority vouches
/// for it.
///
/// Written `sha256/` and the SHA-256 of the key (SubjectPublicKeyInfo, RFC 5280 section 4.1) in base 64, as RFC 7469
/// section 2.4 does. A renewed certificate has the same pin if its key is the same.
package struct CertificatePin: Sendable, Hashable, CustomStringConvertible {
    private let hash: [UInt8]

    /// Reads a pin; nil when it is none.
    package init?(_ text: String) {
        guard text.hasPrefix("sha256/"), let hash = Data(base64Encoded: String(text.dropFirst(7))), hash.count == 32
        else { return nil }
        self.hash = Array(hash)
    }

    /// The pin of a certificate's key.
    init(of certificate: NIOSSLCertificate) throws {
        hash = Array(SHA256.hash(data: try certificate.extractPublicKey().toSPKIBytes()))
    }

    package var description: String { "sha256/" + Data(hash).base64EncodedString() }
}

/// The collector showed a key that is none of the pinned ones.
struct PinMismatch: Error {
    var shown: CertificatePin?
}
