internal import Capture
internal import Glibc
internal import TrafficMaker

@testable import Dissection

extension FuzzTarget {
    /// Frames of any link type, one behind the other through one dissector: `type 1 | length 2 | frame`.
    ///
    /// Law: what a frame shows is canonical, and a dissector that is given the same frames shows the same.
    static let frame = FuzzTarget(name: "frame") { input in
        func shown() -> [String] {
            var dissector = makeDissector()
            var shown: [String] = []
            var reader = ByteReader(input)
            while let type = try? reader.uint8(), let length = try? reader.uint16() {
                let frame = reader.prefix(upTo: Int(length)).rest
                let time = frame.count >= 8 ? Int64(bitPattern: frame.uint64(at: frame.count - 8)) : .max
                dissector.dissect(frame, linkType: LinkType(rawValue: Int32(type)), timestampNanoseconds: time)
                shown += dissector.checkedSightings()
            }
            return shown
        }
        require(shown() == shown(), "the same frames show the same")
    }

    /// A DNS message. Law: what a name's reading consumed lies inside the message, and reading it again says the same.
    static let dnsMessage = FuzzTarget(name: "dns-message") { input in
        var name = NameBuffer()
        var again = NameBuffer()
        if let end = try? DNSName.read(input, at: 12, into: &name) {
            require(end > 12 && end <= input.count, "a name ends inside its message")
            requireCanonical(name.span, mayBeEmpty: true)
            require((try? DNSName.read(input, at: 12, into: &again)) == end, "a name is read twice alike")
            require(name.span.copied() == again.span.copied(), "a name is read twice alike")
        }
        var dissector = makeDissector()
        let client = Packet(timestampNanoseconds: 0)
        dissector.dns(input, Ports(source: 40_000, destination: Port.dns), client)
        _ = dissector.checkedSightings()
        dissector.dns(input, Ports(source: Port.dns, destination: 40_000), client)
        require(dissector.answers.evictions == 0, "one message is not enough to evict answers")
    }

    /// A ClientHello message. Law: more bytes never take back a decision, and never change a name.
    static let clientHello = FuzzTarget(name: "client-hello") { input in
        var whole = NameBuffer()
        let outcome = ClientHello.read(input, name: &whole)
        if case .named = outcome { requireCanonical(whole.span) }
        var part = NameBuffer()
        let length = input.isEmpty ? 0 : Int(input[input.count - 1]) * input.count / 256
        switch (ClientHello.read(input.extracting(first: length), name: &part), outcome) {
        case (.needsMore, _): break
        case (.named, .named): require(part.span.copied() == whole.span.copied(), "more bytes keep the name")
        case (.nameless, .nameless), (.notClientHello, .notClientHello): break
        default: require(false, "more bytes keep the decision")
        }
    }

    /// A QUIC datagram, its Initial's payload, or its header. Law: packets and rest are the datagram, nothing twice.
    static let quicDatagram = FuzzTarget(name: "quic-datagram") { input in
        var rest = ByteReader(input)
        var consumed = 0
        while !rest.isEmpty {
            let before = rest.count
            guard let header = try? LongHeader(&rest) else { break }
            require(header.packet.count == before - rest.count || rest.isEmpty, "packets lie one behind the other")
            consumed += before - rest.count
        }
        require(consumed + rest.count == input.count, "consumed and rest are the input")
        var frames = ByteReader(input)
        while let frame = try? InitialFrame(&frames, .v1) {
            if case .crypto(_, let length) = frame, (try? frames.sub(length)) == nil { break }
        }
        var dissector = makeDissector()
        dissector.quic(input, Ports(source: 50_000, destination: 443), Packet(timestampNanoseconds: 0))
        _ = dissector.checkedSightings()
    }

    /// A client's stream and how it is cut: `number of pieces 1 | cut 2 each | stream`.
    ///
    /// Law: the pieces in order, and backwards, show what the stream shows in one piece.
    static let tcpPieces = FuzzTarget(name: "tcp-pieces") { input in
        guard input.count > 9, input.count <= 4000 else { return }
        let stream = input.extracting(droppingFirst: 9)
        // A request in the clear is skipped segment by segment, so only what begins as a ClientHello has the law.
        let hasLaw = RecordLayer.isLikelyClientHello(stream)
        var cuts = [0, stream.count]
        for index in 0..<Int(input[0] & 3) { cuts.append(Int(input.uint16(at: 1 + 2 * index)) % stream.count) }
        cuts = Array(Set(cuts)).sorted()
        let pieces = zip(cuts, cuts.dropFirst()).map { $0..<$1 }
        let whole = shown(stream, [0..<stream.count])
        let forwards = shown(stream, pieces)
        let backwards = shown(stream, pieces.reversed())
        if hasLaw {
            require(forwards == whole, "any split shows the same")
            require(backwards == whole, "any order shows the same")
        }
    }

    private static func shown(_ stream: Span<UInt8>, _ pieces: [Range<Int>]) -> [String] {
        var dissector = makeDissector()
        var shown: [String] = []
        func segment(_ sequence: UInt32, flags: UInt8) -> [UInt8] {
            let number = (0..<4).map { UInt8(truncatingIfNeeded: sequence >> (24 - 8 * $0)) }
            return [0xc3, 0x50, 1, 0xbb] + number + [0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
        }
        dissector.tcp(segment(0xffff_ff00, flags: 2).span, Packet(timestampNanoseconds: 0))
        for piece in pieces {
            let bytes =
                segment(0xffff_ff01 &+ UInt32(piece.lowerBound), flags: 0x10) + stream.extracting(piece).copied()
            dissector.tcp(bytes.span, Packet(timestampNanoseconds: 0))
            shown += dissector.checkedSightings()
            dissector.sightings.removeAll()
        }
        return shown
    }

    /// Pieces of a stream: `what to do 1 | offset 2 | length 1`, each piece holding the bytes of one fixed stream.
    ///
    /// Law: what is contiguous is the stream's beginning, and as long as a model with a set of offsets says.
    static let streamAssembly = FuzzTarget(name: "stream-assembly") { input in
        let stream = (0..<65_536 + 255).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var assembly = StreamAssembly()
        var arrived: Set<Int> = []
        var base = 0
        var reader = ByteReader(input)
        while let what = try? reader.uint8(), let offset = try? reader.uint16(), let length = try? reader.uint8() {
            if what & 0xf == 0xf {
                assembly.discard(first: Int(length))
                base += Int(length)
            } else if base < 60_000 {
                let place = Int(offset) % max(1, 4000 - base)
                let piece = stream[base + place..<base + place + Int(length)]
                guard assembly.insert(Array(piece).span, at: place) else { break }
                arrived.formUnion(piece.indices)
            }
            var expected = base
            while arrived.contains(expected) { expected += 1 }
            require(assembly.contiguousCount == expected - base, "what arrived is contiguous as far as it is")
            require(assembly.contiguous.copied() == Array(stream[base..<expected]), "every byte is in its place")
            require(assembly.heldBytes <= StreamAssembly.maximumLength, "an assembly stays in its bound")
        }
    }

    /// A request of HTTP/1. Law: more bytes never take back a decision, and never change a name.
    static let httpRequest = FuzzTarget(name: "http-request") { input in
        guard input.count < HTTPRequest.maximumLength else { return }
        var whole = NameBuffer()
        let outcome = HTTPRequest.read(input, into: &whole)
        if outcome == .named { requireCanonical(whole.span) }
        var part = NameBuffer()
        let length = input.isEmpty ? 0 : Int(input[input.count - 1]) * input.count / 256
        let early = HTTPRequest.read(input.extracting(first: length), into: &part)
        guard early != .needsMore, length > 0 else { return }
        require(early == outcome, "more bytes keep the decision")
        require(part.span.copied() == whole.span.copied(), "more bytes keep the name")
    }

    /// Datagrams of DTLS: `length 2 | datagram`, of one client.
    ///
    /// Law: a name is canonical, an association is counted once, and nothing is held of one that was.
    static let dtlsDatagram = FuzzTarget(name: "dtls-datagram") { input in
        var dissector = makeDissector()
        var reader = ByteReader(input)
        var seen = 0
        while let length = try? reader.uint16() {
            let datagram = reader.prefix(upTo: Int(length)).rest
            dissector.sightings.removeAll()
            dissector.dtls(datagram, Ports(source: 50_000, destination: 443), Packet(timestampNanoseconds: 0))
            seen += dissector.checkedSightings().count
        }
        // Another ClientHello than the one being put together begins the association anew, so there may be several.
        require(seen == 0 || dissector.dtlsAssociations.count == 1, "one client has one association")
        require(dissector.assemblies.heldBytes <= ClientHello.maximumLength, "one ClientHello is held at most")
    }

    /// A capture file. Law: what its frames have is in the file, and reading it again gives the same.
    static let captureFile = FuzzTarget(name: "capture-file") { input in
        guard let file = unsafe tmpfile() else { return }
        defer { unsafe fclose(file) }
        let descriptor = unsafe fileno(file)
        let bytes = input.copied()
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count else { return }
        func sizes() -> [Int] {
            guard var file = try? CaptureFile("/proc/self/fd/\(descriptor)") else { return [] }
            var sizes: [Int] = []
            while let frame = try? file.next() { sizes.append(frame.bytes.count) }
            return sizes
        }
        let first = sizes()
        require(first.reduce(0, +) <= input.count, "frames are made of the file")
        require(first == sizes(), "the same file gives the same frames")
    }
}
