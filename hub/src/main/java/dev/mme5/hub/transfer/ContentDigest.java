package dev.mme5.hub.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The digest that a file of the hub must have: SHA-256 (64 hex digits), or the SHA-1 of a git blob (40), which covers
 * {@code "blob SIZE\0"} and the bytes.
 */
public record ContentDigest(String hex) {
    private static final int BUFFER_BYTES = 256 << 10;

    public ContentDigest {
        if (!isDigest(hex)) throw new IllegalArgumentException("expected 40 or 64 hex digits, found " + hex);
    }

    /** The digest that an etag is, if it is one. */
    public static Optional<ContentDigest> of(String etag) {
        return isDigest(etag) ? Optional.of(new ContentDigest(etag)) : Optional.empty();
    }

    private static boolean isDigest(String text) {
        return text.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }

    /** A digest that has taken in what stands before the file's bytes. */
    MessageDigest start(long size) {
        try {
            if (hex.length() == 64) return MessageDigest.getInstance("SHA-256");
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            return sha1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);   // every Java has both
        }
    }

    boolean matches(MessageDigest finished) {
        return HexFormat.of().formatHex(finished.digest()).equals(hex);
    }

    /** Whether a file on the disk has this digest. */
    public boolean matches(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            MessageDigest digest = start(size);
            Follower follower = new Follower(channel, digest);
            follower.advance(size);
            return matches(digest);
        }
    }

    /** Takes a file's bytes into a digest, in order, as far as they are there. */
    static final class Follower {
        private final FileChannel channel;
        private final MessageDigest digest;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private long done;

        Follower(FileChannel channel, MessageDigest digest) {
            this.channel = channel;
            this.digest = digest;
        }

        long done() {
            return done;
        }

        /** Reads up to the offset. */
        void advance(long offset) throws IOException {
            while (done < offset) {
                buffer.clear().limit((int) Math.min(BUFFER_BYTES, offset - done));
                int count = channel.read(buffer, done);
                if (count < 0) throw new IOException("the file ends at byte " + done + ", expected " + offset);
                digest.update(buffer.flip());
                done += count;
            }
        }
    }
}
