package dev.mme5.tokenizer;

import java.util.Arrays;

/** A binary heap of longs, smallest first. Not for several threads. */
final class LongPriorityQueue {
    private long[] heap = new long[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == heap.length) heap = Arrays.copyOf(heap, 2 * size);
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (heap[parent] <= value) break;
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = value;
    }

    /** Takes the smallest out. */
    long remove() {
        long smallest = heap[0];
        long moved = heap[--size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) child++;
            if (moved <= heap[child]) break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
        return smallest;
    }
}
