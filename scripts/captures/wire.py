#!/usr/bin/env python3
"""A switch in user space, for what the kernel at hand may lack: VLAN tags, segments that overtake each other, a tunnel.

Its ports are TAP devices (or TUN, with --tunnel) that exist already in network namespaces, named NAMESPACE:DEVICE.
Clients' frames go to the uplink and the uplink's to the clients, untouched. A mirror port gets a copy of each frame
with the client's VLAN tag (IEEE 802.1Q), as the monitoring session of a real switch gives it.

Usage: wire.py --uplink NS:DEV [--mirror NS:DEV] [--overtake] [--tunnel] NS:DEV[:VLAN]…
"""

import argparse
import ctypes
import fcntl
import os
import select
import struct

CLONE_NEWNET = 0x4000_0000
TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x4004_54CA, 1, 2, 0x1000
HTTPS_PORT, FULL_SEGMENT = 443, 1200


def enter(namespace_fd):
    if ctypes.CDLL(None, use_errno=True).setns(namespace_fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def attach(where, kind):
    """Attaches to a device. The namespace counts only while the device is opened."""
    namespace, device = where.split(":")
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    enter(there)
    port = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(port, TUNSETIFF, struct.pack("16sH22x", device.encode(), kind | IFF_NO_PI))
    enter(home)
    os.close(home)
    os.close(there)
    return port


def tagged(frame, vlan):
    """The frame with an 802.1Q tag behind its two addresses."""
    return frame[:12] + struct.pack(">HH", 0x8100, vlan) + frame[12:] if vlan else frame


def is_full_segment_to_https(frame):
    """Whether this is the first part of something larger, in IPv4 and TCP without IP options."""
    return (
        len(frame) >= FULL_SEGMENT
        and frame[12:14] == b"\x08\x00"
        and frame[23] == 6
        and struct.unpack(">H", frame[36:38])[0] == HTTPS_PORT
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--uplink", required=True)
    parser.add_argument("--mirror")
    parser.add_argument("--overtake", action="store_true", help="let the frame behind a full segment overtake it")
    parser.add_argument("--tunnel", action="store_true", help="ports are TUN devices, which carry bare IP packets")
    parser.add_argument("clients", nargs="+")
    arguments = parser.parse_args()

    kind = IFF_TUN if arguments.tunnel else IFF_TAP
    uplink = attach(arguments.uplink, kind)
    mirror = attach(arguments.mirror, kind) if arguments.mirror else None
    vlans = {}
    for client in arguments.clients:
        namespace, device, *vlan = client.split(":")
        vlans[attach(f"{namespace}:{device}", kind)] = int(vlan[0]) if vlan else 0
    home_of = {}  # hardware address → port, learned as a switch learns
    held = None

    print("ready", flush=True)
    while True:
        for port in select.select([uplink, *vlans], [], [])[0]:
            frame = os.read(port, 65536)
            if port == uplink:
                known = home_of.get(frame[:6])
                targets = list(vlans) if arguments.tunnel or known is None else [known]
                for target in targets:
                    os.write(target, frame)
                if mirror:
                    os.write(mirror, tagged(frame, vlans[targets[0]]))
                continue
            home_of[frame[6:12]] = port
            if mirror:
                os.write(mirror, tagged(frame, vlans[port]))
            if arguments.overtake and held is None and is_full_segment_to_https(frame):
                held = frame
                continue
            os.write(uplink, frame)
            if held:
                os.write(uplink, held)
                held = None


if __name__ == "__main__":
    main()
