import Capture
import Dissection

/// Reads capture files, one behind the other, as one observation.
struct CaptureReader: ~Copyable {
    private(set) var dissector = Dissector()

    /// Reads a file to its end, and gives what each frame showed, where it showed something.
    ///
    /// - Throws: `CaptureError` when the file cannot be opened, or no further; what came before was given.
    mutating func read(file: String, _ body: (borrowing Sightings) -> Void) throws(CaptureError) {
        var file = try CaptureFile(file)
        if let linkType = file.linkType, !LinkType(rawValue: linkType).isSupported {
            throw Self.unsupported(linkType, in: file.name)
        }
        var unsupported: Int32?
        var isSupported = false
        while let frame = try file.next() {
            let linkType = LinkType(rawValue: frame.linkType)
            if linkType.isSupported { isSupported = true } else { unsupported = frame.linkType }
            dissector.dissect(
                frame.bytes, linkType: linkType, timestampNanoseconds: frame.timestampNanoseconds)
            if !dissector.sightings.isEmpty { body(dissector.sightings) }
        }
        // Of a file with several interfaces those that can be looked into count, and the other frames have a reason.
        if let unsupported, !isSupported { throw Self.unsupported(unsupported, in: file.name) }
    }

    private static func unsupported(_ linkType: Int32, in file: String) -> CaptureError {
        CaptureError(source: file, reason: "frames of link type \(linkType) cannot be looked into")
    }
}
