import Capture
import Dissection

/// Reads capture files, one behind the other, as one observation.
struct CaptureReader: ~Copyable {
    private(set) var dissector = Dissector()

    /// Reads a file to its end, and gives what each frame showed, where it showed something.
    ///
    /// - Throws: `CaptureError` when the file cannot be opened, or no further; what came before was given.
    mutating func read(file: String, _ body: (borrowing Sightings) -> Void) throws(CaptureError) {
        var source = try CaptureSource(file: file)
        let linkType = LinkType(rawValue: source.linkType)
        guard linkType.isSupported else {
            throw CaptureError(
                source: source.name, reason: "frames of link type \(linkType.rawValue) cannot be looked into")
        }
        while let frame = try source.next() {
            dissector.dissect(
                frame.bytes, linkType: linkType, timestampNanoseconds: frame.timestampNanoseconds)
            if !dissector.sightings.isEmpty { body(dissector.sightings) }
        }
    }
}
