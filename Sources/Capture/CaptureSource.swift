internal import CPcap
internal import Glibc

/// Frames of a capture file or of a live interface, through libpcap.
///
/// ```swift
/// var source = try CaptureSource(file: "school.pcap")
/// while let frame = try source.next() { … frame.bytes … }
/// ```
@safe public struct CaptureSource: ~Copyable {
    /// The file's path or the interface's name, for messages.
    public let name: String
    /// What the frames begin with: libpcap's number (DLT_…).
    public let linkType: Int32
    /// Whether frames come from an interface: then ``next()`` gives nil when there was none for a moment.
    public let isLive: Bool

    let handle: OpaquePointer
    /// Whether an interface gives frames that are not for this machine.
    let isPromiscuous: Bool
    private let timeoutMilliseconds: Int32
    /// What a file is read through; libpcap closes the stream that uses it.
    private let fileBuffer: UnsafeMutablePointer<CChar>?

    /// Opens a pcap or pcapng file.
    ///
    /// - Parameter file: Its path, or `-` for standard input.
    /// - Throws: ``CaptureError`` when it cannot be opened or is no capture.
    public init(file: String) throws(CaptureError) {
        name = file == "-" ? "standard input" : file
        guard let stream = unsafe file == "-" ? fdopen(dup(STDIN_FILENO), "rb") : fopen(file, "rb") else {
            throw CaptureError(source: name, reason: Self.lastSystemError())
        }
        // libpcap reads through the stream's buffer, of 4 KiB if nobody says more: a third of the time of a large file.
        // The memory is ours, because glibc takes a size only with the memory.
        let fileBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Self.fileBufferSize)
        unsafe setvbuf(stream, fileBuffer, _IOFBF, Self.fileBufferSize)
        var message = ErrorMessage()
        let opened = unsafe message.withBuffer { buffer in
            unsafe pcap_fopen_offline_with_tstamp_precision(stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), buffer)
        }
        guard let opened = unsafe opened else {
            unsafe fclose(stream)
            unsafe fileBuffer.deallocate()
            throw CaptureError(source: name, reason: message.text)
        }
        unsafe handle = opened
        unsafe self.fileBuffer = fileBuffer
        linkType = unsafe pcap_datalink(opened)
        isLive = false
        isPromiscuous = false
        timeoutMilliseconds = 0
    }

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
        unsafe pcap_set_timeout(created, Int32(options.timeoutMilliseconds))
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
        // libpcap's own timeout starts with a frame, so an idle interface would hold its reader for ever: see `wait`.
        let isNonblocking = unsafe message.withBuffer { buffer in
            unsafe pcap_setnonblock(created, 1, buffer) == 0 ? created : nil
        }
        guard unsafe isNonblocking != nil else {
            unsafe pcap_close(created)
            throw CaptureError(source: interface, reason: message.text)
        }
        unsafe handle = created
        unsafe fileBuffer = nil
        linkType = unsafe pcap_datalink(created)
        isLive = true
        isPromiscuous = options.isPromiscuous
        timeoutMilliseconds = Int32(options.timeoutMilliseconds)
    }

    deinit {
        unsafe pcap_close(handle)
        unsafe fileBuffer?.deallocate()
    }

    /// The next frame; nil at the end of a file, or when an interface had none for ``LiveOptions/timeoutMilliseconds``.
    ///
    /// - Throws: ``CaptureError`` when the file is cut off or broken, or the interface went away.
    @_lifetime(&self)
    public mutating func next() throws(CaptureError) -> Frame? {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        var status = unsafe pcap_next_ex(handle, &header, &data)
        if status == 0, isLive {
            wait()
            status = unsafe pcap_next_ex(handle, &header, &data)
        }
        switch status {
        case 1:
            guard let header = unsafe header, let data = unsafe data else { return nil }
            // libpcap keeps the bytes until the next call, and the frame's lifetime ends before that.
            let bytes = unsafe Span(_unsafeStart: data, count: Int(header.pointee.caplen))
            let time = unsafe header.pointee.ts
            let frame = Frame(
                bytes: bytes, originalLength: Int(unsafe header.pointee.len),
                timestampNanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec))
            return unsafe _overrideLifetime(frame, mutating: &self)
        case 0, -2:
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

    /// What the kernel did since the interface was opened; nil for a file.
    public func counters() -> Counters? {
        var statistics = pcap_stat()
        guard isLive, unsafe pcap_stats(handle, &statistics) == 0 else { return nil }
        return Counters(
            received: Int(statistics.ps_recv), droppedByKernel: Int(statistics.ps_drop),
            droppedByInterface: Int(statistics.ps_ifdrop))
    }

    /// Waits until frames are there, or a moment has passed.
    private func wait() {
        var descriptor = pollfd(fd: unsafe pcap_get_selectable_fd(handle), events: Int16(POLLIN), revents: 0)
        // One structure, and its count.
        unsafe poll(&descriptor, 1, timeoutMilliseconds)
    }

    /// More does not stay in the processor's cache until it is read: 256 KiB cost a third more.
    private static let fileBufferSize = 64 << 10

    private static func lastSystemError() -> String {
        unsafe String(cString: strerror(errno))
    }

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
    public var bufferBytes = 8 << 20
    /// Whether to take frames that are not for this machine: off where the gateway forwards them itself.
    public var isPromiscuous = false
    /// How long to wait for a frame.
    public var timeoutMilliseconds = 250
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
