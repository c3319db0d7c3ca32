import Capture

/// Which interfaces to listen on where the settings name none, and why: those that look towards the school's devices.
struct InterfaceChoice: Equatable {
    /// The chosen ones, by name.
    var interfaces: [String] = []
    /// Whether they have to be asked for frames that are for other machines.
    var isPromiscuous = false
    /// A sentence for each interface of the machine, for people.
    var reasons: [String] = []

    /// Chooses among the interfaces of a machine.
    ///
    /// A gateway's inner interfaces have an address and are not the way to the internet: one that looks towards both
    /// sides would count everything twice. Without such, the machine is beside the gateway and gets copies of its frames
    /// at an interface without an address; without that either, it is left with the only one there is.
    init(among all: [NetworkInterface]) {
        let parents = Set(all.filter(\.isConnected).compactMap(\.parent))
        var candidates: [NetworkInterface] = []
        for interface in all {
            if let reason = interface.reasonAgainst(parents: parents) {
                reasons.append("\(interface.name) is left out: \(reason)")
            } else {
                candidates.append(interface)
            }
        }
        let inner = candidates.filter { !$0.isDefaultRoute }
        if inner.contains(where: \.hasAddress) {
            choose({ $0.hasAddress && !$0.isDefaultRoute }, of: candidates, "it has an address and is not the way out")
        } else if !inner.isEmpty {
            isPromiscuous = true
            choose({ !$0.isDefaultRoute }, of: candidates, "it has no address, as where copies of frames arrive")
        } else {
            choose({ _ in true }, of: candidates, "it is the only one")
        }
    }

    private mutating func choose(
        _ isChosen: (NetworkInterface) -> Bool, of candidates: [NetworkInterface], _ why: String
    ) {
        for interface in candidates {
            if isChosen(interface) {
                interfaces.append(interface.name)
                reasons.append("\(interface.name) is listened on: \(why)")
            } else {
                let reason = interface.isDefaultRoute ? "it is the way to the internet" : "it has no address"
                reasons.append("\(interface.name) is left out: \(reason)")
            }
        }
    }
}

extension NetworkInterface {
    fileprivate var isConnected: Bool { isUp && isRunning && !isLoopback }

    /// Why an interface is not looked at further; nil for a candidate.
    fileprivate func reasonAgainst(parents: Set<String>) -> String? {
        if isLoopback { return "it is the machine's own loopback" }
        if !isUp { return "it is switched off" }
        if !isRunning { return "nothing is connected to it" }
        if let master { return "its frames are seen at \(master)" }
        if Self.inward.contains(where: { name.hasPrefix($0) }) { return "it belongs to containers or virtual machines" }
        if parents.contains(name) { return "its frames are seen at the interfaces of its VLANs" }
        return nil
    }

    private static let inward = ["docker", "veth", "virbr", "vnet", "br-", "lxc", "lxd", "cni", "flannel", "podman"]
}
