/* Counts allocations: preloaded into a program, it prints their number on standard error at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long allocations;
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) { ++allocations; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { ++allocations; return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { ++allocations; return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { ++allocations; return __libc_memalign(alignment, size); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
    ++allocations;
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : 12;
}

__attribute__((destructor)) static void tell(void) { fprintf(stderr, "allocations %lu\n", allocations); }
