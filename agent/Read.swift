import ArgumentParser
import Capture
import Dissection

struct Read: ParsableCommand {
    @Argument var files: [String]
    @Option(name: .short) var k = 1
    @Option var format = "json"
    @Flag var reasons = false
    struct C { var dns = 0, tls = 0, quic = 0, attributed = 0; var devices = Set<Client>() }
    func run() throws {
        var d = Dissector()
        var names: [String: C] = [:]
        var u = (0, 0); var e = (0, 0, 0)
        for f in files {
            do {
                var src = try CaptureSource(file: f)
                let lt = LinkType(rawValue: src.linkType)
                guard lt.isSupported else {
                    throw CaptureError(source: f, reason: "link type \(lt.rawValue) is not supported")
                }
                while let frame = try src.next() {
                    d.dissect(frame.bytes, linkType: lt, timestampNanoseconds: frame.timestampNanoseconds)
                    for s in d.sightings.elements {
                        let n = String(decoding: d.sightings.name(of: s).copied2(), as: UTF8.self)
                        if s.naming == .unnamed { if s.means == .tls { u.0 += 1 } else { u.1 += 1 }; continue }
                        switch s.means {
                        case .dns: names[n, default: C()].dns += 1;
                        case .tls: names[n, default: C()].tls += 1;
                        case .quic: names[n, default: C()].quic += 1
                        }
                        if s.naming == .attributed { names[n, default: C()].attributed += 1 }
                        names[n, default: C()].devices.insert(s.client)
                        switch s.encryptedDNS {
                        case .dot: e.0 += 1;
                        case .doq: e.1 += 1;
                        case .doh: e.2 += 1;
                        case nil: break
                        }
                    }
                }
            } catch let err as CaptureError { print("{\"names\":[],\"error\":\"\(err)\"}"); throw ExitCode(1) }
        }
        var out: [String] = []
        for (n, c) in names.sorted(by: { $0.key < $1.key }) {
            let esc = n.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            out.append(
                "{\"name\":\"\(esc)\",\"dns\":\(c.dns),\"tls\":\(c.tls),\"quic\":\(c.quic),\"attributed\":\(c.attributed),\"devices\":\(c.devices.count)}"
            )
        }
        print(
            "{\"names\":[\(out.joined(separator: ",\n"))],\"unnamed\":{\"tls\":\(u.0),\"quic\":\(u.1)},\"encrypted_dns\":{\"dot\":\(e.0),\"doq\":\(e.1),\"doh\":\(e.2)},\"frames\":\(d.statistics.frames),\"malformed\":\(d.statistics.malformed)}"
        )
        if reasons { for (r, c) in d.statistics.malformedByReason { print("\(r): \(c)") } }
    }
}
extension Span where Element == UInt8 {
    func copied2() -> [UInt8] { var a: [UInt8] = []; for i in indices { a.append(self[i]) }; return a }
}
