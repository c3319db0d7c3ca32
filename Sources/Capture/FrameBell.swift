private import CLinux
private import Glibc

/// Waits for the frames of several interfaces at once, until somebody rings.
///
/// One thread for all interfaces sleeps until there is something to do: each wake-up of an idle agent costs more than
/// looking at a hundred frames.
public final class FrameBell: Sendable {
    private let descriptor: Int32

    /// Makes a bell.
    ///
    /// - Throws: ``CaptureError`` when the process may open no more files.
    public init() throws(CaptureError) {
        descriptor = linux_eventfd()
        guard descriptor >= 0 else {
            throw CaptureError(source: "eventfd", reason: unsafe String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }

    /// Ends the present ``wait(for:milliseconds:)``, or the next one, at once.
    public func ring() { _ = eventfd_write(descriptor, 1) }

    /// Waits until one of the descriptors is readable, somebody rings, or time has passed.
    public func wait(for descriptors: [Int32], milliseconds: Int32) {
        var polled = ([descriptor] + descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // An array, and its count.
        guard unsafe poll(&polled, nfds_t(polled.count), milliseconds) > 0, polled[0].revents != 0 else { return }
        var rings: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor, &rings)
    }
}
