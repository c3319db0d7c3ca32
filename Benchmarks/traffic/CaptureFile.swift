import Glibc

/// A capture in pcap format with times in nanoseconds, being written.
@safe struct CaptureFile: ~Copyable {
    private let stream: UnsafeMutablePointer<FILE>
    private(set) var frames = 0
    private(set) var bytes = 0
    /// Ten microseconds pass between frames: 100,000 a second.
    private var nanoseconds: UInt64 = 1_767_600_000_000_000_000

    /// Begins a file; nil when it cannot be made.
    init?(path: String) {
        guard let stream = unsafe fopen(path, "wb") else { return nil }
        unsafe self.stream = stream
        write(words: [0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, 1])
    }

    deinit {
        unsafe fclose(stream)
    }

    mutating func append(_ frame: [UInt8]) {
        let length = UInt32(frame.count)
        write(words: [
            UInt32(nanoseconds / 1_000_000_000), UInt32(nanoseconds % 1_000_000_000), length, length,
        ])
        unsafe fwrite(frame, 1, frame.count, stream)
        nanoseconds += 10_000
        frames += 1
        bytes += frame.count
    }

    /// Whether everything arrived.
    func isWhole() -> Bool {
        unsafe fflush(stream) == 0 && ferror(stream) == 0
    }

    /// In the machine's byte order, which the first word tells.
    private func write(words: [UInt32]) {
        unsafe fwrite(words, 4, words.count, stream)
    }
}
