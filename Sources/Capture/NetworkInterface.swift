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
    public static func all() -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        // The list is the C library's, and is given back when it was read.
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        let routes = defaultRoutes()
        var interfaces: [String: NetworkInterface] = [:]
        var entry = unsafe list
        // Ends at the end of the list.
        while let current = unsafe entry {
            // An address with a label of its own has it behind the name, as `eth1:1`.
            let name = String(unsafe String(cString: current.pointee.ifa_name).prefix { $0 != ":" })
            let flags = unsafe current.pointee.ifa_flags
            var interface =
                interfaces[name]
                ?? NetworkInterface(
                    name, flags: flags, isDefaultRoute: routes.contains(name))
            if let address = unsafe current.pointee.ifa_addr, unsafe isOwnAddress(address) {
                interface.hasAddress = true
            }
            interfaces[name] = interface
            unsafe entry = current.pointee.ifa_next
        }
        return interfaces.values.sorted { $0.name < $1.name }
    }

    private init(_ name: String, flags: UInt32, isDefaultRoute: Bool) {
        func has(_ flag: Int) -> Bool { Int(flags) & flag != 0 }
        let folder = "/sys/class/net/\(name)"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let master = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/master")
        self.init(
            name: name, index: unsafe if_nametoindex(name), isUp: has(IFF_UP),
            isRunning: has(IFF_RUNNING), isLoopback: has(IFF_LOOPBACK),
            isDefaultRoute: isDefaultRoute, master: master.map { String($0.drop { $0 == "." || $0 == "/" }) },
            parent: files.first { $0.hasPrefix("lower_") }.map { String($0.dropFirst("lower_".count)) })
    }

    /// Whether an address is one of IPv4, or one of IPv6 that is not link-local (fe80::/10).
    private static func isOwnAddress(_ address: UnsafeMutablePointer<sockaddr>) -> Bool {
        switch Int32(unsafe address.pointee.sa_family) {
        case AF_INET: return true
        case AF_INET6:
            // The family says how long the structure is.
            let bytes = UnsafeRawPointer(address)
            return unsafe !(bytes[8] == 0xfe && bytes[9] & 0xc0 == 0x80)
        default: return false
        }
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

extension UnsafeRawPointer {
    /// The byte at an offset.
    fileprivate subscript(offset: Int) -> UInt8 { unsafe load(fromByteOffset: offset, as: UInt8.self) }
}
