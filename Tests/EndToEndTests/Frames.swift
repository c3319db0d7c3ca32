import Foundation
import TrafficMaker

/// Frames and captures for the programs to read.
enum Frames {
    /// A query of a client at 192.0.2.10 (RFC 5737) for an address of a name.
    static func query(for name: String) -> [UInt8] {
        MadeConversation(
            from: MadeEndpoint(hardwareAddress: 0x0200_0000_0010, address: [192, 0, 2, 10], port: 40_000),
            to: MadeEndpoint(hardwareAddress: 0x0200_0000_0001, address: [192, 0, 2, 53], port: 53)
        ).udp(MadeMessage(identifier: 1, name).bytes)
    }

    /// A pcap file of Ethernet frames, a second apart from noon on 2026-11-24 (UTC).
    static func capture(_ frames: [[UInt8]]) -> Data {
        var file: [UInt8] = []
        file.append(big: UInt32(0xa1b2_c3d4))
        file.append(big: UInt32(0x0002_0004))
        file.append(big: UInt64(0))
        file.append(big: UInt32(65_535))
        file.append(big: UInt32(1))
        for (index, frame) in frames.enumerated() {
            file.append(big: UInt32(1_795_521_600 + index))
            file.append(big: UInt32(0))
            file.append(big: UInt32(frame.count))
            file.append(big: UInt32(frame.count))
            file += frame
        }
        return Data(file)
    }
}
