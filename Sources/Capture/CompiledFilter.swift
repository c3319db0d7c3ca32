internal import CPcap

/// A filter in libpcap's language, to be tried on frames of a file.
@safe public struct CompiledFilter: ~Copyable {
    private var program = unsafe bpf_program()

    /// Compiles a filter for frames of a link type; an empty one accepts everything.
    ///
    /// - Throws: ``CaptureError`` when the filter is wrong.
    public init(_ text: String, linkType: Int32) throws(CaptureError) {
        guard let handle = unsafe pcap_open_dead(linkType, Int32(CaptureFile.maximumFrameLength)) else {
            throw CaptureError(source: "filter", reason: "there is no memory for it")
        }
        defer { unsafe pcap_close(handle) }
        guard unsafe pcap_compile(handle, &program, text, 1, 0xffff_ffff) == 0 else {
            throw CaptureError(source: "filter", reason: unsafe String(cString: pcap_geterr(handle)))
        }
    }

    deinit {
        var program = unsafe program
        unsafe pcap_freecode(&program)
    }

    /// Whether a frame passes.
    public func accepts(_ frame: borrowing Frame) -> Bool {
        var header = pcap_pkthdr()
        header.caplen = UInt32(frame.bytes.count)
        header.len = UInt32(truncatingIfNeeded: frame.originalLength)
        var program = unsafe program
        // libpcap reads the bytes before it returns.
        return unsafe frame.bytes.withUnsafeBufferPointer { bytes in
            unsafe pcap_offline_filter(&program, &header, bytes.baseAddress) != 0
        }
    }

    /// How many instructions the program has.
    public var instructionCount: Int { Int(unsafe program.bf_len) }
}
