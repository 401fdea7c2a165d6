package dev.mme5.weights.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    // FIPS 180-2, appendix B
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    @Test
    void hashesArrays() {
        assertThat(Sha256.hex(new byte[0])).isEqualTo(EMPTY);
        assertThat(Sha256.hex("abc".getBytes(US_ASCII))).isEqualTo(ABC);
    }

    @Test
    void piecesHashLikeTheWholeAndMoreMayFollowADigest() {
        Sha256 sha = new Sha256();
        assertThat(sha.hex()).isEqualTo(EMPTY);

        sha.update("a".getBytes(US_ASCII)).update("xbx".getBytes(US_ASCII), 1, 1).update(ByteBuffer.wrap("c".getBytes(US_ASCII)));

        assertThat(sha.hex()).isEqualTo(ABC);
        assertThat(sha.digest()).isEqualTo(HexFormat.of().parseHex(ABC));
        assertThat(sha.hex()).isEqualTo(ABC);
    }

    @Test
    void reportsProgressOfAFileMegabyteByMegabyte() throws IOException {
        byte[] bytes = new byte[(1 << 20) + 5];
        Path file = Files.write(folder.resolve("f"), bytes);
        List<Long> progress = new ArrayList<>();

        assertThat(Sha256.hex(file, progress::add)).isEqualTo(Sha256.hex(bytes));
        assertThat(progress).isSorted().endsWith((long) bytes.length).hasSizeGreaterThan(1);
    }

    @Test
    void exceptionOfTheListenerStopsReading() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[3 << 20]);
        IOException stop = new IOException("stop");
        List<Long> calls = new ArrayList<>();

        assertThatThrownBy(() -> Sha256.hex(file, bytes -> {
            calls.add(bytes);
            throw stop;
        })).isSameAs(stop);
        assertThat(calls).hasSize(1);
    }

    @Test
    void onlySixtyFourLowerCaseDigitsAreADigest() {
        assertThat(Sha256.isHex(ABC)).isTrue();
        assertThat(Sha256.isHex(ABC.substring(1))).isFalse();
        assertThat(Sha256.isHex(ABC.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(Sha256.isHex(ABC + "\n")).isFalse();
    }
}
