package dev.mme5.engine.image.webp.vp8l;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.webp.vp8l.Vp8lCodeReader.Group;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * One entropy-coded image of a lossless stream (RFC 9649 section 3.6): its prefix codes, one group for each region, then pixels
 * that are literal, copied from before, or looked up in a cache of colours.
 */
final class Vp8lImageReader {
    private static final int MIN_REGION_BITS = 2;
    private static final int NEAR_DISTANCES = 120;
    private static final int CACHE_FACTOR = 0x1e35a7bd;
    private static final int UNUSED = -1;

    private static final int MAX_CACHE_BITS = 11;

    /** Pixels that the first 120 distances lead to, nearest first: column * 256 + row, both backwards. */
    private static final int[] NEAR = nearPixels();

    private final ImageBytes file;
    private final Vp8lBitReader in;
    private final int width;
    private final int height;
    private final int cacheBits;
    private final long heapBytes;
    private final int[] cache;

    private int regionBits = 31;
    private int regionsPerRow;
    private int[] regionGroups = {0};
    private Group[] groups;

    Vp8lImageReader(ImageBytes file, Vp8lBitReader in, int width, int height, long heapBytes) {
        this.file = file;
        this.in = in;
        this.width = width;
        this.height = height;
        this.heapBytes = heapBytes;
        this.cacheBits = readCacheBits();
        this.cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
    }

    /** Reads the codes of an image that has only one group of them. */
    void readSingleRegion() {
        groups = new Group[] {new Vp8lCodeReader(file, in, cache.length).readGroup()};
    }

    /** Reads the codes of the main image, which may have many groups. */
    void readRegions() {
        if (!in.flag()) {
            readSingleRegion();
            return;
        }
        regionBits = MIN_REGION_BITS + in.read(3);
        regionsPerRow = Vp8lTransform.tiles(width, regionBits);
        int rows = Vp8lTransform.tiles(height, regionBits);
        int[] image = new int[regionsPerRow * rows];
        Vp8lImageReader reader = new Vp8lImageReader(file, in, regionsPerRow, rows, heapBytes);
        reader.readSingleRegion();
        reader.decode(image, 0);
        int[] places = placesOfGroups(image);
        readGroups(places);
        regionGroups = image;
    }

    /** Turns each pixel of the region image into the place of its group among those used; returns these places by group. */
    private int[] placesOfGroups(int[] image) {
        int groupCount = 0;
        for (int i = 0; i < image.length; i++) {
            image[i] = image[i] >>> 8 & 0xffff;
            groupCount = Math.max(groupCount, image[i] + 1);
        }
        int[] places = new int[groupCount];
        Arrays.fill(places, UNUSED);
        int used = 0;
        for (int i = 0; i < image.length; i++) {
            if (places[image[i]] == UNUSED) places[image[i]] = used++;
            image[i] = places[image[i]];
        }
        groups = new Group[used];
        return places;
    }

    /** Codes of unused groups are read and checked, but not kept. */
    private void readGroups(int[] places) {
        Vp8lCodeReader codes = new Vp8lCodeReader(file, in, cache.length);
        long bytes = 0;
        long asked = Vp8lDecoder.CODE_BYTES;
        for (int place : places) {
            Group group = codes.readGroup();
            if (place == UNUSED) continue;
            groups[place] = group;
            bytes += group.bytes();
            if (bytes > asked) {
                asked = 2 * bytes;
                file.requireHeap(heapBytes + asked);
            }
        }
    }

    /** Decodes the pixels into an array, from an index on. */
    void decode(int[] argb, int from) {
        int end = from + width * height;
        int regionMask = (1 << regionBits) - 1;
        int cached = from;
        Group group = groups[0];
        int x = 0;
        int y = 0;
        for (int i = from; i < end;) {
            if ((x & regionMask) == 0) {
                group = groupAt(x, y);
                if (in.exhausted()) break;
            }
            in.fill();
            int code = group.green().read(in);
            if (code < Vp8lCodeReader.LITERALS) {
                argb[i++] = group.fixedOthers() ? group.others() | code << 8 : readLiteral(group, code);
                x++;
            } else if (code < Vp8lCodeReader.LITERALS + Vp8lCodeReader.LENGTHS) {
                int length = readPrefixed(code - Vp8lCodeReader.LITERALS);
                int distance = readDistance(group);
                if (distance > i - from || length > end - i) {
                    if (in.exhausted()) break;
                    throw file.damaged("a lossless copy of %d pixels from %d before pixel %d of %d".formatted(length, distance,
                            i - from, end - from));
                }
                copy(argb, i, distance, length);
                i += length;
                x += length;
                if (x > width) {
                    y += x / width;
                    x %= width;
                }
                if (x < width && (x & regionMask) != 0) group = groupAt(x, y);
            } else {
                for (; cached < i; cached++) cache[cacheIndex(argb[cached])] = argb[cached];
                argb[i++] = cache[code - Vp8lCodeReader.LITERALS - Vp8lCodeReader.LENGTHS];
                x++;
            }
            if (x == width) {
                x = 0;
                y++;
            }
        }
        if (in.exhausted()) throw file.damaged("its lossless stream ends in row %d of %d".formatted(y, height));
    }

    private Group groupAt(int x, int y) {
        return groups[regionGroups[(y >> regionBits) * regionsPerRow + (x >> regionBits)]];
    }

    private int readLiteral(Group group, int green) {
        int red = group.red().read(in);
        in.fill();
        int blue = group.blue().read(in);
        int alpha = group.alpha().read(in);
        return alpha << 24 | red << 16 | green << 8 | blue;
    }

    private int readDistance(Group group) {
        in.fill();
        int code = readPrefixed(group.distance().read(in));
        if (code > NEAR_DISTANCES) return code - NEAR_DISTANCES;
        int near = NEAR[code - 1];
        return Math.max(1, (near >> 8) + (near & 0xff) * width);
    }

    /** A number from 1 on: its magnitude by symbol, the rest as plain bits (RFC 9649 section 3.6.2.2). */
    private int readPrefixed(int symbol) {
        if (symbol < 4) return symbol + 1;
        int bits = symbol - 2 >> 1;
        return (2 + (symbol & 1) << bits) + in.read(bits) + 1;
    }

    /** Copies forwards, so that the source may overlap what is written. */
    private static void copy(int[] argb, int to, int distance, int length) {
        if (distance >= length) {
            System.arraycopy(argb, to - distance, argb, to, length);
        } else if (distance == 1) {
            Arrays.fill(argb, to, to + length, argb[to - 1]);
        } else {
            for (int i = to; i < to + length; i++) argb[i] = argb[i - distance];
        }
    }

    private int cacheIndex(int argb) {
        return argb * CACHE_FACTOR >>> 32 - cacheBits;
    }

    private int readCacheBits() {
        if (!in.flag()) return 0;
        int bits = in.read(4);
        if (bits < 1 || bits > MAX_CACHE_BITS) {
            throw file.damaged("a colour cache of %d bits, expected 1 to %d".formatted(bits, MAX_CACHE_BITS));
        }
        return bits;
    }

    private static int[] nearPixels() {
        record Near(int x, int y) {}
        return IntStream.range(0, 8).boxed().flatMap(y -> IntStream.rangeClosed(y == 0 ? 1 : -7, 8).mapToObj(x -> new Near(x, y)))
                .sorted(Comparator.<Near>comparingInt(p -> p.x * p.x + p.y * p.y).thenComparingInt(p -> Math.abs(p.x))
                        .thenComparingInt(p -> -p.x))
                .mapToInt(p -> p.x * 256 + p.y).toArray();
    }
}
