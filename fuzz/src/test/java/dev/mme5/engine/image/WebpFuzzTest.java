package dev.mme5.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A WebP file is refused by its name, or all its pixels are there. */
class WebpFuzzTest {
    private static final int MAX_PIXELS = 1 << 14;

    /** Pixels of lossless images and planes of lossy ones, canvases, and the first prefix codes. */
    private static final long MAX_BYTES = 3_000_000 + 60L * MAX_PIXELS;

    /** Of bitstreams: several macroblocks and regions of prefix codes, and no more. */
    private static final int MAX_SIDE = 64;

    private static final int LOSSY = 0;
    private static final int LOSSLESS = 1;
    private static final int LOSSY_WITH_ALPHA = 2;
    private static final int ANIMATED = 3;

    // Loads and instruments the classes, whose cost is no input's.
    static {
        Fixtures.webps().forEach(file -> {
            try {
                new ImageDecoder(MAX_PIXELS, true).decode(file, "x");
            } catch (ImageException refused) {
                assertThat(refused.getMessage()).startsWith("x");
            }
        });
    }

    static Stream<byte[]> files() {
        return Fixtures.webps();
    }

    /** Any bytes. */
    @MethodSource("files")
    @FuzzTest
    void webp(byte[] file) {
        check(file);
    }

    static Stream<byte[]> streams() {
        byte[] lossless = {1, 7, 7, 0, 0x09, 0x40, 0x10, 0x02};
        byte[] lossy = {0, 20, 20, 30, 0, 0x34, 0x25, (byte) 0xa4, 0, 3, 0x70, 0, (byte) 0xfe, (byte) 0xfb, (byte) 0x94, 0, 0};
        byte[] alpha = {2, 9, 9, 12, 1, 1, 0x09, 0x40, 0x10, 0x34, 0x25, (byte) 0xa4, 0, 3, 0x70, 0, (byte) 0xfe};
        return Stream.of(lossless, lossy, alpha);
    }

    /**
     * Bitstreams in a container that is right, so that not every execution ends at a size: kind, width, height, bytes of the first
     * partition, flags of alpha and the number of its bytes, these, then the bits of the image.
     */
    @MethodSource("streams")
    @FuzzTest
    void webpStreams(byte[] input) {
        if (input.length < 6) return;
        int kind = input[0] & 3;
        int width = 1 + (input[1] & MAX_SIDE - 1);
        int height = 1 + (input[2] & MAX_SIDE - 1);
        int split = Math.min(6 + (input[5] & 0xff), input.length);
        byte[] alpha = Arrays.copyOfRange(input, 5, split);
        alpha[0] = input[4];
        byte[] bits = Arrays.copyOfRange(input, split, input.length);
        byte[] image =
                kind == LOSSLESS ? lossless(width, height, bits) : lossy(width, height, Math.min(input[3] & 0xff, bits.length), bits);
        byte[] chunks = kind == LOSSY_WITH_ALPHA || kind == ANIMATED && input[3] < 0 ? joined(chunk("ALPH", alpha), image) : image;
        switch (kind) {
            case LOSSY, LOSSLESS -> check(riff(image));
            case LOSSY_WITH_ALPHA -> check(riff(extended(0x10, width, height), chunks));
            default -> check(
                    riff(extended(0x12, MAX_SIDE, MAX_SIDE), chunk("ANIM", new byte[6]), chunk("ANMF", joined(new byte[16], chunks))));
        }
    }

    private static void check(byte[] file) {
        try {
            RgbImage image = Bounds.within(MAX_BYTES + 40L * file.length, () -> new ImageDecoder(MAX_PIXELS, true).decode(file, "x"));
            assertThat((long) image.width() * image.height()).isBetween(1L, (long) MAX_PIXELS);
            assertThat(image.rgb().length).isEqualTo(3 * image.width() * image.height());
        } catch (ImageException refused) {
            assertThat(refused.getMessage()).startsWith("x").doesNotContain("\n");
        }
    }

    private static byte[] lossless(int width, int height, byte[] bits) {
        ByteBuffer out = ByteBuffer.allocate(5 + bits.length).order(ByteOrder.LITTLE_ENDIAN);
        return chunk("VP8L", out.put((byte) 0x2f).putInt(width - 1 | height - 1 << 14).put(bits).array());
    }

    private static byte[] lossy(int width, int height, int firstPartition, byte[] bits) {
        ByteBuffer out = ByteBuffer.allocate(10 + bits.length).order(ByteOrder.LITTLE_ENDIAN);
        int tag = firstPartition << 5 | 1 << 4;
        out.put((byte) tag).put((byte) (tag >> 8)).put((byte) (tag >> 16)).put((byte) 0x9d).put((byte) 1).put((byte) 0x2a);
        return chunk("VP8 ", out.putShort((short) width).putShort((short) height).put(bits).array());
    }

    private static byte[] extended(int flags, int width, int height) {
        return chunk("VP8X", new byte[] {(byte) flags, 0, 0, 0, (byte) (width - 1), 0, 0, (byte) (height - 1), 0, 0});
    }

    private static byte[] riff(byte[]... chunks) {
        return chunk("RIFF", joined("WEBP".getBytes(StandardCharsets.US_ASCII), joined(chunks)));
    }

    private static byte[] chunk(String type, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length + (payload.length & 1)).order(ByteOrder.LITTLE_ENDIAN)
                .put(type.getBytes(StandardCharsets.US_ASCII)).putInt(payload.length).put(payload).array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) out.writeBytes(part);
        return out.toByteArray();
    }
}
