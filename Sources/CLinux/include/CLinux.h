// What Swift cannot call by itself: functions with any number of arguments, and structures of the kernel's own.
#ifndef ROLLCALL_CLINUX_H
#define ROLLCALL_CLINUX_H

#include <linux/capability.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// prctl(2) with one number.
int linux_prctl(int option, unsigned long value);

// Sets this thread's permitted and effective capabilities, and empties the inheritable ones, capset(2).
int linux_set_capabilities(uint64_t kept);

// This thread's permitted capabilities, capget(2); none where they cannot be read.
uint64_t linux_capabilities(void);

// Binds a packet socket to an interface again, packet(7): that needs no capability, opening another socket would.
int linux_bind_packet_socket(int descriptor, unsigned index, bool promiscuous);

// Few heaps, and large pieces apart from them, where they can be given back: mallopt(3).
void linux_keep_heaps_small(int heaps, int large);

// Gives the system back what is free in the heaps: malloc_trim(3).
void linux_trim_heaps(void);

// Lets go of the memory of the program's files and its libraries' to which nothing can have been written: dl_iterate_phdr(3), madvise(2).
void linux_let_go_of_program(void);

// A counter that another thread can wait for, eventfd(2); -1 with errno where there is none to be had.
int linux_eventfd(void);

// The flags of an interface (IFF_…); none where there is no such interface.
int linux_interface_flags(const char *name);

// Whether an interface has an IPv4 address.
bool linux_interface_has_ipv4(const char *name);

#endif
