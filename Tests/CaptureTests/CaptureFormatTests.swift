import CPcap
import Capture
import Foundation
import Testing

private let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
/// Captures that nobody of this project made lie beside the checkout where somebody put them there.
private let shared = package.deletingLastPathComponent().appending(path: "shared/captures")

@Suite struct `Capture formats` {
    /// A frame that a test may keep.
    struct Copy: Equatable {
        var linkType: Int32
        var timestampNanoseconds: Int64
        var originalLength: Int
        var bytes: [UInt8]
    }

    /// A pcapng file of a byte order, block by block.
    struct MadePcapng {
        var isLittle: Bool
        var bytes: [UInt8] = []

        init(isLittle: Bool) {
            self.isLittle = isLittle
            beginSection()
        }

        mutating func beginSection() {
            block(0x0a0d_0d0a, u32(0x1a2b_3c4d) + u16(1) + u16(0) + [UInt8](repeating: 0xff, count: 8))
        }

        mutating func interface(linkType: UInt16, snapLength: UInt32, resolution: UInt8? = nil, offset: UInt32 = 0) {
            var options: [UInt8] = []
            if let resolution { options += u16(9) + u16(1) + [resolution, 0, 0, 0] }
            if offset > 0 { options += u16(14) + u16(8) + (isLittle ? u32(offset) + u32(0) : u32(0) + u32(offset)) }
            block(1, u16(linkType) + u16(0) + u32(snapLength) + options + u16(0) + u16(0))
        }

        mutating func packet(_ interface: UInt32, time: UInt64, _ frame: [UInt8]) {
            let head = u32(interface) + u32(UInt32(time >> 32)) + u32(UInt32(time & 0xffff_ffff))
            block(6, head + u32(UInt32(frame.count)) + u32(UInt32(frame.count + 5)) + padded(frame))
        }

        mutating func oldPacket(_ interface: UInt16, time: UInt64, _ frame: [UInt8]) {
            let head = u16(interface) + u16(7) + u32(UInt32(time >> 32)) + u32(UInt32(time & 0xffff_ffff))
            block(2, head + u32(UInt32(frame.count)) + u32(UInt32(frame.count)) + padded(frame))
        }

        mutating func simplePacket(_ frame: [UInt8]) { block(3, u32(UInt32(frame.count)) + padded(frame)) }

        mutating func block(_ type: UInt32, _ content: [UInt8]) {
            let length = u32(UInt32(12 + content.count))
            bytes += u32(type) + length + content + length
        }

        private func padded(_ frame: [UInt8]) -> [UInt8] {
            frame + [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
        }

        func u32(_ number: UInt32) -> [UInt8] {
            let big = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
            return isLittle ? big.reversed() : big
        }

        func u16(_ number: UInt16) -> [UInt8] {
            isLittle ? [UInt8(number & 0xff), UInt8(number >> 8)] : [UInt8(number >> 8), UInt8(number & 0xff)]
        }
    }

    /// Two interfaces that differ in everything, each kind of frame block, a block that nobody knows, a second section.
    static func differing(isLittle: Bool) -> [UInt8] {
        var file = MadePcapng(isLittle: isLittle)
        file.interface(linkType: 1, snapLength: 65_535)
        file.interface(linkType: 101, snapLength: 96, resolution: 9, offset: 100)
        file.packet(0, time: 1_795_521_600_000_001, [1, 2, 3])
        file.block(0x0bad, [9, 9, 9, 9])
        file.packet(1, time: 1_795_521_500_000_000_002, [4, 5, 6, 7])
        file.oldPacket(0, time: 3, [8])
        file.simplePacket([9, 10])
        file.beginSection()
        file.interface(linkType: 113, snapLength: 0, resolution: 0x80 | 10)
        file.packet(0, time: 1536, [11])
        return file.bytes
    }

    static let expected = [
        Copy(linkType: 1, timestampNanoseconds: 1_795_521_600_000_001_000, originalLength: 8, bytes: [1, 2, 3]),
        Copy(linkType: 12, timestampNanoseconds: 1_795_521_600_000_000_002, originalLength: 9, bytes: [4, 5, 6, 7]),
        Copy(linkType: 1, timestampNanoseconds: 3000, originalLength: 1, bytes: [8]),
        Copy(linkType: 1, timestampNanoseconds: 0, originalLength: 2, bytes: [9, 10]),
        Copy(linkType: 113, timestampNanoseconds: 1_500_000_000, originalLength: 6, bytes: [11]),
    ]

    @Test(arguments: [true, false])
    func `pcapng files whose interfaces differ are read, of either byte order`(isLittle: Bool) throws {
        let (frames, error) = try read(Self.differing(isLittle: isLittle))
        #expect(error == nil)
        #expect(frames == Self.expected)
    }

    @Test func `every cut of a file gives the frames before it`() throws {
        let file = Self.differing(isLittle: true)
        for length in file.indices {
            let (frames, _) = try read(Array(file.prefix(length)))
            #expect(frames == Array(Self.expected.prefix(frames.count)), "cut at \(length)")
        }
    }

    @Test func `any changed byte of a file is survived`() throws {
        for file in [Self.differing(isLittle: true), Self.pcap(0xa1b2_c3d4)] {
            for position in file.indices {
                for value in [0, 1, 0x7f, 0xff] as [UInt8] {
                    var broken = file
                    broken[position] = value
                    _ = try read(broken)
                }
            }
        }
    }

    @Test(arguments: [(0xa1b2_c3d4, 4), (0xa1b2_c3d4, 2), (0xa1b2_c3d4, 3), (0xa1b2_cd34, 4)] as [(UInt32, UInt16)])
    func `pcap files of old versions and of the variant with longer records are read`(
        magic: UInt32, minor: UInt16
    ) throws {
        let (frames, error) = try read(Self.pcap(magic, minor: minor))
        #expect(error == nil)
        #expect(frames.map(\.bytes) == [[1, 2, 3]])
        #expect(frames.map(\.originalLength) == [60])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: shared.path)))
    func `files that nobody here made give the frames that libpcap gives, where it reads them`() throws {
        var files = 0
        for folder in ["dev", "hostile"] {
            let path = shared.appending(path: folder).path
            for file in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
                try compareWithLibpcap("\(path)/\(file)", isHostile: folder == "hostile")
                files += 1
            }
        }
        #expect(files > 100)
    }

    @Test func `so do this project's own captures`() throws {
        let folder = package.appending(path: "Tests/Fixtures/captures").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pcap") }
        #expect(files.count > 10)
        for file in files { try compareWithLibpcap("\(folder)/\(file)") }
    }

    private func compareWithLibpcap(_ file: String, isHostile: Bool = false) throws {
        let theirs = Self.readWithLibpcap(file)
        let ours: (frames: [Copy], error: CaptureError?)
        do {
            ours = try Self.read(file)
        } catch {
            #expect(theirs.frames.isEmpty, "\(file): \(error)")
            return
        }
        for (number, frame) in theirs.frames.enumerated() {
            // Not the frames themselves in the message, which are long.
            guard number < ours.frames.count else {
                Issue.record("\(file): \(ours.frames.count) of \(theirs.frames.count) frames")
                return
            }
            var same = ours.frames[number]
            // Seconds and their fractions have no sign, but libpcap gives them one.
            if isHostile || frame.timestampNanoseconds < 0 { same.timestampNanoseconds = frame.timestampNanoseconds }
            let isSame = same == frame
            #expect(isSame, "\(file), frame \(number + 1)")
            if !isSame { return }
        }
        if theirs.isWhole {
            #expect(ours.frames.count == theirs.frames.count, "\(file)")
            #expect(ours.error == nil, "\(file)")
        }
    }

    private static func readWithLibpcap(_ file: String) -> (frames: [Copy], isWhole: Bool) {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PCAP_ERRBUF_SIZE)) { message in
            unsafe message.initialize(repeating: 0)
            guard let start = message.baseAddress,
                let handle = unsafe pcap_open_offline_with_tstamp_precision(
                    file, UInt32(PCAP_TSTAMP_PRECISION_NANO), start)
            else { return ([], false) }
            defer { unsafe pcap_close(handle) }
            var frames: [Copy] = []
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var data: UnsafePointer<UInt8>?
            while true {
                let status = unsafe pcap_next_ex(handle, &header, &data)
                guard status == 1, let header = unsafe header?.pointee, let data = unsafe data else {
                    return (frames, status == -2)
                }
                let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: Int(header.caplen)))
                let time = Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec)
                frames.append(
                    Copy(
                        linkType: unsafe pcap_datalink(handle), timestampNanoseconds: time,
                        originalLength: Int(header.len), bytes: bytes))
            }
        }
    }

    /// A pcap file with one frame of three bytes.
    private static func pcap(_ magic: UInt32, minor: UInt16 = 4) -> [UInt8] {
        let writer = MadePcapng(isLittle: true)
        var file = writer.u32(magic) + writer.u16(2) + writer.u16(minor) + [UInt8](repeating: 0, count: 8)
        file += writer.u32(65_535) + writer.u32(1) + writer.u32(1_795_521_600) + writer.u32(0)
        file += minor < 4 ? writer.u32(60) + writer.u32(3) : writer.u32(3) + writer.u32(60)
        if magic == 0xa1b2_cd34 { file += [UInt8](repeating: 0, count: 8) }
        return file + [1, 2, 3]
    }

    private func read(_ bytes: [UInt8]) throws -> (frames: [Copy], error: CaptureError?) {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        do {
            return try Self.read(file.path)
        } catch {
            return ([], error as? CaptureError)
        }
    }

    private static func read(_ path: String) throws -> (frames: [Copy], error: CaptureError?) {
        var file = try CaptureFile(path)
        var frames: [Copy] = []
        do throws(CaptureError) {
            while let frame = try file.next() {
                var bytes: [UInt8] = []
                for index in frame.bytes.indices { bytes.append(frame.bytes[index]) }
                frames.append(
                    Copy(
                        linkType: frame.linkType, timestampNanoseconds: frame.timestampNanoseconds,
                        originalLength: frame.originalLength, bytes: bytes))
            }
        } catch {
            return (frames, error)
        }
        return (frames, nil)
    }
}
