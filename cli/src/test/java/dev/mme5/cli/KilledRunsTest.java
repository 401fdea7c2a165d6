package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.command.EmbedCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Bulk runs that are killed or meet a full disk, in processes of their own. */
@Timeout(900)
class KilledRunsTest {
    /** {@code -Dmme5.kills=50} is the number that the documentation names. */
    private static final int KILLS = Integer.getInteger("mme5.kills", 4);

    private static final int MAX_MILLIS = 2500;

    /** Exit status of a process that was ended by signal 9. */
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    @Tag("thorough")
    @Test
    void aRunThatIsKilledAtAnyMomentLosesAndRepeatsNothing() throws Exception {
        Random random = new Random(17);
        writeInput(1500);
        int kills = 0;
        int runs = 0;
        int resumed = 0;
        while (kills < KILLS || resumed == 0) { // at least one kill must leave results to continue from
            EmbedCommand.Format format = EmbedCommand.Format.values()[runs++ % 3];
            byte[] expected = expected(format);
            while (true) {
                Process process = resume(format);
                if (kills < KILLS || resumed == 0) {
                    waitForMoment(process, resumed == 0 || random.nextInt(4) > 0, random);
                    process.destroyForcibly();
                }
                int status = process.waitFor();
                if (messages().contains("going on")) resumed++;
                if (status != KILLED) {
                    assertThat(status).as(messages()).isEqualTo(1);
                    break;
                }
                kills++;
            }
            assertThat(Files.readAllBytes(folder.resolve("out"))).as("%s after %d kills", format, kills).isEqualTo(expected);
            Files.delete(folder.resolve("out"));
            Files.delete(folder.resolve("out.resume"));
        }
        System.out.printf("%d kills, %d outputs equal to those of uninterrupted runs, %d runs resumed%n", kills, runs, resumed);
        assertThat(resumed).isPositive();
    }

    /** Waits for a random moment: while results are being written, or from the start of the process. */
    private void waitForMoment(Process process, boolean whileWriting, Random random) throws Exception {
        Path out = folder.resolve("out");
        if (whileWriting) {
            long before = Files.exists(out) ? Files.size(out) : 0;
            while (process.isAlive() && (!Files.exists(out) || Files.size(out) <= before)) Thread.sleep(1);
            process.waitFor(random.nextInt(MAX_MILLIS / 4), TimeUnit.MILLISECONDS);
        } else {
            process.waitFor(random.nextInt(MAX_MILLIS), TimeUnit.MILLISECONDS);
        }
    }

    /** A limit on the size of files stands for a disk of that size: the system refuses the byte after it. */
    @Tag("thorough")
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsOneLineAndTheRunGoesOnWhenThereIsRoom() throws Exception {
        writeInput(300);
        List<String> resume = CliJvm.command(List.of("embed", "--resume", "--input", "in.jsonl", "--output", "out"));
        Process full = limited(100, resume).start();
        String said = CliJvm.output(full);

        assertThat(full.waitFor()).isEqualTo(2);
        assertThat(said.lines().filter(line -> line.startsWith("mme5"))).containsExactly("mme5: " + folder.toRealPath().resolve("out")
                + " cannot be written: File too large");
        byte[] expected = expected(EmbedCommand.Format.jsonl);
        byte[] before = Files.readAllBytes(folder.resolve("out"));
        assertThat(before).hasSizeBetween(50 * 1024, 100 * 1024).isEqualTo(Arrays.copyOf(expected, before.length));

        Process process = resume(EmbedCommand.Format.jsonl);
        assertThat(process.waitFor()).as(messages()).isEqualTo(1);
        assertThat(Files.readAllBytes(folder.resolve("out"))).isEqualTo(expected);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutResumeAFullDiskLeavesTheOutputAsItWas() throws Exception {
        writeInput(300);
        Files.writeString(folder.resolve("out"), "old");
        Process full = limited(100, CliJvm.command(List.of("embed", "--input", "in.jsonl", "--output", "out"))).start();
        String said = CliJvm.output(full);

        assertThat(full.waitFor()).isEqualTo(2);
        assertThat(said).contains("out cannot be written: File too large");
        assertThat(Files.readString(folder.resolve("out"))).isEqualTo("old");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("in.jsonl", "out");
    }

    private ProcessBuilder limited(int kilobytes, List<String> command) {
        List<String> limited = new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kilobytes + " && exec \"$@\"", "bash"));
        limited.addAll(command);
        return new ProcessBuilder(limited).directory(folder.toFile()).redirectErrorStream(true);
    }

    private Process resume(EmbedCommand.Format format) throws IOException {
        return CliJvm.start(folder, "embed", "--resume", "--input", "in.jsonl", "--output", "out", "--format", format.name());
    }

    private String messages() throws IOException {
        return Files.readString(folder.resolve("messages"));
    }

    private byte[] expected(EmbedCommand.Format format) throws IOException {
        new Cli().folder(folder).start("embed", "--input", "in.jsonl", "--output", "expected", "--format", format.name());
        byte[] bytes = Files.readAllBytes(folder.resolve("expected"));
        Files.delete(folder.resolve("expected"));
        return bytes;
    }

    /** Texts of all lengths, images, lines that fail. */
    private void writeInput(int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= lines; i++) {
            text.append(switch (i % 100) {
                case 10 -> "{\"images\":[\"%s\"]}".formatted(i % 200 == 10 ? Cli.IMAGE : Cli.OTHER_IMAGE);
                case 20 -> "{\"images\":[\"none.png\"]}";
                case 30 -> "no input";
                default -> "{\"id\":\"n%d\",\"text\":\"%s\"}".formatted(i, "number " + i + " and so on".repeat(i % 7));
            }).append('\n');
        }
        Files.writeString(folder.resolve("in.jsonl"), text);
    }
}
