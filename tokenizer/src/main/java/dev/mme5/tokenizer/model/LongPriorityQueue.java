package dev.mme5.tokenizer.model;

import java.util.Arrays;

/** A binary heap of longs, smallest first. Not thread-safe. */
final class LongPriorityQueue {
    private long[] heap = new long[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == heap.length) heap = Arrays.copyOf(heap, 2 * size);
        int index = size++;
        while (index > 0) {
            int parent = (index - 1) / 2;
            if (heap[parent] <= value) break;
            heap[index] = heap[parent];
            index = parent;
        }
        heap[index] = value;
    }

    /** Removes and returns the smallest value. The queue must not be empty. */
    long remove() {
        long smallest = heap[0];
        long moved = heap[--size];
        int index = 0;
        for (int child = 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) child++;
            if (moved <= heap[child]) break;
            heap[index] = heap[child];
            index = child;
        }
        heap[index] = moved;
        return smallest;
    }
}
