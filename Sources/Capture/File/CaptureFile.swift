internal import Glibc

/// Frames of a capture file in pcap or pcapng format.
///
/// ```swift
/// var file = try CaptureFile("school.pcapng")
/// while let frame = try file.next() { … frame.bytes … }
/// ```
///
/// Not read through libpcap, which refuses pcapng files whose interfaces differ, and copies each frame once more.
public struct CaptureFile: ~Copyable {
    /// The file's path, for messages.
    public let name: String
    /// What all frames begin with, libpcap's number; nil for pcapng, where each frame's interface says it.
    public let linkType: Int32?

    private var stream: ByteStream
    /// Set for the pcap format; the other is then not used.
    private let pcap: PcapFormat?
    private var pcapng = PcapngFormat()
    /// How many bytes of the stream the last frame and what belongs to it take.
    private var taken = 0

    /// The most bytes of a frame, as in libpcap.
    static let maximumFrameLength = 262_144

    /// Opens a file.
    ///
    /// - Parameter path: Its path, or `-` for standard input.
    /// - Throws: ``CaptureError`` when it cannot be opened or is no capture.
    public init(_ path: String) throws(CaptureError) {
        let name = path == "-" ? "standard input" : path
        let descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { throw CaptureError(source: name, reason: unsafe String(cString: strerror(errno))) }
        var stream = ByteStream(descriptor: descriptor)
        let pcap: PcapFormat?
        do throws(FormatError) {
            pcap = try Self.pcapFormat(&stream)
        } catch {
            throw CaptureError(source: name, reason: error.description)
        }
        self.name = name
        self.stream = stream
        self.pcap = pcap
        linkType = pcap?.linkType
    }

    /// Reads the header of a pcap file; nil for pcapng, whose header is a block like others.
    private static func pcapFormat(_ stream: inout ByteStream) throws(FormatError) -> PcapFormat? {
        guard stream.fill(4) else { throw .truncated }
        let isPcapng = stream.uint32(at: 0, .littleEndian) == PcapngFormat.sectionHeader
        return isPcapng ? nil : try PcapFormat(&stream)
    }

    /// The next frame; nil at the end.
    ///
    /// - Throws: ``CaptureError`` when the file is cut off or broken.
    @_lifetime(&self)
    public mutating func next() throws(CaptureError) -> Frame? {
        do throws(FormatError) {
            guard stream.skip(taken) else { throw .truncated }
            taken = 0
            let header = if let pcap { try pcap.next(&stream) } else { try pcapng.next(&stream) }
            guard let header else { return nil }
            taken = header.capturedLength + header.following
            return Frame(
                bytes: stream.bytes.extracting(first: header.capturedLength), originalLength: header.originalLength,
                timestampNanoseconds: header.timestampNanoseconds, linkType: header.linkType)
        } catch {
            throw CaptureError(source: name, reason: error.description)
        }
    }
}

/// What a file says of a frame, whose bytes are the next of the stream.
struct FrameHeader {
    var capturedLength: Int
    var originalLength: Int
    var timestampNanoseconds: Int64
    var linkType: Int32
    /// How many bytes come between the frame and what follows it.
    var following = 0
}

/// Why a file is no capture, or not to be read further.
enum FormatError: Error {
    case truncated
    case unknownFormat
    case unsupportedVersion
    case frameTooLong
    case badBlockLength
    case unknownInterface
}

extension FormatError: CustomStringConvertible {
    /// What is wrong, for people.
    var description: String {
        switch self {
        case .truncated: "truncated dump file; it ends in the middle of a frame"
        case .unknownFormat: "unknown file format"
        case .unsupportedVersion: "a version of the format that nobody uses; convert it with editcap"
        case .frameTooLong:
            "a frame claims more than \(CaptureFile.maximumFrameLength) bytes; the file is damaged there"
        case .badBlockLength: "a block's length contradicts its content; the file is damaged there"
        case .unknownInterface: "a frame of an interface that the file does not describe; the file is damaged there"
        }
    }
}
