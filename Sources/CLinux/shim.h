// What Swift cannot call by itself: functions with any number of arguments, and structures of the kernel's own.
#ifndef ROLLCALL_CLINUX_H
#define ROLLCALL_CLINUX_H

#include <linux/capability.h>
#include <linux/if_packet.h>
#include <malloc.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// prctl(2) with one number.
static inline int linux_prctl(int option, unsigned long value) { return prctl(option, value, 0, 0, 0); }

// Sets this thread's permitted and effective capabilities, and empties the inheritable ones, capset(2).
static inline int linux_set_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    for (int half = 0; half < 2; half++) {
        data[half].effective = data[half].permitted = (uint32_t)(kept >> (32 * half));
        data[half].inheritable = 0;
    }
    return (int)syscall(SYS_capset, &header, data);
}

// This thread's permitted capabilities, capget(2); none where they cannot be read.
static inline uint64_t linux_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capget, &header, data) != 0) return 0;
    return (uint64_t)data[1].permitted << 32 | data[0].permitted;
}

// Binds a packet socket to an interface again, packet(7): that needs no capability, opening another socket would.
static inline int linux_bind_packet_socket(int descriptor, unsigned index, bool promiscuous) {
    struct sockaddr_ll address;
    memset(&address, 0, sizeof address);
    address.sll_family = AF_PACKET;
    address.sll_protocol = (uint16_t)(0x03 << 8);  // ETH_P_ALL, in network order
    address.sll_ifindex = (int)index;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    if (!promiscuous) return 0;
    struct packet_mreq membership;
    memset(&membership, 0, sizeof membership);
    membership.mr_ifindex = (int)index;
    membership.mr_type = PACKET_MR_PROMISC;
    return setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership);
}

// Asks the kernel about an interface, netdevice(7).
static inline bool linux_ask_interface(const char *name, unsigned long question, struct ifreq *answer) {
    memset(answer, 0, sizeof *answer);
    strncpy(answer->ifr_name, name, IFNAMSIZ - 1);
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    bool is_known = ioctl(descriptor, question, answer) == 0;
    close(descriptor);
    return is_known;
}

// Few heaps, and large pieces apart from them, where they can be given back: mallopt(3).
static inline void linux_keep_heaps_small(int heaps, int large) {
    mallopt(M_ARENA_MAX, heaps);
    mallopt(M_MMAP_THRESHOLD, large);
    mallopt(M_TRIM_THRESHOLD, large);
}

// Gives the system back what is free in the heaps: malloc_trim(3).
static inline void linux_trim_heaps(void) { malloc_trim(0); }

// The flags of an interface (IFF_…); none where there is no such interface.
static inline int linux_interface_flags(const char *name) {
    struct ifreq answer;
    return linux_ask_interface(name, SIOCGIFFLAGS, &answer) ? (unsigned short)answer.ifr_flags : 0;
}

// Whether an interface has an IPv4 address.
static inline bool linux_interface_has_ipv4(const char *name) {
    struct ifreq answer;
    return linux_ask_interface(name, SIOCGIFADDR, &answer);
}

#endif
