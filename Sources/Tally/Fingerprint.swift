private import Foundation

/// Tells two files' contents apart: 32 hexadecimal digits.
package enum Fingerprint {
    /// The fingerprint of a file's content.
    package static func ofFile(_ path: String) throws(StateError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .cannotRead(path: path, reason: "there is no such file, or this user may not read it")
        }
        defer { try? file.close() }
        var sums = [StateChecksum(value: 0), StateChecksum(value: 1)]
        do {
            // Ends at the end of the file, which gives nothing.
            while let data = try file.read(upToCount: StateChecksum.chunk), !data.isEmpty {
                let chunk = Array(data)
                sums = sums.map { $0.adding(chunk.span) }
            }
        } catch {
            throw .cannotRead(path: path, reason: "is it a file?")
        }
        return sums.map { sum in
            let digits = String(sum.value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
