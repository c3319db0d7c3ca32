import Crypto
import Foundation

/// Proves to a webhook's receiver that a body is the collector's: HMAC-SHA256 over time and body.
package enum WebhookSignature {
    /// The header's value: `t=1795532400,v1=…`, where `v1` is the HMAC of `1795532400.` and the body, in hexadecimal.
    ///
    /// The time is signed too, so that a receiver can refuse what was recorded and is played again.
    package static func header(body: [UInt8], secret: String, at now: Int) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(now).".utf8) + Data(body), using: SymmetricKey(data: Data(secret.utf8)))
        let digits = Array("0123456789abcdef")
        return "t=\(now),v1=" + code.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }
}
