import Glibc

/// Standard output, written in pieces of some size.
struct StandardOutput: ~Copyable {
    private var buffer: [UInt8] = []
    private static let size = 32 << 10

    /// Adds text; what was added is there after ``flush()``.
    mutating func write(_ text: String) {
        buffer += text.utf8
        if buffer.count >= Self.size { flush() }
    }

    /// Writes what was added; where nobody reads any more it is dropped.
    mutating func flush() {
        var start = 0
        while start < buffer.count {
            let written = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(STDOUT_FILENO, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { break }
            start += written
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
