internal import CPcap
internal import Glibc

/// Frames of a live interface, through libpcap.
///
/// ```swift
/// var source = try CaptureSource(interface: "eth1")
/// let bell = try FrameBell()
/// while true {
///     guard let frame = try source.next() else {
///         bell.wait(for: [source.descriptor], milliseconds: 1000)
///         continue
///     }
///     …
/// }
/// ```
@safe public struct CaptureSource: ~Copyable {
    /// The interface's name, for messages.
    public let name: String
    /// What the frames begin with: libpcap's number (DLT_…).
    public let linkType: Int32

    let handle: OpaquePointer
    /// Whether an interface gives frames that are not for this machine.
    let isPromiscuous: Bool

    /// Opens an interface.
    ///
    /// - Parameters:
    ///   - interface: Its name, such as `eth1`.
    ///   - options: How much of each frame to take, and how to wait.
    /// - Throws: ``CaptureError`` when there is no such interface or no permission.
    public init(interface: String, options: LiveOptions = LiveOptions()) throws(CaptureError) {
        name = interface
        var message = ErrorMessage()
        let created = unsafe message.withBuffer { buffer in unsafe pcap_create(interface, buffer) }
        guard let created = unsafe created else {
            throw CaptureError(source: interface, reason: message.text)
        }
        unsafe pcap_set_snaplen(created, Int32(options.snapLength))
        unsafe pcap_set_promisc(created, options.isPromiscuous ? 1 : 0)
        unsafe pcap_set_timeout(created, Self.longestInKernel)
        unsafe pcap_set_buffer_size(created, Int32(options.bufferBytes))
        unsafe pcap_set_tstamp_precision(created, Int32(PCAP_TSTAMP_PRECISION_NANO))
        let status = unsafe pcap_activate(created)
        guard status >= 0 else {
            let isAway = [PCAP_ERROR_NO_SUCH_DEVICE, PCAP_ERROR_IFACE_NOT_UP].contains(status)
            let error = CaptureError(
                source: interface, reason: unsafe Self.explain(status, created), mayPass: isAway)
            unsafe pcap_close(created)
            throw error
        }
        // libpcap's own timeout starts with a frame, so an idle interface would hold its reader for ever: see ``FrameBell``.
        let isNonblocking = unsafe message.withBuffer { buffer in
            unsafe pcap_setnonblock(created, 1, buffer) == 0 ? created : nil
        }
        guard unsafe isNonblocking != nil else {
            unsafe pcap_close(created)
            throw CaptureError(source: interface, reason: message.text)
        }
        unsafe handle = created
        linkType = unsafe pcap_datalink(created)
        isPromiscuous = options.isPromiscuous
    }

    deinit {
        unsafe pcap_close(handle)
    }

    /// What becomes readable when frames are there, for ``FrameBell``.
    public var descriptor: Int32 { unsafe pcap_get_selectable_fd(handle) }

    /// The next frame; nil when none is there.
    ///
    /// - Throws: ``CaptureError`` when the interface went away.
    @_lifetime(&self)
    public mutating func next() throws(CaptureError) -> Frame? {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        let status = unsafe pcap_next_ex(handle, &header, &data)
        switch status {
        case 1:
            guard let header = unsafe header, let data = unsafe data else { return nil }
            // libpcap keeps the bytes until the next call, and the frame's lifetime ends before that.
            let bytes = unsafe Span(_unsafeStart: data, count: Int(header.pointee.caplen))
            let time = unsafe header.pointee.ts
            let frame = Frame(
                bytes: bytes, originalLength: Int(unsafe header.pointee.len),
                timestampNanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec), linkType: linkType)
            return unsafe _overrideLifetime(frame, mutating: &self)
        case 0:
            return nil
        default:
            throw CaptureError(source: name, reason: unsafe String(cString: pcap_geterr(handle)))
        }
    }

    /// Lets through only what a filter in libpcap's language accepts.
    ///
    /// - Throws: ``CaptureError`` when the filter is wrong.
    public mutating func setFilter(_ filter: String) throws(CaptureError) {
        var program = unsafe bpf_program()
        guard unsafe pcap_compile(handle, &program, filter, 1, 0xffff_ffff) == 0 else {
            throw CaptureError(source: name, reason: unsafe String(cString: pcap_geterr(handle)))
        }
        defer { unsafe pcap_freecode(&program) }
        guard unsafe pcap_setfilter(handle, &program) == 0 else {
            throw CaptureError(source: name, reason: unsafe String(cString: pcap_geterr(handle)))
        }
    }

    /// What the kernel did since the interface was opened; nil when it does not tell.
    public func counters() -> Counters? {
        var statistics = pcap_stat()
        guard unsafe pcap_stats(handle, &statistics) == 0 else { return nil }
        return Counters(
            received: Int(statistics.ps_recv), droppedByKernel: Int(statistics.ps_drop),
            droppedByInterface: Int(statistics.ps_ifdrop))
    }

    /// How many milliseconds the kernel fills a block of its buffer before it hands it over.
    private static let longestInKernel: Int32 = 250

    private static func explain(_ status: Int32, _ handle: OpaquePointer) -> String {
        let detail = unsafe String(cString: pcap_geterr(handle))
        let general = unsafe String(cString: pcap_statustostr(status))
        let words = detail.isEmpty ? general : "\(general): \(detail)"
        switch status {
        case PCAP_ERROR_PERM_DENIED: return "\(words); run as root, or give the program CAP_NET_RAW"
        case PCAP_ERROR_NO_SUCH_DEVICE: return "\(words); `ip link` lists the interfaces there are"
        default: return words
        }
    }
}

/// How an interface is opened.
public struct LiveOptions: Sendable, Equatable {
    /// The most bytes of a frame that are taken; a ClientHello's segment with its headers fits.
    public var snapLength = 2048
    /// The kernel's ring buffer in bytes.
    public var bufferBytes = 4 << 20
    /// Whether to take frames that are not for this machine: off where the gateway forwards them itself.
    public var isPromiscuous = false
    /// Senders whose frames stay in the kernel: `10.1.9.0/24`.
    public var excludedSubnets: [String] = []

    /// Makes the defaults.
    public init() {}
}

/// What the kernel says it did with an interface's frames.
public struct Counters: Sendable, Equatable {
    /// Frames that passed the filter.
    public var received: Int
    /// Frames lost because the buffer was full.
    public var droppedByKernel: Int
    /// Frames that the interface itself lost.
    public var droppedByInterface: Int

    /// Makes counters.
    public init(received: Int = 0, droppedByKernel: Int = 0, droppedByInterface: Int = 0) {
        self.received = received
        self.droppedByKernel = droppedByKernel
        self.droppedByInterface = droppedByInterface
    }
}

/// The buffer into which libpcap writes why it could not open something.
private struct ErrorMessage {
    private(set) var text = ""

    mutating func withBuffer(_ body: (UnsafeMutablePointer<CChar>) -> OpaquePointer?) -> OpaquePointer? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PCAP_ERRBUF_SIZE)) { buffer in
            unsafe buffer.initialize(repeating: 0)
            guard let start = buffer.baseAddress else { return nil }
            let handle = unsafe body(start)
            text = unsafe String(cString: start)
            return unsafe handle
        }
    }
}
