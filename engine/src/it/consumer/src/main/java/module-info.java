/** A user's program. */
module consumer {
    requires dev.mme5.engine;
}
