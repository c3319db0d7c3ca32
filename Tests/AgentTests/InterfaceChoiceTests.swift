import Capture
import Testing

@testable import rollcall_agent

@Suite struct `The choice of interfaces` {
    let loopback = NetworkInterface(name: "lo", isLoopback: true, hasAddress: true)

    @Test func `on a gateway is what looks towards the devices, and says why`() {
        let choice = InterfaceChoice(among: [
            loopback, NetworkInterface(name: "eth0", hasAddress: true, isDefaultRoute: true),
            NetworkInterface(name: "eth1", hasAddress: true), NetworkInterface(name: "eth2", isRunning: false),
            NetworkInterface(name: "eth3", isUp: false), NetworkInterface(name: "eth4"),
            NetworkInterface(name: "docker0", hasAddress: true),
        ])
        #expect(choice.interfaces == ["eth1"])
        #expect(!choice.isPromiscuous)
        #expect(
            choice.reasons == [
                "lo is left out: it is the machine's own loopback", "eth2 is left out: nothing is connected to it",
                "eth3 is left out: it is switched off",
                "docker0 is left out: it belongs to containers or virtual machines",
                "eth0 is left out: it is the way to the internet",
                "eth1 is listened on: it has an address and is not the way out", "eth4 is left out: it has no address",
            ])
    }

    @Test func `never counts a frame twice: not at a bridge and its parts, nor at VLANs and what carries them`() {
        let choice = InterfaceChoice(among: [
            NetworkInterface(name: "br0", hasAddress: true), NetworkInterface(name: "eth1", master: "br0"),
            NetworkInterface(name: "eth2", hasAddress: true),
            NetworkInterface(name: "eth2.10", hasAddress: true, parent: "eth2"),
            NetworkInterface(name: "eth2.20", hasAddress: true, parent: "eth2"),
            NetworkInterface(name: "wan", hasAddress: true, isDefaultRoute: true),
        ])
        #expect(choice.interfaces == ["br0", "eth2.10", "eth2.20"])
        #expect(choice.reasons.contains("eth1 is left out: its frames are seen at br0"))
        #expect(choice.reasons.contains("eth2 is left out: its frames are seen at the interfaces of its VLANs"))
    }

    @Test func `beside a gateway is where copies of frames arrive, which are for others`() {
        let choice = InterfaceChoice(among: [
            NetworkInterface(name: "eth0", hasAddress: true, isDefaultRoute: true), NetworkInterface(name: "eth1"),
        ])
        #expect(choice.interfaces == ["eth1"])
        #expect(choice.isPromiscuous)
    }

    @Test func `is the only one where there is no other, and none where there is none`() {
        let only = NetworkInterface(name: "eth0", hasAddress: true, isDefaultRoute: true)
        #expect(InterfaceChoice(among: [loopback, only]).interfaces == ["eth0"])
        #expect(InterfaceChoice(among: [loopback]).interfaces == [])
    }

    @Test func `is made among the machine's own interfaces, of which the loopback is one`() {
        let all = NetworkInterface.all()
        #expect(all.first { $0.name == "lo" }?.isLoopback == true)
        #expect(Set(all.map(\.index)).count == all.count)
    }
}
