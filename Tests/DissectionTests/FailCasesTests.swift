import Foundation
import Testing

@testable import Dissection

/// Inputs on which the fuzzer once found a law broken, by its target.
@Suite struct `Fail cases` {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "FailCases")

    static func cases(_ target: String) -> [[UInt8]] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder.appending(path: target), includingPropertiesForKeys: nil)
        return (files ?? []).compactMap { file in (try? Data(contentsOf: file)).map { Array($0) } }
    }

    @Test func `more bytes of a ClientHello never take back a name`() {
        #expect(!Self.cases("client-hello").isEmpty)
        for input in Self.cases("client-hello") {
            var known: String?
            var name = NameBuffer()
            for length in 0...input.count {
                let outcome = ClientHello.read(input.span.extracting(first: length), name: &name)
                if case .named = outcome { known = known ?? name.text }
                if let known { #expect(name.text == known, "\(length) bytes") }
            }
        }
    }

    @Test func `every one of them is survived by the whole path`() throws {
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
            for input in Self.cases(target) {
                var dissector = Dissector()
                for linkType in [1, 0, 9, 12, 105, 107, 113, 127, 192, 239, 276] as [Int32] {
                    dissector.dissect(input.span, linkType: LinkType(rawValue: linkType), timestampNanoseconds: 0)
                }
                #expect(dissector.statistics.frames == 11)
            }
        }
    }
}
