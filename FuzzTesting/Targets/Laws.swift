internal import TrafficMaker

@testable import Dissection

/// Random numbers that are the same in every run, so that an input always does the same.
struct FixedGenerator: RandomNumberGenerator {
    private var state: UInt64 = 0x726f_6c6c_6361_6c6c

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}

/// A dissector that does the same in every run.
func makeDissector() -> Dissector {
    var generator = FixedGenerator()
    return Dissector(using: &generator)
}

extension Dissector {
    /// What the last frame showed, each name checked to be canonical.
    func checkedSightings() -> [String] {
        sightings.elements.map { sighting in
            let name = sightings.name(of: sighting)
            requireCanonical(name, mayBeEmpty: sighting.naming == .unnamed)
            return "\(sighting.means) \(sighting.naming) \(String(decoding: name.copied(), as: UTF8.self))"
        }
    }
}

/// A name that was read is lower case, printable, without a trailing dot that is not escaped, and at most 1016 bytes.
func requireCanonical(_ name: Span<UInt8>, mayBeEmpty: Bool = false) {
    require(mayBeEmpty || !name.isEmpty, "a name is not empty")
    require(name.count <= 1016, "a name is at most 254 bytes, each of them escaped")
    var isEscaped = false
    for index in name.indices {
        let byte = name[index]
        require((0x21...0x7e).contains(byte), "a name is printable")
        require(!(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte), "a name is in lower case")
        let isLast = index == name.count - 1
        require(!isLast || isEscaped || byte != UInt8(ascii: "."), "a name has no trailing dot")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
    }
}
