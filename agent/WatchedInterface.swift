import Capture
import Dissection
import Logging
import Tally

/// An interface that the agent listens on, which may go away and come back.
final class WatchedInterface {
    let name: String
    private let options: LiveOptions
    private let logger: Logger
    private var listening: Listening?
    /// Why it cannot be listened on at the moment.
    private(set) var problem: String?
    private var nextTry = ContinuousClock.now
    private var known: Counters?

    /// A capture source in an optional has to be in something that can be.
    private final class Listening {
        var source: CaptureSource
        let linkType: LinkType

        init(_ name: String, _ options: LiveOptions) throws {
            source = try CaptureSource(interface: name, options: options)
            linkType = LinkType(rawValue: source.linkType)
            guard linkType.isSupported else {
                throw CaptureError(source: name, reason: "link type \(linkType.rawValue) is not supported")
            }
            // What no name can be in stays in the kernel.
            let live = CaptureFilter.live(for: linkType.rawValue, tunnels: true).text
            try source.setFilter(Self.excluding(options.excludedSubnets, from: live))
        }

        func drain(
            _ body: (Span<UInt8>, _ timestampNanoseconds: Int64, LinkType) -> Void
        ) throws(CaptureError) {
            // Bounded, so that a busy interface leaves time for the others and for requests.
            for _ in 0..<1024 {
                guard let frame = try source.next() else { return }
                body(frame.bytes, frame.timestampNanoseconds, linkType)
            }
        }

        /// A filter that lets nothing through which those subnets send; what is inside of tags and tunnels, the tally
        /// leaves out.
        private static func excluding(_ subnets: [String], from filter: String) -> String {
            guard !subnets.isEmpty, !filter.isEmpty else { return filter }
            return "(\(filter)) and not (\(subnets.map { "src net \($0)" }.joined(separator: " or ")))"
        }
    }

    init(_ name: String, options: LiveOptions, logger: Logger) {
        self.name = name
        self.options = options
        self.logger = logger
    }

    /// Whether it was opened once: from then on it takes no privilege to go on with it.
    var wasOpened: Bool { listening != nil }

    /// Opens it; one that is away is tried again later.
    ///
    /// - Throws: `CaptureError` where trying again would not help.
    func open() throws {
        do {
            listening = try Listening(name, options)
            problem = nil
        } catch let error as CaptureError where error.mayPass {
            note(error)
        }
    }

    /// What becomes readable when frames are there; nil while it cannot be listened on.
    var descriptor: Int32? { problem == nil ? listening?.source.descriptor : nil }

    /// Gives some of the frames that are there.
    func drain(_ body: (Span<UInt8>, _ timestampNanoseconds: Int64, LinkType) -> Void) {
        if problem != nil { tryAgain() }
        guard problem == nil, let listening else { return }
        do {
            try listening.drain(body)
        } catch {
            note(error)
        }
    }

    /// What the kernel counted, which only grows.
    var counters: Counters {
        var counters = listening?.source.counters() ?? Counters()
        if let known {
            // An interface that came back begins at zero.
            counters.received = max(counters.received, known.received)
            counters.droppedByKernel = max(counters.droppedByKernel, known.droppedByKernel)
            counters.droppedByInterface = max(counters.droppedByInterface, known.droppedByInterface)
        }
        known = counters
        return counters
    }

    private func note(_ error: CaptureError) {
        if problem == nil {
            logger.warning("\(error); what else there is counts on, and it is tried again every second")
        }
        problem = error.reason
        nextTry = .now + .seconds(1)
    }

    private func tryAgain() {
        guard ContinuousClock.now >= nextTry else { return }
        nextTry = .now + .seconds(1)
        if let listening {
            guard listening.source.reattach() else { return }
            problem = nil
        } else {
            do {
                try open()
            } catch {
                problem = "\(error)"
            }
        }
        if problem == nil { logger.notice("\(name) is there again") }
    }
}
