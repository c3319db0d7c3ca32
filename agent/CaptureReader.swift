import Capture
import Dissection

/// Reads capture files, one behind the other, as one observation.
struct CaptureReader: ~Copyable {
    private(set) var dissector = Dissector()

    /// Reads a file to its end, and gives each sighting with its name.
    ///
    /// - Throws: `CaptureError` when the file cannot be opened, or no further; what came before was given.
    mutating func read(file: String, _ body: (Sighting, Span<UInt8>) -> Void) throws(CaptureError) {
        var source = try CaptureSource(file: file)
        let linkType = LinkType(rawValue: source.linkType)
        guard linkType.isSupported else {
            throw CaptureError(
                source: source.name, reason: "frames of link type \(linkType.rawValue) cannot be looked into")
        }
        while let frame = try source.next() {
            dissector.dissect(
                frame.bytes, linkType: linkType, timestampNanoseconds: frame.timestampNanoseconds)
            if dissector.sightings.isEmpty { continue }
            for sighting in dissector.sightings.elements {
                body(sighting, dissector.sightings.name(of: sighting))
            }
        }
    }
}
