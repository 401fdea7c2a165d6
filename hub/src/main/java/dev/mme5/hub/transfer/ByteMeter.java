package dev.mme5.hub.transfer;

/** Counts the bytes of files, from several threads. */
public interface ByteMeter {

    /** Bytes that are here without having come now; negative when some are to come again. */
    void present(long bytes);

    /** Bytes that came over the network. */
    void received(String file, long bytes);
}
