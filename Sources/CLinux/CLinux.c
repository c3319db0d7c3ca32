#include "CLinux.h"

#include <link.h>
#include <linux/if_packet.h>
#include <malloc.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_prctl(int option, unsigned long value) { return prctl(option, value, 0, 0, 0); }

int linux_set_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    for (int half = 0; half < 2; half++) {
        data[half].effective = data[half].permitted = (uint32_t)(kept >> (32 * half));
        data[half].inheritable = 0;
    }
    return (int)syscall(SYS_capset, &header, data);
}

uint64_t linux_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(SYS_capget, &header, data) != 0) return 0;
    return (uint64_t)data[1].permitted << 32 | data[0].permitted;
}

int linux_bind_packet_socket(int descriptor, unsigned index, bool promiscuous) {
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
static bool ask_interface(const char *name, unsigned long question, struct ifreq *answer) {
    memset(answer, 0, sizeof *answer);
    strncpy(answer->ifr_name, name, IFNAMSIZ - 1);
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    bool is_known = ioctl(descriptor, question, answer) == 0;
    close(descriptor);
    return is_known;
}

void linux_keep_heaps_small(int heaps, int large) {
    mallopt(M_ARENA_MAX, heaps);
    mallopt(M_MMAP_THRESHOLD, large);
    mallopt(M_TRIM_THRESHOLD, large);
}

void linux_trim_heaps(void) { malloc_trim(0); }

// Segments that are not writable are as the file has them, so that what is read in their place later is the same.
static int let_go_of_file(struct dl_phdr_info *file, size_t size, void *context) {
    (void)size, (void)context;
    // The program itself has no name here, and what the kernel maps into each process has one without a path.
    if (file->dlpi_name[0] != '\0' && file->dlpi_name[0] != '/') return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < file->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &file->dlpi_phdr[index];
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        uintptr_t start = (file->dlpi_addr + segment->p_vaddr) & -page;
        uintptr_t end = (file->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & -page;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void linux_let_go_of_program(void) { dl_iterate_phdr(let_go_of_file, NULL); }

int linux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int linux_interface_flags(const char *name) {
    struct ifreq answer;
    return ask_interface(name, SIOCGIFFLAGS, &answer) ? (unsigned short)answer.ifr_flags : 0;
}

bool linux_interface_has_ipv4(const char *name) {
    struct ifreq answer;
    return ask_interface(name, SIOCGIFADDR, &answer);
}
