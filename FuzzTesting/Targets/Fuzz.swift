internal import Glibc

/// One way into the dissection and the law that must hold there for any bytes.
struct FuzzTarget: Sendable {
    /// What `FUZZ_TARGET` calls it, and the folder of its corpus.
    let name: String
    let run: @Sendable (Span<UInt8>) -> Void

    static let all = [
        frame, dnsMessage, clientHello, quicDatagram, tcpPieces, streamAssembly, httpRequest, dtlsDatagram, captureFile,
    ]
}

/// The target of this run.
private let chosen: FuzzTarget = {
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        fatalError("set FUZZ_TARGET to one of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    }
    if let folder = unsafe getenv("FUZZ_SEEDS") { Seeds.write(for: target, into: unsafe String(cString: folder)) }
    return target
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // The fuzzer keeps the bytes until this returns, and marks what lies beyond them as out of bounds.
    chosen.run(unsafe Span(_unsafeStart: start, count: count))
    return 0
}

/// Stops the fuzzer with the input that broke a law.
func require(_ holds: Bool, _ law: StaticString) {
    guard holds else { fatalError("\(law)") }
}
