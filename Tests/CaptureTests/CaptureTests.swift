import Capture
import Foundation
import Testing

@Suite struct `Capture files` {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    @Test(arguments: [0xa1b2_c3d4, 0xa1b2_3c4d] as [UInt32])
    func `frames come in order with their bytes, length and time, of microseconds or nanoseconds`(
        magic: UInt32
    ) throws {
        let file = try write(Self.header(magic: magic) + Self.record([1, 2, 3], length: 60, fraction: 5))
        var source = try CaptureFile(file)
        #expect(source.linkType == 1)
        let nanoseconds: Int64 = magic == 0xa1b2_c3d4 ? 5000 : 5
        let expected = Copy(
            bytes: [1, 2, 3], originalLength: 60, timestampNanoseconds: 1_795_521_600_000_000_000 + nanoseconds)
        #expect(try next(of: &source) == expected)
        #expect(try next(of: &source) == nil)
    }

    @Test func `a file that is not there is named with the reason`() {
        #expect(throws: CaptureError(source: "/nowhere.pcap", reason: "No such file or directory")) {
            _ = try CaptureFile("/nowhere.pcap")
        }
    }

    @Test func `a file that is no capture is refused`() throws {
        let file = try write(Array("this is no capture".utf8))
        #expect(throws: CaptureError(source: file, reason: "unknown file format")) {
            _ = try CaptureFile(file)
        }
    }

    @Test func `a file that is cut off gives what it has, then the reason`() throws {
        let whole = Self.header() + Self.record([1, 2, 3], length: 3) + Self.record([4, 5, 6], length: 3)
        var source = try CaptureFile(try write(whole.dropLast()))
        #expect(try next(of: &source)?.bytes == [1, 2, 3])
        var reason = ""
        do {
            _ = try next(of: &source)
        } catch let error as CaptureError {
            reason = error.reason
        }
        #expect(reason.hasPrefix("truncated dump file"))
    }

    @Test func `a filter lets through what it says, and a wrong one is refused with the reason`() throws {
        let file = try write(Self.header() + Self.record([1, 2, 3], length: 3) + Self.record([4, 5], length: 2))
        var source = try CaptureFile(file)
        let filter = try CompiledFilter("len <= 2", linkType: 1)
        var passed: [Bool] = []
        while let frame = try source.next() { passed.append(filter.accepts(frame)) }
        #expect(passed == [false, true])
        var reason = ""
        do {
            _ = try CompiledFilter("no such words", linkType: 1)
        } catch {
            reason = error.reason
        }
        #expect(!reason.isEmpty)
    }

    @Test func `an interface that is not there is refused with what to do`() {
        var reason = ""
        do {
            _ = try CaptureSource(interface: "nosuchif0")
        } catch {
            reason = error.description
        }
        #expect(reason.hasPrefix("nosuchif0: "))
        #expect(reason.contains("ip link") || reason.contains("CAP_NET_RAW"))
    }

    /// A frame that a test may keep.
    private struct Copy: Equatable {
        var bytes: [UInt8]
        var originalLength: Int
        var timestampNanoseconds: Int64
    }

    private func next(of source: inout CaptureFile) throws -> Copy? {
        guard let frame = try source.next() else { return nil }
        var bytes: [UInt8] = []
        for index in frame.bytes.indices { bytes.append(frame.bytes[index]) }
        return Copy(
            bytes: bytes, originalLength: frame.originalLength, timestampNanoseconds: frame.timestampNanoseconds)
    }

    /// The header of a pcap file of Ethernet frames.
    private static func header(magic: UInt32 = 0xa1b2_c3d4) -> [UInt8] {
        big(magic) + [0, 2, 0, 4] + [UInt8](repeating: 0, count: 8) + big(65_535) + big(1)
    }

    private static func record(_ bytes: [UInt8], length: UInt32, fraction: UInt32 = 0) -> [UInt8] {
        big(1_795_521_600) + big(fraction) + big(UInt32(bytes.count)) + big(length) + bytes
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private func write(_ bytes: some Sequence<UInt8>) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: UUID().uuidString)
        try Data(bytes).write(to: file)
        return file.path
    }
}
