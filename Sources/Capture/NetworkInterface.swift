private import CLinux
private import Foundation
private import Glibc

/// A network interface of this machine, as the system describes it.
public struct NetworkInterface: Sendable, Equatable {
    /// Its name, such as `eth1`.
    public var name: String
    /// Its number, which another interface of the same name has not.
    public var index: UInt32
    /// Whether it is switched on.
    public var isUp: Bool
    /// Whether it is connected to something.
    public var isRunning: Bool
    /// Whether it is the machine's loopback.
    public var isLoopback: Bool
    /// Whether this machine has an address there, other than one that every interface gives itself.
    public var hasAddress: Bool
    /// Whether the way to the internet goes out there.
    public var isDefaultRoute: Bool
    /// The bridge or bond that it is a part of.
    public var master: String?
    /// The interface whose frames with a certain VLAN tag are its own.
    public var parent: String?

    /// Describes an interface.
    public init(
        name: String, index: UInt32 = 0, isUp: Bool = true, isRunning: Bool = true, isLoopback: Bool = false,
        hasAddress: Bool = false, isDefaultRoute: Bool = false, master: String? = nil, parent: String? = nil
    ) {
        self.name = name
        self.index = index
        self.isUp = isUp
        self.isRunning = isRunning
        self.isLoopback = isLoopback
        self.hasAddress = hasAddress
        self.isDefaultRoute = isDefaultRoute
        self.master = master
        self.parent = parent
    }

    /// All interfaces, by name.
    ///
    /// They are asked for without netlink, which a hardened service may be denied.
    public static func all() -> [NetworkInterface] {
        let table = (try? String(contentsOfFile: "/proc/self/net/dev", encoding: .utf8)) ?? ""
        let names = table.split(separator: "\n").dropFirst(2).map { line in
            line.prefix { $0 != ":" }.trimmingCharacters(in: .whitespaces)
        }
        let routes = defaultRoutes()
        let withIPv6 = interfacesWithIPv6()
        return names.sorted().map { name in
            NetworkInterface(name, isDefaultRoute: routes.contains(name), hasIPv6: withIPv6.contains(name))
        }
    }

    private init(_ name: String, isDefaultRoute: Bool, hasIPv6: Bool) {
        let flags = Int(unsafe linux_interface_flags(name))
        let folder = "/sys/class/net/\(name)"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let master = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/master")
        self.init(
            name: name, index: unsafe if_nametoindex(name), isUp: flags & IFF_UP != 0,
            isRunning: flags & IFF_RUNNING != 0, isLoopback: flags & IFF_LOOPBACK != 0,
            hasAddress: unsafe hasIPv6 || linux_interface_has_ipv4(name), isDefaultRoute: isDefaultRoute,
            master: master.map { String($0.drop { $0 == "." || $0 == "/" }) },
            parent: files.first { $0.hasPrefix("lower_") }.map { String($0.dropFirst("lower_".count)) })
    }

    /// The interfaces with an IPv6 address that is not link-local (`/proc/net/if_inet6`, whose fourth field is the scope).
    private static func interfacesWithIPv6() -> Set<String> {
        let table = (try? String(contentsOfFile: "/proc/self/net/if_inet6", encoding: .utf8)) ?? ""
        let rows = table.split(separator: "\n").map { $0.split(separator: " ") }
        return Set(rows.filter { $0.count == 6 && $0[3] != "20" }.map { String($0[5]) })
    }

    /// The interfaces through which everything goes that has no other way (proc(5), `/proc/net/route`).
    private static func defaultRoutes() -> Set<String> {
        var names = Set<String>()
        let v4 = (try? String(contentsOfFile: "/proc/self/net/route", encoding: .utf8)) ?? ""
        for line in v4.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t")
            if fields.count > 7, fields[1] == "00000000", fields[7] == "00000000" { names.insert(String(fields[0])) }
        }
        let v6 = (try? String(contentsOfFile: "/proc/self/net/ipv6_route", encoding: .utf8)) ?? ""
        for line in v6.split(separator: "\n") {
            let fields = line.split(separator: " ")
            let isDefault = fields.count == 10 && fields[1] == "00" && fields[0].allSatisfy { $0 == "0" }
            if isDefault, fields[9] != "lo" { names.insert(String(fields[9])) }
        }
        return names
    }
}
