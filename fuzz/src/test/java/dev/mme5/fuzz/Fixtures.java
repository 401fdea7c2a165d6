package dev.mme5.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;

/** The files that the other tests read, as seeds: fuzzing begins at what is right. */
public final class Fixtures {
    /** From the folder of this module, where its tests run. */
    private static final Path GOLDEN = Path.of("../engine/src/test/resources/golden");

    /** A larger seed makes every execution slow. */
    private static final int LARGEST_SEED = 8 << 10;

    private Fixtures() {}

    /** A model folder of the fixtures. */
    public static Path model(String name) {
        return GOLDEN.resolve("models").resolve(name);
    }

    /** All small images. */
    public static Stream<byte[]> images() {
        return Stream.of(GOLDEN.resolve("images"), GOLDEN.resolveSibling("golden-more/images"))
                .flatMap(folder -> list(folder).stream())
                .map(Fixtures::bytes)
                .filter(bytes -> bytes.length <= LARGEST_SEED);
    }

    /** The packed images of rare kinds and formats, with verdicts.txt among them. */
    public static Stream<byte[]> imageCases() {
        List<byte[]> files = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(GOLDEN.resolveSibling("image-cases/cases.zip")))) {
            while (zip.getNextEntry() != null) files.add(zip.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream();
    }

    /** The small WebP files of the engine's tests, good and damaged ones. */
    public static Stream<byte[]> webps() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(GOLDEN.resolveSibling("webp/cases.txt.gz"))), StandardCharsets.US_ASCII))) {
            return in.lines().map(line -> Base64.getDecoder().decode(line.split("\t")[2])).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One small file of every model folder that has it. */
    public static Stream<byte[]> ofEveryModel(String file) {
        return list(GOLDEN.resolve("models")).stream()
                .map(folder -> folder.resolve(file))
                .filter(Files::exists)
                .map(Fixtures::bytes);
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
