// Package malloc finds the free memory in heaps of glibc's allocator.
//
// What is freed is not cleared: keys lie in it until the chunk is used again. The
// walk goes from chunk to chunk and trusts nothing that it cannot check: a heap
// counts only when its chunks, each by its size, lead from its first byte to its
// last; a free chunk in a bin only when the next chunk repeats its size and its
// neighbours in the list point back to it; a cached chunk only when the lists of
// its cache have the lengths that the cache counts. What the allocator itself keeps in
// free chunks (sizes, list pointers, the key of the cache) is left out of the
// result, so that debuggers and their heap commands see the same heap.
//
// Layouts are those of 64-bit little-endian machines, from glibc's sources:
// malloc/malloc.c (malloc_chunk, malloc_state, tcache_perthread_struct, since 2.26)
// and malloc/arena.c (heap_info). Pointers in singly linked lists are plain or
// mangled (safe-linking, since 2.32). Other allocators are not read.
package malloc
