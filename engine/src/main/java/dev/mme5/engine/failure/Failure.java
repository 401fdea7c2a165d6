package dev.mme5.engine.failure;

import java.time.Duration;

/** A call, or the opening of a model, ends without a result, and no input is to blame. */
public abstract sealed class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Failure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The model is closed, or is closed before the call has its result. */
    public static final class Closed extends Failure {
        private static final long serialVersionUID = 1;

        public Closed() {
            super("the model is closed", null);
        }
    }

    /** The calling thread was interrupted, or the call's owner cancelled it. */
    public static final class Cancelled extends Failure {
        private static final long serialVersionUID = 1;

        /** @param message who or what did it, such as "interrupted" */
        public Cancelled(String message) {
            super(message, null);
        }
    }

    /** The call waited for its turn as long as it may, or too many calls wait already. */
    public static final class Busy extends Failure {
        private static final long serialVersionUID = 1;

        private final Duration waited;
        private final int ahead;

        /**
         * @param waited how long this call has waited
         * @param ahead how many calls wait in front of it
         */
        public Busy(Duration waited, int ahead) {
            super("busy", null);
            this.waited = waited;
            this.ahead = ahead;
        }

        public Duration waited() {
            return waited;
        }

        public int ahead() {
            return ahead;
        }
    }

    /** The JVM or the machine lacks what the model needs: memory, or the module of the kernels. */
    public static final class Unsuitable extends Failure {
        private static final long serialVersionUID = 1;

        /** @param message what is needed and what there is */
        public Unsuitable(String message) {
            super(message, null);
        }
    }
}
