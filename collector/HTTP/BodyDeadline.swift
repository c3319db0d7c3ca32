import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a request whose body comes more slowly than any line is: a client that sends a byte now and then would hold its place
/// among those that are read for ever.
///
/// Only the time in which the collector waits for the client counts, and not that in which a body waits for its turn. A head
/// that does not arrive, and a body of which nothing comes, are ended by the server's idle timeout already.
final class BodyDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a body may take.
    struct Patience: Sendable {
        /// However small it is.
        var atLeast = TimeAmount.seconds(30)
        /// For so many bytes that have come, a second more: a line of 64 kbit/s.
        var bytesPerSecond = 8_192
    }

    private let patience: Patience
    private var body: Body?
    private var alarm: Scheduled<Void>?
    private var hasAnswered = false

    /// A body that is being read.
    private struct Body {
        var received = 0
        var waited = TimeAmount.zero
        /// Since when the collector waits for the client; nil while it does not.
        var waitsSince: NIODeadline?

        /// Something came.
        mutating func rest(at now: NIODeadline) {
            if let waitsSince { waited = waited + (now - waitsSince) }
            waitsSince = nil
        }
    }

    init(patience: Patience = Patience()) {
        self.patience = patience
    }

    func read(context: ChannelHandlerContext) {
        if body != nil, body?.waitsSince == nil { body?.waitsSince = context.eventLoop.now }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = context.eventLoop.now
        switch unwrapInboundIn(data) {
        case .head:
            (body, hasAnswered) = (Body(waitsSince: now), false)
            schedule(in: patience.atLeast, context)
        case .body(let part):
            body?.received += part.readableBytes
            body?.rest(at: now)
        case .end: forget()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .head = unwrapOutboundIn(data) { hasAnswered = true }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    private func forget() {
        body = nil
        alarm?.cancel()
        alarm = nil
    }

    private func schedule(in time: TimeAmount, _ context: ChannelHandlerContext) {
        alarm?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        alarm = context.eventLoop.scheduleTask(in: time) {
            let (handler, context) = bound.value
            handler.check(context)
        }
    }

    /// Ends the request, or looks again when its time would be over.
    private func check(_ context: ChannelHandlerContext) {
        guard let body else { return }
        let waiting = body.waitsSince.map { context.eventLoop.now - $0 } ?? .zero
        let allowed = patience.atLeast + .seconds(Int64(body.received / patience.bytesPerSecond))
        let rest = allowed - body.waited - waiting
        if rest > .zero { return schedule(in: rest, context) }
        // While nobody waits for the client, it may take its time.
        if body.waitsSince == nil { return schedule(in: patience.atLeast, context) }
        forget()
        if !hasAnswered {
            let head = HTTPResponse(
                status: .requestTimeout, headerFields: [.connection: "close", .contentLength: "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.close(promise: nil)
    }
}
