import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import NIOPosix
import Store
import Testing

@testable import rollcall_collector

@Suite struct `The body of a request` {
    private let patience = BodyDeadline.Patience(atLeast: .seconds(30), bytesPerSecond: 100)

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: BodyDeadline(patience: patience))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        let head = HTTPRequest(method: .post, scheme: "http", authority: "a.example", path: "/")
        try channel.writeInbound(HTTPRequestPart.head(head))
        channel.read()
        return channel
    }

    private func send(_ count: Int, _ channel: EmbeddedChannel) throws {
        try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 0, count: count)))
        channel.read()
    }

    @Test func `that comes a byte at a time is answered with 408, and the connection is closed`() throws {
        let channel = try channel()
        for _ in 0..<29 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try send(1, channel)
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
        guard case .head(let answer)? = try channel.readOutbound(as: HTTPResponsePart.self) else {
            Issue.record("there is no answer")
            return
        }
        #expect(answer.status == .requestTimeout)
    }

    @Test func `may take its time when it goes on as fast as a slow line`() throws {
        let channel = try channel()
        for _ in 0..<300 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try send(100, channel)
        }
        #expect(channel.isActive)
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        _ = try channel.finish()
    }

    @Test func `is not ended while it waits for its turn to be read`() throws {
        let channel = try channel()
        // It came, and nobody asks for more.
        try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 0, count: 1)))
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .seconds(61))
        #expect(!channel.isActive)
    }

    @Test func `that drips into a collector over the network is cut off`() async throws {
        let folder = NSTemporaryDirectory() + "rollcall-drip-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(path: folder + "/rollcall.sqlite")
        let routes = try CollectorRoutes(store: store, catalogue: [])
        let patience = BodyDeadline.Patience(atLeast: .milliseconds(300), bytesPerSecond: 8_192)
        let application = Application(
            router: routes.router(), server: try Serve.server(nil, patience: patience))
        try await application.test(.live) { client in
            let port = try #require(client.port)
            let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            try await connection.executeThenClose { inbound, outbound in
                let head =
                    "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
                try await outbound.write(ByteBuffer(string: head))
                // Ends, because the collector cuts it off, or after the bytes that it waits for.
                let dripping = Task {
                    for _ in 0..<1000 {
                        try await outbound.write(ByteBuffer(string: "a"))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                var answer = ""
                var isReset = false
                do {
                    for try await part in inbound { answer += String(buffer: part) }
                } catch let error as IOError where error.errnoCode == ECONNRESET {
                    // A byte that was on its way when the collector closed: the kernel then takes the answer away, too.
                    isReset = true
                }
                dripping.cancel()
                #expect(answer.hasPrefix("HTTP/1.1 408 ") || (isReset && answer.isEmpty), "\(answer)")
            }
        }
        try store.close()
    }
}
