/// Which fields a state file has.
///
/// An agent reads the files of earlier ones, so that an update in the middle of a day loses nothing.
enum StateVersion: UInt64, Comparable {
    case first = 1
    /// With cleartext HTTP, hidden connections and the network's policy.
    case second = 2
    /// With what was told and when, platforms' devices, and the detail of a day that waits.
    case third = 3

    static let current = StateVersion.third

    /// Reads the first eight bytes of a file: `ROLLTLY`, and the version.
    init?(magic: UInt64) {
        guard magic << 8 == Self.mark << 8 else { return nil }
        self.init(rawValue: magic >> 56)
    }

    /// How a file of this version begins.
    var magic: UInt64 { rawValue << 56 | Self.mark }

    private static let mark: UInt64 = 0x59_4c54_4c4c_4f52

    static func < (left: StateVersion, right: StateVersion) -> Bool { left.rawValue < right.rawValue }
}

/// Writes a state file's fields, little-endian, and hands them on in chunks.
struct StateWriter {
    private var buffer: [UInt8] = []
    private var checksum = StateChecksum()
    private let sink: ([UInt8]) throws(StateError) -> Void

    init(sink: @escaping ([UInt8]) throws(StateError) -> Void) {
        self.sink = sink
        buffer.reserveCapacity(StateChecksum.chunk)
    }

    mutating func write(_ number: some FixedWidthInteger) throws(StateError) {
        var rest = number.littleEndian
        for _ in 0..<MemoryLayout.size(ofValue: number) {
            try write(byte: UInt8(truncatingIfNeeded: rest))
            rest = rest >> 8
        }
    }

    mutating func write(_ flag: Bool) throws(StateError) {
        try write(byte: flag ? 1 : 0)
    }

    mutating func write(_ bytes: Span<UInt8>) throws(StateError) {
        try write(UInt32(bytes.count))
        for index in bytes.indices { try write(byte: bytes[index]) }
    }

    mutating func write(_ text: String) throws(StateError) {
        let bytes = Array(text.utf8)
        try write(bytes.span)
    }

    mutating func finish() throws(StateError) {
        checksum = checksum.adding(buffer.span)
        try sink(buffer)
        try sink((0..<8).map { UInt8(truncatingIfNeeded: checksum.value >> UInt64(8 * $0)) })
    }

    private mutating func write(byte: UInt8) throws(StateError) {
        buffer.append(byte)
        guard buffer.count == StateChecksum.chunk else { return }
        checksum = checksum.adding(buffer.span)
        try sink(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Reads the fields back; every read is checked against what is there.
struct StateReader {
    /// The content is not what this version writes.
    struct Damage: Error {}

    private let bytes: [UInt8]
    /// Where the content ends, and the checksum begins.
    private let end: Int
    private var position = 0

    /// Takes the content of a file, checksum included.
    init(verifying bytes: [UInt8]) throws(Damage) {
        guard bytes.count >= 8 else { throw Damage() }
        let content = bytes.count - 8
        var checksum = StateChecksum()
        var start = 0
        // The last chunk may be empty, as it is when written.
        while true {
            let next = min(start + StateChecksum.chunk, content)
            checksum = checksum.adding(bytes.span.extracting(start..<next))
            if next - start < StateChecksum.chunk { break }
            start = next
        }
        var told: UInt64 = 0
        for index in 0..<8 { told |= UInt64(bytes[content + index]) << UInt64(8 * index) }
        guard told == checksum.value else { throw Damage() }
        self.bytes = bytes
        end = content
    }

    mutating func read<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(Damage) -> Number {
        let size = MemoryLayout<Number>.size
        guard end - position >= size else { throw Damage() }
        var number: Number = 0
        for index in (0..<size).reversed() {
            number = size == 1 ? 0 : number << 8
            number |= Number(truncatingIfNeeded: bytes[position + index])
        }
        position += size
        return number
    }

    mutating func read() throws(Damage) -> Bool {
        switch try read(UInt8.self) {
        case 0: false
        case 1: true
        default: throw Damage()
        }
    }

    /// A number of things that follow, of `size` bytes each at least.
    mutating func count(ofSize size: Int) throws(Damage) -> Int {
        let count = Int(try read(UInt32.self))
        guard (end - position) / size >= count else { throw Damage() }
        return count
    }

    mutating func byteString() throws(Damage) -> [UInt8] {
        let count = try count(ofSize: 1)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func text() throws(Damage) -> String {
        guard let text = String(validating: try byteString(), as: UTF8.self) else { throw Damage() }
        return text
    }

    func finish() throws(Damage) {
        guard position == end else { throw Damage() }
    }
}

/// A checksum against damage: SipHash over each chunk, keyed with that over all before.
struct StateChecksum {
    static let chunk = 65536
    var value: UInt64 = 0

    func adding(_ chunk: Span<UInt8>) -> StateChecksum {
        StateChecksum(value: SipHash.hash(chunk, key: HashKey(first: value, second: 0x726f_6c6c_6361_6c6c)))
    }
}
