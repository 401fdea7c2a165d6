package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code mme5} in a tree of its own, with a JDK and a Maven that only print their arguments. */
@Timeout(120)
class LauncherTest extends LauncherTree {
    @Test
    void buildsOnceAndPassesArgumentsAndStatusOn() throws Exception {
        Launched first = launch("embed", "two words", "");
        Launched second = launch("embed");

        assertThat(first.status()).as(first.err()).isEqualTo(7);
        assertThat(first.out()).contains("[--module]\n[dev.mme5.cli/dev.mme5.cli.Main]\n[embed]\n[two words]\n[]\n");
        assertThat(first.err()).contains("mme5: building", "output of the build");
        assertThat(first.out()).doesNotContain("output of the build");
        assertThat(second.err()).isEqualTo("another warning\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void onlyTheCommandsJarsAreStarted() throws Exception {
        Launched launched = launch("x");

        Path modules = Path.of(launched.out().replaceFirst("(?s).*\\[--module-path]\\n\\[([^]]*)].*", "$1"));
        assertThat(modules.toFile().list((_, name) -> name.endsWith(".jar")))
                .containsExactlyInAnyOrder("picocli.jar", "mme5-cli-0.1.0.jar");
    }

    @Test
    void luceneIsAddedWhereItIsAskedFor() throws Exception {
        String flag = "[--add-modules]\n[dev.mme5.lucene]\n";

        assertThat(launch("search", "--engine", "lucene", "a cat").out()).contains(flag);
        assertThat(launch("search", "--engine=lucene", "a cat").out()).contains(flag);
        assertThat(launch("package", "--output", "x").out()).contains(flag);
        assertThat(launch("search", "a cat").out()).doesNotContain("dev.mme5.lucene");
    }

    @Test
    void theBenchmarksAreBuiltOnceBesideTheCommand() throws Exception {
        launch("x");
        Launched first = launch("bench", "--filter", "product 512");
        Launched second = launch("bench");
        launch("y");

        assertThat(first.status()).as(first.err()).isEqualTo(7);
        assertThat(first.err()).contains("mme5: building", "output of the build");
        assertThat(first.out())
                .contains("/benchmarks.jar]\n[dev.mme5.benchmarks.Main]\n[--filter]\n[product 512]\n")
                .contains("[-Dmme5.tree=" + root.toRealPath() + "]", "[--add-modules]\n[jdk.incubator.vector]")
                .doesNotContain("[bench]", "dev.mme5.cli", "output of the build");
        assertThat(second.err()).isEqualTo("another warning\n");
        assertThat(Files.readAllLines(folder.resolve("builds"))).satisfiesExactly(
                command -> assertThat(command).endsWith("-pl cli -am package").doesNotContain("-Pbenchmarks"),
                benchmarks -> assertThat(benchmarks).endsWith("-Pbenchmarks -pl benchmarks -am package"));
    }

    @Tag("thorough")
    @Test
    void aNewerSourceOfTheBenchmarksDoesNotConcernTheCommand() throws Exception {
        launch("x");
        launch("bench");
        Files.setLastModifiedTime(root.resolve("benchmarks/src/main/Some.java"), FileTime.from(Instant.now().plusSeconds(5)));
        launch("x");
        assertThat(builds()).isEqualTo(2);

        launch("bench");

        assertThat(builds()).isEqualTo(3);
    }

    @Tag("thorough")
    @Test
    void theCommandAndTheBenchmarksAreNotBuiltAtTheSameTime() throws Exception {
        Process one = start(Map.of("BUILD_SECONDS", "2"), "x");
        waitForBuild();
        Launched two = launch("bench");

        assertThat(two.status()).as(two.err()).isEqualTo(7);
        assertThat(two.err()).contains("waiting for another build");
        assertThat(one.waitFor()).isEqualTo(7);
    }

    @Test
    void theStartUpCacheIsMadeWithTheJarsAndUsedForThemAlone() throws Exception {
        Launched first = launch("x");
        Launched second = launch("x");
        Path moved = folder.resolve("moved");
        Files.move(root, moved);
        root = moved;
        Launched elsewhere = launch("x");

        assertThat(first.out()).contains("[-XX:SharedArchiveFile=" + folder.toRealPath().resolve("a tree")).doesNotContain("-Xshare:dump");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(elsewhere.err()).isEqualTo("another warning\n");   // not built again
        assertThat(elsewhere.out()).doesNotContain("SharedArchiveFile");
    }

    /** The fake Java fails, so this also shows that neither has to succeed. */
    @Test
    void oldClassesAreUpgradedBeforeTheStartUpCacheIsMade() throws Exception {
        launch("x");
        Launched again = launch("x");

        assertThat(again.status()).as(again.err()).isEqualTo(7);
        assertThat(Files.readAllLines(folder.resolve("builds.java"))).satisfiesExactly(
                upgrade -> assertThat(upgrade).contains("mme5-cli-0.1.0.jar dev.mme5.cli.packaging.ClassFileUpgrade ", "/.launcher/build-"),
                dump -> assertThat(dump).startsWith("-Xshare:dump "));
    }

    /** The script has no list of modules: one that nobody thought of counts too. */
    @Test
    void newerSourceIsBuilt() throws Exception {
        assertBuiltAgainFor("new/src/main/Some.java");
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "engine/src/main/Some.java", "search/src/main/Some.java", "search/pom.xml", "new/pom.xml"})
    void newerSourceOfAnyModuleIsBuilt(String source) throws Exception {
        assertBuiltAgainFor(source);
    }

    private void assertBuiltAgainFor(String source) throws Exception {
        makeModule("new");
        launch("x");
        launch("x");
        assertThat(builds()).isEqualTo(1);
        Files.setLastModifiedTime(root.resolve(source), FileTime.from(Instant.now().plusSeconds(5)));
        launch("x");

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void addedModuleIsBuilt() throws Exception {
        launch("x");
        makeModule("new");
        Files.setLastModifiedTime(root.resolve("new/src/main/Some.java"), FileTime.from(Instant.now().plusSeconds(5)));
        launch("x");

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aFailedBuildIsStatusTwoAndIsRepeated() throws Exception {
        Launched failed = launch(Map.of("BUILD_FAILS", "yes"), "x");
        Launched next = launch("x");

        assertThat(failed.status()).as(failed.err()).isEqualTo(2);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("mme5: the build failed (exit status 1)");
        assertThat(next.status()).as(next.err()).isEqualTo(7);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoLaunchesAtOnceBuildOnce() throws Exception {
        Process one = start(Map.of("BUILD_SECONDS", "1"), "one");
        Process two = start(Map.of("BUILD_SECONDS", "1"), "two");

        assertThat(one.waitFor()).isEqualTo(7);
        assertThat(two.waitFor()).isEqualTo(7);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void anInterruptedBuildIsRepeatedAndNeverHalfUsed() throws Exception {
        Process interrupted = start(Map.of("BUILD_SECONDS", "30"), "x");
        waitForBuild();
        interrupted.destroy();
        assertThat(interrupted.waitFor(20, TimeUnit.SECONDS)).isTrue();

        Launched next = launch("x");

        assertThat(interrupted.exitValue()).isEqualTo(143);
        assertThat(next.status()).as(next.err()).isEqualTo(7);
        assertThat(next.err()).doesNotContain("waiting");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void theLockOfALaunchThatWasKilledIsTaken() throws Exception {
        Process killed = start(Map.of("BUILD_SECONDS", "1"), "x");
        waitForBuild();
        killed.destroyForcibly().waitFor();

        Launched next = launch("x");

        assertThat(next.status()).as(next.err()).isEqualTo(7);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void worksThroughSymbolicLinksAndFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a tree/mme5"));
        Path second = Files.createSymbolicLink(bin.resolve("mme5"), link);

        assertThat(finish(start(List.of(second.toString(), "x"), Map.of())).status()).isEqualTo(7);
    }

    @Test
    void theDefaultModelIsThatOfTheTreeOrOfTheEnvironment() throws Exception {
        assertThat(launch("x").out()).contains("[-Dmme5.model=" + root.toRealPath() + "/models/mini]");
        assertThat(launch(Map.of("MME5_MODEL", "/a b"), "x").out()).contains("[-Dmme5.model=/a b]");
    }

    @Test
    void flagsForJavaArePassedOnAndCheckedFirst() throws Exception {
        Launched good = launch(Map.of("MME5_JAVA_OPTS", "-Xmx1g -Xms1g"), "x");
        Launched bad = launch(Map.of("MME5_JAVA_OPTS", "-Xbad"), "x");

        assertThat(good.out()).contains("[-Xmx1g]\n[-Xms1g]\n");
        assertThat(bad.status()).as(bad.err()).isEqualTo(2);
        assertThat(bad.err()).isEqualTo("mme5: MME5_JAVA_OPTS: Unrecognized option: -Xbad\n");
    }

    /** {@link BriefStartTest} has the conditions. */
    @Test
    void theOptimizingCompilerIsOffForAShortTextWithASmallModel() throws Exception {
        String flag = "[-XX:TieredStopAtLevel=1]\n";
        Path model = Files.createDirectories(folder.resolve("small"));
        Files.write(model.resolve("model.safetensors"), new byte[1000]);
        String small = model.toString();

        assertThat(launch("embed", "--model", small, "--prompt-name", "query", "a cat", "--quiet").out()).contains(flag);
        assertThat(launch(Map.of("MME5_MODEL", small, "MME5_JAVA_OPTS", "-Xmx64m"), "embed", "a cat").out()).contains(flag);
        assertThat(launch(Map.of("MME5_MODEL", small, "MME5_JAVA_OPTS", "-Xmx64m -Xint"), "embed", "a cat").out()).doesNotContain(flag);
        assertThat(launch("embed", "a cat", "--model").out()).contains("[a cat]\n[--model]\n").doesNotContain(flag);
    }

    @Test
    void theProbeForWrongFlagsRecordsNothing() throws Exception {
        String recording = "-XX:StartFlightRecording=filename=x.jfr -XX:FlightRecorderOptions:stackdepth=9";
        launch(Map.of("MME5_JAVA_OPTS", recording + " -javaagent:x.jar -Xss1m"), "x");
        Launched recorded = launch(Map.of("MME5_JAVA_OPTS", recording), "x");

        assertThat(Files.readAllLines(folder.resolve("builds.probes"))).containsExactly("-javaagent:x.jar -Xss1m -version");
        assertThat(recorded.out()).contains("[-XX:StartFlightRecording=filename=x.jfr]\n[-XX:FlightRecorderOptions:stackdepth=9]\n");
    }

    @Test
    void withoutAJdkTheFoldersLookedInAreTold() throws Exception {
        String script = Files.readString(root.resolve("mme5"));
        // The usual places of this machine may hold a real one.
        Files.writeString(root.resolve("mme5"), script.replace("/usr/lib/jvm ", folder.resolve("bin") + " "));
        jdk = jdk("old", "17.0.2");

        Launched launched = launch("x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(2);
        assertThat(launched.out()).isEmpty();
        assertThat(launched.err())
                .startsWith("mme5: no JDK 25 or newer was found; install one or set JAVA_HOME. Looked in:\n")
                .contains("JAVA_HOME (" + jdk + ")", "PATH", folder.resolve("bin").toString());
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws Exception {
        String script = Files.readString(root.resolve("mme5"));
        Files.writeString(root.resolve("mme5"), script.replace("/usr/lib/jvm ", folder.resolve("jvms") + " "));
        jdk("jvms/twenty-five", "25");
        jdk = jdk("old", "1.8.0_402");

        assertThat(launch("x").status()).isEqualTo(7);
    }

    @Test
    void aMissingMavenIsTold() throws Exception {
        Files.delete(bin.resolve("mvn"));

        Launched launched = launch(Map.of("PATH", bin + ":" + programsButMaven()), "x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(2);
        assertThat(launched.err()).isEqualTo("mme5: the command is not built yet and Maven is missing: install Maven 3.8 or newer\n");
    }

    @Test
    void withoutMavenTheWrapperOfTheTreeBuilds() throws Exception {
        Files.move(bin.resolve("mvn"), root.resolve("mvnw"));

        Launched launched = launch(Map.of("PATH", bin + ":" + programsButMaven()), "x");

        assertThat(launched.status()).as(launched.err()).isEqualTo(7);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theWidthOfTheTerminalIsPassedOn() throws Exception {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "needs the program script, which makes a terminal");
        launch("x"); // builds

        String inTerminal = "stty cols 43; '%s' x".formatted(root.resolve("mme5"));
        Launched wide = finish(start(List.of(script.toString(), "-qec", inTerminal, "/dev/null"), Map.of()));
        Launched none = launch("x");

        assertThat(wide.out()).contains("[-Dmme5.columns=43]", "[-Dmme5.stderr.terminal=true]");
        assertThat(none.out()).contains("[-Dmme5.columns=0]", "[-Dmme5.stderr.terminal=false]");
    }

    /** Links to what the script needs, since Maven may stand in the same folder as everything else. */
    private Path programsButMaven() throws IOException {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String name : List.of("sh", "dirname", "readlink", "sed", "mkdir", "rm", "ln", "cat", "sleep", "find", "head", "date",
                "mkfifo",
                "mv", "cp", "rmdir", "tail", "grep", "cut", "stty", "uname", "mktemp")) {
            for (String parent : List.of("/bin", "/usr/bin")) {
                Path program = Path.of(parent, name);
                if (Files.exists(program) && Files.notExists(programs.resolve(name))) {
                    Files.createSymbolicLink(programs.resolve(name), program);
                }
            }
        }
        return programs;
    }
}
