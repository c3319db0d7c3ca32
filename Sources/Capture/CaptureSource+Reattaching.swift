private import CLinux
private import CPcap

extension CaptureSource {
    /// Goes on with the interface of the same name after it went away and came back, perhaps as another one.
    ///
    /// The socket is bound again: opening another would need a privilege that this process may have given up.
    ///
    /// - Returns: Whether there is such an interface, it is up, and the socket listens to it.
    public mutating func reattach() -> Bool {
        guard let interface = NetworkInterface.all().first(where: { $0.name == name }), interface.isUp else {
            return false
        }
        let descriptor = unsafe pcap_get_selectable_fd(handle)
        return descriptor >= 0 && linux_bind_packet_socket(descriptor, interface.index, isPromiscuous) == 0
    }
}
