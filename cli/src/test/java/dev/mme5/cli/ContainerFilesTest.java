package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of {@code deploy} for containers, as far as they can be checked without Docker. */
class ContainerFilesTest {
    private static final Path DEPLOY = Path.of("deploy");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )*(\\S+) ");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
    private static final Pattern KEYS = Pattern.compile("\\$\\{MME5_KEYS:-\\./(\\S+)}");

    private static List<String> found(Pattern pattern, String text, int group) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(group)).toList();
    }

    private static String read(String name) throws IOException {
        return Files.readString(DEPLOY.resolve(name));
    }

    @Test
    void sourcesOfCopiesExist() throws IOException {
        List<String> sources = found(COPY, read("Dockerfile"), 1);

        assertThat(sources).isNotEmpty().allMatch(source -> Files.exists(Path.of(source)));
    }

    @Test
    void optionsOfTheEntryPointAreThoseOfTheServer() throws IOException {
        String entryPoint = read("Dockerfile").lines().filter(line -> line.startsWith("ENTRYPOINT")).findFirst().orElseThrow();
        String help = Cli.run("serve", "--help").out();

        assertThat(found(OPTION, entryPoint, 0)).hasSize(3).allMatch(help::contains);
    }

    /** Else the layer of the sources would have the keys. */
    @Test
    void keysOfComposeAreNotCopied() throws IOException {
        String keys = found(KEYS, read("compose.yaml"), 1).getFirst();

        assertThat(read("Dockerfile.dockerignore").lines()).contains("deploy/" + keys, keys);
    }
}
