package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What surrounds the script may be unusual: no stderr, a colon in the path, a Maven that paints. */
@Timeout(120)
class LauncherSurroundingsTest extends LauncherTree {
    @Test
    void colourCodesOfTheBuildAreTakenOut() throws Exception {
        assertThat(launch("x").err()).contains("\nbold\n").doesNotContain("\033");
        assertThat(root.resolve(".launcher").toFile().list((_, name) -> name.startsWith("OUT"))).isEmpty();
    }

    @Test
    void runsWithoutAStderr() throws Exception {
        program(bin.resolve("closed"), "#!/bin/sh\nexec \"$@\" 2>&-\n");
        Launched built = finish(start(List.of(bin.resolve("closed").toString(), root.resolve("mme5").toString(), "embed"), Map.of()));
        Launched again = finish(start(List.of(bin.resolve("closed").toString(), root.resolve("mme5").toString(), "embed"), Map.of()));

        assertThat(built.status()).as(built.err()).isEqualTo(7);
        assertThat(again.status()).as(again.err()).isEqualTo(7);
        assertThat(again.out()).contains("[embed]");
    }

    /** Java would read the file that it opens first, its own modules. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutAStdinThereIsNothingToRead() throws Exception {
        launch("embed");
        program(bin.resolve("closed"), "#!/bin/sh\nexec \"$@\" <&-\n");

        Launched launched = finish(start(List.of(bin.resolve("closed").toString(), root.resolve("mme5").toString(), "embed"),
                Map.of("SHOW_STDIN", "yes")));

        assertThat(launched.out()).startsWith("/dev/null\n");
        assertThat(launched.err()).isEqualTo("another warning\n");
    }

    @Test
    void aColonInThePathIsNamed() throws Exception {
        Path colon = folder.resolve("a:tree");
        Files.move(root, colon);
        root = colon;

        Launched launched = launch("x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(2);
        assertThat(launched.err()).contains("a:tree", "colon").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "bench"})
    void performanceCountersAreKeptInOtherFolders(String command) throws Exception {
        assertThat(launch(command, "y").out()).contains("[y]").doesNotContain("UsePerfData");
    }

    /** HotSpot would start in the folder of its performance counters, and take relative paths from there. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "bench"})
    void aWorkingFolderThatCannotBeReadIsKept(String command) throws Exception {
        workingFolder = Files.createDirectory(folder.resolve("unreadable"));
        Files.setPosixFilePermissions(workingFolder, PosixFilePermissions.fromString("-wx--x--x"));
        assumeFalse(Files.isReadable(workingFolder), "root may read everything");

        assertThat(launch(command, "y").out()).contains("[-XX:-UsePerfData]", "[y]");
    }

    @Test
    void aTreeThatCannotBeWrittenToIsNamedWithTheReason() throws Exception {
        Path launcher = Files.writeString(root.resolve(".launcher"), "a file");

        Launched launched = launch("x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(2);
        assertThat(launched.err()).isEqualTo("mme5: the command must be built first, and " + launcher.toRealPath()
                + " cannot be written to (File exists)\n");
    }

    /** Not even root may make a file in /proc. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderOfBuildsThatCannotBeWrittenToIsNamedWithTheReason() throws Exception {
        Files.createSymbolicLink(root.resolve(".launcher"), Path.of("/proc"));

        Launched launched = launch("x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(2);
        assertThat(launched.err()).startsWith("mme5: the command must be built first, and ").contains(".launcher cannot be written to (")
                .endsWith(")\n").hasLineCount(1);
    }
}
