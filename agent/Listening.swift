import Capture
import Dissection
import Foundation
import Names

/// What a few seconds at an interface showed.
struct Listening {
    var frames = 0
    var queries = 0
    var handshakes = 0
    /// How often the name was seen that is looked for, or one below it.
    var found = 0
    /// Hardware addresses of clients, as far as they matter: none, one, or more.
    private var firstClient: UInt64?
    private(set) var hasSeveralClients = false

    /// Looks at everything that passes an interface for some seconds.
    ///
    /// - Throws: `CaptureError` when it cannot be opened.
    init(at interface: String, options: LiveOptions, seconds: Int, name: HostName?) throws {
        var source = try CaptureSource(interface: interface, options: options)
        let linkType = LinkType(rawValue: source.linkType)
        var dissector = Dissector()
        let bell = try FrameBell()
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            guard let frame = try source.next() else {
                bell.wait(for: [source.descriptor], milliseconds: 100)
                continue
            }
            frames += 1
            dissector.dissect(frame.bytes, linkType: linkType, timestampNanoseconds: frame.timestampNanoseconds)
            if !dissector.sightings.isEmpty { note(dissector.sightings, name) }
        }
    }

    private mutating func note(_ sightings: borrowing Sightings, _ name: HostName?) {
        for sighting in sightings.elements {
            if sighting.means == .dns { queries += 1 } else { handshakes += 1 }
            if let hardware = sighting.client.hardwareAddress, !sighting.isFromResolver {
                if let firstClient, firstClient != hardware { hasSeveralClients = true }
                firstClient = firstClient ?? hardware
            }
            guard let name else { continue }
            let seen = sightings.name(of: sighting)
            var bytes: [UInt8] = []
            for index in seen.indices { bytes.append(seen[index]) }
            if HostName(String(decoding: bytes, as: UTF8.self))?.isWithin(name) == true { found += 1 }
        }
    }
}
