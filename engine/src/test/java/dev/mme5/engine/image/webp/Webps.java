package dev.mme5.engine.image.webp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes WebP files chunk by chunk, and lossless streams bit by bit. */
public final class Webps {
    private Webps() {}

    public static byte[] riff(byte[]... chunks) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
        for (byte[] chunk : chunks) body.writeBytes(chunk);
        return chunk("RIFF", body.toByteArray());
    }

    /** A chunk, padded to an even size. */
    public static byte[] chunk(String type, byte... payload) {
        return ByteBuffer.allocate(8 + payload.length + (payload.length & 1)).order(ByteOrder.LITTLE_ENDIAN)
                .put(type.getBytes(StandardCharsets.US_ASCII)).putInt(payload.length).put(payload).array();
    }

    static byte[] extended(int flags, int width, int height) {
        return chunk("VP8X", (byte) flags, (byte) 0, (byte) 0, (byte) 0, low(width - 1, 0), low(width - 1, 8), low(width - 1, 16),
                low(height - 1, 0), low(height - 1, 8), low(height - 1, 16));
    }

    static byte[] exif(int orientation) {
        return chunk("EXIF", (byte) 'I', (byte) 'I', (byte) 42, (byte) 0, (byte) 8, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0,
                (byte) 0x12, (byte) 1, (byte) 3, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) orientation, (byte) 0, (byte) 0,
                (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
    }

    private static byte low(int value, int shift) {
        return (byte) (value >> shift);
    }

    /** Bits, lowest first. */
    public static final class Bits {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int current;
        private int count;

        /** An image's header. */
        static Bits image(int width, int height) {
            return new Bits().put(0x2f, 8).put(width - 1, 14).put(height - 1, 14).put(0, 1).put(0, 3);
        }

        Bits put(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                current |= (value >> i & 1) << count;
                if (++count == 8) flush();
            }
            return this;
        }

        /** A prefix code of one symbol, which takes no bits. */
        Bits single(int symbol) {
            return put(1, 1).put(0, 1).put(1, 1).put(symbol, 8);
        }

        /** A prefix code by lengths of up to 4 bits each: their own code is complete, 16 symbols of 4 bits. */
        Bits lengths(int... lengths) {
            put(0, 1).put(19 - 4, 4);
            for (int symbol : new int[] {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}) put(symbol < 16 ? 4 : 0, 3);
            put(1, 1).put(3, 3).put(lengths.length - 2, 8);
            for (int length : lengths) put(Integer.reverse(length) >>> 28, 4);
            return this;
        }

        private void flush() {
            out.write(current);
            current = 0;
            count = 0;
        }

        public byte[] bytes() {
            if (count > 0) flush();
            return out.toByteArray();
        }

        byte[] file() {
            return riff(chunk("VP8L", bytes()));
        }
    }
}
