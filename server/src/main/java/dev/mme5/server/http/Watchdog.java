package dev.mme5.server.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Interrupts the threads of requests that take too long or whose client is gone. A thread that reads from a connection or writes to one
 * loses the connection by that; one that waits for its embeddings gives up.
 */
final class Watchdog implements AutoCloseable {
    /** Why a thread was interrupted. */
    enum Reason { TOO_SLOW, CLIENT_GONE }

    private static final long TICK_MILLIS = 50;
    private static final int TICKS_PER_LOOK = 5;

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Consumer<Set<Watch>> goneClients;
    private final Thread thread;
    private volatile boolean closed;

    /** @param goneClients called a few times a second; calls {@link Watch#clientGone} */
    Watchdog(Consumer<Set<Watch>> goneClients) {
        this.goneClients = goneClients;
        this.thread = Thread.ofPlatform().daemon().name("mme5-server-watchdog").start(this::run);
    }

    /** One watched request. */
    static final class Watch {
        private final Thread thread;
        private long deadline;
        private boolean noticesClient;
        private Reason fired;
        private volatile Object connection;

        private Watch(Thread thread, long nanos) {
            this.thread = thread;
            this.deadline = System.nanoTime() + nanos;
        }

        /**
         * Begins the next phase, on the watched thread. Afterwards it is not interrupted because of the last one.
         *
         * @param nanos the phase may take; {@link Long#MAX_VALUE} for any time
         * @param whetherClient whether it ends when the client goes away
         * @return why the last phase was interrupted; null when it was not
         */
        synchronized Reason next(long nanos, boolean whetherClient) {
            Reason last = fired;
            fired = null;
            deadline = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanos;
            noticesClient = whetherClient;
            if (last != null) Thread.interrupted();
            return last;
        }

        /** Why this phase was interrupted; null when it was not. */
        synchronized Reason fired() {
            return fired;
        }

        synchronized boolean noticesClient() {
            return noticesClient && fired == null;
        }

        synchronized void clientGone() {
            if (noticesClient) fire(Reason.CLIENT_GONE);
        }

        private synchronized void tick(long now) {
            if (deadline != Long.MAX_VALUE && now - deadline > 0) fire(Reason.TOO_SLOW);
        }

        private void fire(Reason reason) {
            if (fired != null) return;
            fired = reason;
            thread.interrupt();
        }

        /** Identifies the connection, for whoever looks after clients. */
        void connection(Object value) {
            connection = value;
        }

        Object connection() {
            return connection;
        }
    }

    /** Begins to watch the calling thread. */
    Watch watch(long nanos) {
        Watch watch = new Watch(Thread.currentThread(), nanos);
        watches.add(watch);
        return watch;
    }

    void forget(Watch watch) {
        watches.remove(watch);
        watch.next(Long.MAX_VALUE, false);
    }

    /** Number of requests that are being read, computed or answered. */
    int size() {
        return watches.size();
    }

    private void run() {
        for (int tick = 0; !closed; tick++) {
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            try {
                long now = System.nanoTime();
                for (Watch watch : watches) watch.tick(now);
                if (tick % TICKS_PER_LOOK == 0) goneClients.accept(watches);
            } catch (RuntimeException | OutOfMemoryError e) {
                // The next tick looks again. Without this thread no request would have a time limit any more.
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
