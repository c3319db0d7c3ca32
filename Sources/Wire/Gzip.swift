private import CZlib

/// gzip (RFC 1952), as reports travel.
public enum Gzip {
    /// Why bytes could not be decompressed.
    public enum Failure: Error, Sendable, Equatable {
        /// They are no gzip, or damaged.
        case damaged
        /// They end too early.
        case truncated
        /// They would grow beyond the limit.
        case tooLarge(limit: Int)
    }

    /// Compresses bytes into one gzip member.
    public static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let stream = unsafe makeStream()
        defer { unsafe stream.deallocate() }
        // Fails only when there is no memory, or for settings that are not these.
        var status = unsafe deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot compress")
        defer { unsafe deflateEnd(stream) }
        var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(stream, UInt(bytes.count))))
        // `deflateBound` is room enough for one call, so the call ends the stream.
        let length = unsafe withBuffers(bytes, &output) { input, output in
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(input.count)
            unsafe stream.pointee.next_out = output.baseAddress
            unsafe stream.pointee.avail_out = UInt32(output.count)
            status = unsafe deflate(stream, Z_FINISH)
            return unsafe output.count - Int(stream.pointee.avail_out)
        }
        precondition(status == Z_STREAM_END, "zlib did not finish")
        output.removeLast(output.count - length)
        return output
    }

    /// Decompresses one gzip member, as far as `limit` bytes.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        let stream = unsafe makeStream()
        defer { unsafe stream.deallocate() }
        let status = unsafe inflateInit2_(
            stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot decompress")
        defer { unsafe inflateEnd(stream) }
        var output = [UInt8](repeating: 0, count: min(limit + 1, max(4096, bytes.count * 4)))
        var read = 0
        var written = 0
        // Ends, because each turn reads, writes or doubles the output, which has a limit.
        while true {
            switch unsafe step(stream, bytes, &read, &output, &written) {
            case Z_STREAM_END:
                guard written <= limit else { throw .tooLarge(limit: limit) }
                guard read == bytes.count else { throw .damaged }
                output.removeLast(output.count - written)
                return output
            case Z_OK, Z_BUF_ERROR:
                guard written <= limit else { throw .tooLarge(limit: limit) }
                guard written == output.count else { throw .truncated }
                output += [UInt8](repeating: 0, count: min(limit + 1, output.count * 2) - output.count)
            default: throw .damaged
            }
        }
    }

    /// Inflates what fits.
    private static func step(
        _ stream: UnsafeMutablePointer<z_stream>, _ bytes: [UInt8], _ read: inout Int, _ output: inout [UInt8],
        _ written: inout Int
    ) -> Int32 {
        unsafe withBuffers(bytes, &output) { input, output in
            unsafe stream.pointee.next_in = input.baseAddress.map { unsafe $0 + read }
            unsafe stream.pointee.avail_in = UInt32(input.count - read)
            unsafe stream.pointee.next_out = output.baseAddress.map { unsafe $0 + written }
            unsafe stream.pointee.avail_out = UInt32(output.count - written)
            let status = unsafe inflate(stream, Z_NO_FLUSH)
            read = unsafe input.count - Int(stream.pointee.avail_in)
            written = unsafe output.count - Int(stream.pointee.avail_out)
            return status
        }
    }

    /// zlib's state points back at its stream, which therefore must not move.
    private static func makeStream() -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        return unsafe stream
    }

    /// zlib takes its input and its output by pointer and length; both are valid for as long as `body` runs.
    private static func withBuffers<Result>(
        _ input: [UInt8], _ output: inout [UInt8],
        _ body: (UnsafeMutableBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Result
    ) -> Result {
        precondition(max(input.count, output.count) <= Int(UInt32.max), "more than zlib takes at once")
        return unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                // zlib declares its input without `const`, and does not write to it.
                unsafe body(UnsafeMutableBufferPointer(mutating: input), output)
            }
        }
    }

    /// The largest window, and 16 for a gzip header in place of zlib's own.
    private static let gzipWindowBits: Int32 = 15 + 16
}
